import { list, oneOf, record } from "../../model/schema/compositeFields.js";
import {
  enumOf,
  type Field,
  integer,
  number,
  optional,
  type RecordFields,
  required,
} from "../../model/schema/fields.js";
import { column, declareRow } from "../../model/schema/rowDeclaration.js";
import {
  booleanField,
  count,
  max,
  moment,
  named,
  nullable,
  text,
} from "../../model/schema/rowSchemaParts.js";
import { momentOrNull, textOrNull } from "../shared/rowColumns.js";
import type {
  LinkCondition,
  LogPosition,
  LogSegment,
  ReplicationFailure,
  ReplicationLink,
  ReplicationLog,
  ScheduledTransition,
  SemiSyncState,
  Workload,
} from "./dataPlane.model.js";

const workloadFields: RecordFields<Workload> = {
  transactionsPerSecond: required(integer({ ...named, min: 0, max: 100_000 })),
  // 0 if no client writes.
  bytesPerTransaction: required(integer({ ...named, min: 0, max: 1_000_000 })),
};

const pieces = list({
  ...named,
  of: record<LogSegment>({
    ...named,
    of: {
      ...workloadFields,
      at: required(moment),
      transactions: required(count),
      bytes: required(count),
    },
  }),
  countMin: 1,
  countMax: max,
});

/** A position in a log. */
export const positionField = record<LogPosition>({
  ...named,
  of: { transactions: required(count), bytes: required(count) },
});

const due = record<ScheduledTransition>({
  ...named,
  of: { dueAt: required(count), seq: required(count), cause: required(count) },
});

const semiSynchrony = declareRow<SemiSyncState>({
  status: column(enumOf<SemiSyncState["status"]>({ ...named, of: ["on", "degraded"] }), "value"),
  acknowledged: column(moment, "no"),
  waitsFrom: column(momentOrNull, "null"),
  due: column(nullable(due), "null"),
});

/**
 * The log of an instance. Positions are functions of time. What matters is whether clients can write and whether commits
 * wait.
 */
export const logRow = declareRow<ReplicationLog>({
  workload: column(record<Workload>({ ...named, of: workloadFields }), "value"),
  pieces: column(pieces, "no"),
  interruptedAt: column(momentOrNull, "null"),
  stalledSince: column(momentOrNull, "null"),
  resumedAt: column(moment, "no"),
  lostTransactions: column(count, "no"),
  replacedId: column(textOrNull, "no"),
  origin: column(
    nullable(
      record<NonNullable<ReplicationLog["origin"]>>({
        ...named,
        of: { instanceId: required(text), transactions: required(count) },
      }),
    ),
    "no",
  ),
  abandonedTransactions: column(count, "no"),
  semiSynchrony: column(nullable(semiSynchrony.field), semiSynchrony.relevance),
});

const failure = record<ReplicationFailure>({
  ...named,
  of: { code: required(count), message: required(text) },
});

/** The link of a replica. */
export const linkRow = declareRow<ReplicationLink>({
  sourceId: column(text, "reference"),
  condition: column(oneOfConditions(), "value"),
  failure: column(nullable(failure), "value"),
  lagMs: column(count, "no"),
  applyMs: column(count, "no"),
  at: column(moment, "no"),
  received: column(moment, "no"),
  applied: column(moment, "no"),
  receives: column(booleanField, "value"),
  applies: column(booleanField, "value"),
});

/** The condition of a link; `condition` selects its form. */
function oneOfConditions(): Field<LinkCondition> {
  const slow = record<{ condition: "slow"; factor?: number; extraLagMs?: number }>({
    ...named,
    of: {
      condition: required(enumOf({ ...named, of: ["slow"] })),
      factor: optional(number({ ...named, min: 1, max: 1000 })),
      extraLagMs: optional(count),
    },
  });
  const other = record<{ condition: "normal" | "cut" }>({
    ...named,
    of: { condition: required(enumOf({ ...named, of: ["normal", "cut"] })) },
  });
  return oneOf<LinkCondition>({
    ...named,
    description: "an object with condition",
    of: [slow as Field<LinkCondition>, other as Field<LinkCondition>],
    form: (value) =>
      ((value as LinkCondition | null)?.condition === "slow"
        ? slow
        : other) as Field<LinkCondition>,
  });
}
