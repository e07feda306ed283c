import { list, record } from "../../model/schema/compositeFields.js";
import {
  enumOf,
  type Field,
  integer,
  number,
  optional,
  type RecordFields,
  required,
} from "../../model/schema/fields.js";
import {
  booleanField,
  count,
  max,
  moment,
  named,
  nullable,
  nullableString,
  nullableTime,
  text,
} from "../../model/schema/rowSchemaParts.js";
import type {
  LinkCondition,
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
const due = record<ScheduledTransition>({
  ...named,
  of: { dueAt: required(count), seq: required(count), cause: required(count) },
});
const semiSynchrony = record<SemiSyncState>({
  ...named,
  of: {
    status: required(enumOf({ ...named, of: ["on", "degraded"] })),
    acknowledged: required(moment),
    waitsFrom: nullableTime,
    due: required(nullable(due)),
  },
});
/** What has been written to an instance. */
export const writes = record<ReplicationLog>({
  ...named,
  of: {
    workload: required(record<Workload>({ ...named, of: workloadFields })),
    pieces: required(
      list({
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
      }),
    ),
    interruptedAt: nullableTime,
    stalledSince: nullableTime,
    resumedAt: required(moment),
    lostTransactions: required(count),
    replacedId: nullableString,
    semiSynchrony: required(nullable(semiSynchrony)),
  },
});

const line = required(oneOfConditions());
const failure = record<ReplicationFailure>({
  ...named,
  of: { code: required(count), message: required(text) },
});
/** Progress of a replica. */
export const link = record<ReplicationLink>({
  ...named,
  of: {
    sourceId: required(text),
    condition: line,
    failure: required(nullable(failure)),
    lagMs: required(count),
    applyMs: required(count),
    at: required(moment),
    received: required(moment),
    applied: required(moment),
    receives: required(booleanField),
    applies: required(booleanField),
  },
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
  return {
    ...(other as Field<LinkCondition>),
    read: (value, path, reading) =>
      (value as LinkCondition | null)?.condition === "slow"
        ? slow.read(value, path, reading)
        : (other as Field<LinkCondition>).read(value, path, reading),
  };
}
