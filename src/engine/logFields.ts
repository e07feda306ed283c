import { list, record } from "../domain/compositeFields.js";
import type {
  DueChange,
  LinkLine,
  LogPiece,
  ReplicationFailure,
  ReplicationLink,
  SemiSynchrony,
  Workload,
  WriteLog,
} from "../domain/dataPlane.js";
import {
  choice,
  type Field,
  number,
  optional,
  type RecordFields,
  required,
  whole,
} from "../domain/fields.js";
import {
  count,
  max,
  moment,
  named,
  nullable,
  perhapsMoment,
  perhapsText,
  text,
  yesOrNo,
} from "./rowParts.js";

const workloadFields: RecordFields<Workload> = {
  transactionsPerSecond: required(whole({ ...named, min: 0, max: 100_000 })),
  // 0 where nobody writes.
  bytesPerTransaction: required(whole({ ...named, min: 0, max: 1_000_000 })),
};
const due = record<DueChange>({
  ...named,
  of: { dueAt: required(count), seq: required(count), cause: required(count) },
});
const semiSynchrony = record<SemiSynchrony>({
  ...named,
  of: {
    status: required(choice({ ...named, of: ["on", "degraded"] })),
    acknowledged: required(moment),
    waitsFrom: perhapsMoment,
    due: required(nullable(due)),
  },
});
/** What an instance that takes writes has written. */
export const writes = record<WriteLog>({
  ...named,
  of: {
    workload: required(record<Workload>({ ...named, of: workloadFields })),
    pieces: required(
      list({
        ...named,
        of: record<LogPiece>({
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
    interruptedAt: perhapsMoment,
    resumedAt: required(moment),
    lostTransactions: required(count),
    replacedId: perhapsText,
    semiSynchrony: required(nullable(semiSynchrony)),
  },
});

const line = required(oneOfConditions());
const failure = record<ReplicationFailure>({
  ...named,
  of: { code: required(count), message: required(text) },
});
/** How far a replica is. */
export const link = record<ReplicationLink>({
  ...named,
  of: {
    sourceId: required(text),
    line,
    failure: required(nullable(failure)),
    lagMs: required(count),
    applyMs: required(count),
    at: required(moment),
    received: required(moment),
    applied: required(moment),
    receives: required(yesOrNo),
    applies: required(yesOrNo),
  },
});

/** The line of a link: `condition` tells which of its forms. */
function oneOfConditions(): Field<LinkLine> {
  const slow = record<{ condition: "slow"; factor?: number; extraLagMs?: number }>({
    ...named,
    of: {
      condition: required(choice({ ...named, of: ["slow"] })),
      factor: optional(number({ ...named, min: 1, max: 1000 })),
      extraLagMs: optional(count),
    },
  });
  const other = record<{ condition: "normal" | "cut" }>({
    ...named,
    of: { condition: required(choice({ ...named, of: ["normal", "cut"] })) },
  });
  return {
    ...(other as Field<LinkLine>),
    read: (value, path, reading) =>
      (value as LinkLine | null)?.condition === "slow"
        ? slow.read(value, path, reading)
        : (other as Field<LinkLine>).read(value, path, reading),
  };
}
