import type { RuleContext } from "../../kernel/ruleContext.js";
import { datastoreOf } from "../../model/catalog.js";
import type { Command } from "../../model/commandTypes.js";
import { type Rule, rule } from "../shared/rule.js";

/** A datastore by type and version, defaults filled in. */
export interface Versioned {
  readonly type: string;
  readonly version: string;
}

/** The datastore that something is made from is in the catalog (§1.4). */
export function datastoreOnOffer<C extends Command>(
  datastoreFor: (command: C, context: RuleContext) => Versioned,
): Rule<C> {
  return rule<C>({
    id: "datastore-exists",
    source: "§1.4 [docs]",
    code: "badRequest",
    field: "datastore",
    description: "The datastore type and version exist.",
    violation: (command, context) => {
      const { catalog } = context;
      const { type, version } = datastoreFor(command, context);
      return datastoreOf(catalog, { type, version }) === undefined
        ? {
            message: `datastore ${`${type} ${version}`.trimEnd()} not found`,
            value: `${type} ${version}`.trimEnd(),
            allowed: catalog.datastores.map((known) => `${known.type} ${known.version}`),
          }
        : undefined;
    },
  });
}
