import type { InputIssue } from "../model/errors.js";
import type { Limits } from "../model/limits.js";
import { record } from "../model/schema/compositeFields.js";
import {
  enumOf,
  type Field,
  type ParseContext,
  type RecordFields,
  required,
} from "../model/schema/fields.js";
import { isRecord } from "../model/schema/plainData.js";
import { named, text } from "../model/schema/rowSchemaParts.js";
import { backupFacts } from "./backups/backupFacts.js";
import { configurationFacts } from "./configurations/configurationFacts.js";
import { databaseFacts } from "./databases/databaseFacts.js";
import { failoverFacts } from "./failover/failoverFacts.js";
import { faultFacts } from "./faults/faultFacts.js";
import { haGroupFacts } from "./haGroups/haGroupFacts.js";
import { instanceFacts } from "./instances/instanceFacts.js";
import { placementFacts } from "./placement/placementFacts.js";
import { dataFacts } from "./replication/dataFacts.js";
import { replicationFacts } from "./replication/replicationFacts.js";
import { scheduleFacts } from "./schedules/scheduleFacts.js";
import { type FactDescriptors, type FactType, ofRow } from "./shared/factDescriptor.js";
import { workRow } from "./shared/rowColumns.js";

/** The descriptor of each kind of fact. A kind that is missing here does not compile. */
export const factDescriptors: FactDescriptors<FactType> = {
  AccountOpened: { of: { accountId: required(text) } },
  ...instanceFacts,
  ...databaseFacts,
  ...placementFacts,
  WorkRedrawn: {
    of: {
      ...ofRow,
      owner: required(
        enumOf<"instance" | "group" | "backup">({ ...named, of: ["instance", "group", "backup"] }),
      ),
      work: required(workRow.field),
    },
  },
  ...replicationFacts,
  ...haGroupFacts,
  ...failoverFacts,
  ...scheduleFacts,
  ...backupFacts,
  ...configurationFacts,
  ...faultFacts,
  ...dataFacts,
};

/**
 * Parses facts of a journal from plain data. Returns the first problem: the field, its value and what is allowed; or
 * undefined.
 */
export function firstProblemOfFacts(
  facts: readonly unknown[],
  limits: Limits,
): InputIssue | undefined {
  const reading: ParseContext = { limits, issues: [] };
  facts.forEach((fact, at) => fieldOf(fact).read(fact, `facts[${String(at)}]`, reading));
  return reading.issues[0];
}

function fieldOf(fact: unknown): Field<unknown> {
  const type = isRecord(fact) ? fact["type"] : undefined;
  const types = Object.keys(factDescriptors) as FactType[];
  const known = types.find((one) => one === type);
  const fields = known === undefined ? {} : factDescriptors[known].of;
  const of = {
    type: required(enumOf({ ...named, of: known === undefined ? types : [known] })),
    ...fields,
  };
  return record<object>({ ...named, of: of as RecordFields<object> });
}
