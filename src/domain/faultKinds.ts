import { type Distribution, distribution, durationField } from "./distributions.js";
import { failTaskFields, randomTarget, scope, taskField } from "./faultParts.js";
import {
  type Fault,
  type FaultKind,
  type FaultOf,
  type Faults,
  type RandomFaultKind,
  type RandomTarget,
  type ReplicationThread,
  randomFaultKinds,
} from "./faults.js";
import {
  enumOf,
  integer,
  number,
  optional,
  type RecordFields,
  required,
  string,
} from "./fields.js";
import { idField } from "./sharedFields.js";
import type { InstanceSignal } from "./statuses.js";

/*
 * Every kind of fault: its fields, what it acts on, and its words. `Faults` declares its type, and `engine/faults.ts` its
 * effect; nothing else lists kinds.
 */

/** What of an instance a fault can stand on: its service, its replication, its link. One fault at a time on each. */
export type FaultablePart = "service" | "replication" | "link";

/** All that is the same for every fault of a kind. */
export interface FaultKindInfo<K extends FaultKind> {
  /** The fields of its input beside `kind`. */
  readonly fields: RecordFields<Faults[K]>;
  /** The field that names the instance, group or backup that it is about; null where there is none. */
  readonly target: "instanceId" | "replicaId" | "of" | "target" | null;
  /** What of an instance it stands on; null for what stands on none. */
  readonly part: FaultablePart | null;
  /** The part of an instance that it repairs; null for what repairs nothing. */
  readonly repairs: FaultablePart | null;
  /** What its target's lifecycle receives, and what messages call it; null where the lifecycle receives nothing. */
  readonly sends: { readonly signal: InstanceSignal; readonly doing: string } | null;
  /** True for what is looked up at every task or request while it is active. */
  readonly isWatched: boolean;
  /** Names that fields had before. */
  readonly renamed?: Readonly<Record<string, string>>;
  /** Its effect in a few words, without its duration. */
  readonly words: (fault: FaultOf<K>, wording: FaultWording) => string;
}

/** How the parts of a fault are worded that are no plain values. */
export interface FaultWording {
  readonly duration: (drawn: Distribution) => string;
  readonly target: (target: RandomTarget, one: "each" | "one of") => string;
}

type Given<K extends FaultKind> = Pick<FaultKindInfo<K>, "fields" | "words"> &
  Partial<FaultKindInfo<K>>;

function kind<K extends FaultKind>(given: Given<K>): FaultKindInfo<K> {
  return { target: null, part: null, repairs: null, sends: null, isWatched: false, ...given };
}

const durationMs = optional(durationField);
const onInstance = { instanceId: required(idField) };
const onReplica = { replicaId: required(idField) };
const shape = { rule: "fault-shape", source: "§11 [docs]" };
const countMax = 1_000_000;
const randomKind = enumOf<RandomFaultKind>({
  rule: "fault-shape",
  source: "§11 [inferred]",
  of: randomFaultKinds,
});

/** What is the same for every fault of a kind, by kind. */
export const faultKinds: { readonly [K in FaultKind]: FaultKindInfo<K> } = {
  crash: kind<"crash">({
    fields: { ...onInstance, durationMs },
    target: "instanceId",
    part: "service",
    sends: { signal: "service.crashed", doing: "crash" },
    words: () => "its service crashes",
  }),
  hang: kind<"hang">({
    fields: { ...onInstance, durationMs },
    target: "instanceId",
    part: "service",
    sends: { signal: "service.hung", doing: "hang" },
    words: () => "its service hangs",
  }),
  loseHost: kind<"loseHost">({
    fields: onInstance,
    target: "instanceId",
    part: "service",
    sends: { signal: "host.lost", doing: "lose the host of" },
    words: () => "its host is lost, with its data",
  }),
  recover: kind<"recover">({
    fields: onInstance,
    target: "instanceId",
    repairs: "service",
    sends: { signal: "service.recovered", doing: "recover" },
    words: () => "its service is back",
  }),
  breakReplication: kind<"breakReplication">({
    fields: {
      ...onReplica,
      thread: optional(
        enumOf<ReplicationThread>({
          rule: "replication-thread",
          source: "T19 [inferred]",
          of: ["receiving", "applying"],
        }),
      ),
      durationMs,
    },
    target: "replicaId",
    part: "replication",
    sends: { signal: "replication.broken", doing: "break the replication of" },
    words: ({ thread = "applying" }) => `its replication stops ${thread}`,
  }),
  repairReplication: kind<"repairReplication">({
    fields: onReplica,
    target: "replicaId",
    repairs: "replication",
    sends: { signal: "replication.repaired", doing: "repair the replication of" },
    words: () => "its replication is repaired",
  }),
  cutLink: kind<"cutLink">({
    fields: { ...onReplica, durationMs },
    target: "replicaId",
    part: "link",
    words: () => "the link from its source is cut",
  }),
  slowLink: kind<"slowLink">({
    fields: {
      ...onReplica,
      lagMs: optional(durationField),
      factor: optional(number({ rule: "slow-factor", source: "§11", min: 1, max: 1000 })),
      durationMs,
    },
    target: "replicaId",
    part: "link",
    words: () => "the link from its source is slow",
  }),
  restoreLink: kind<"restoreLink">({
    fields: onReplica,
    target: "replicaId",
    repairs: "link",
    words: () => "the link from its source is whole again",
  }),
  failTask: kind<"failTask">({
    fields: { ...failTaskFields, durationMs },
    target: "of",
    isWatched: true,
    words: ({ task, skip = 0, times = 1 }) => {
      const which = skip === 0 ? "the next" : `after ${String(skip)} more, the next`;
      return `${which} ${times === 1 ? "" : `${String(times)} `}${task} will fail`;
    },
  }),
  slowTasks: kind<"slowTasks">({
    fields: {
      factor: required(number({ rule: "slow-factor", source: "§11", min: 0, max: 1000 })),
      task: optional(taskField),
      scope,
      durationMs,
    },
    isWatched: true,
    words: ({ task, factor }) => `${task ?? "all work"} takes ${String(factor)} times as long`,
  }),
  loseAnswers: kind<"loseAnswers">({
    fields: {
      times: optional(integer({ rule: "fault-count", source: "§11", min: 1, max: countMax })),
      durationMs,
    },
    isWatched: true,
    words: ({ times = 1 }) => `the next ${String(times)} requests are carried out and not answered`,
  }),
  outage: kind<"outage">({
    fields: {
      respondWith: optional(
        enumOf<"instanceFault" | "serviceUnavailable">({
          ...shape,
          of: ["instanceFault", "serviceUnavailable"],
        }),
      ),
      message: optional(string({ rule: "fault-message", source: "§11" })),
      durationMs,
    },
    isWatched: true,
    words: ({ respondWith = "serviceUnavailable" }) => `the service answers ${respondWith}`,
  }),
  random: kind<"random">({
    fields: {
      fault: required(randomKind),
      target: required(randomTarget),
      timeToFailure: required(distribution),
      timeToRepair: required(distribution),
      durationMs,
    },
    target: "target",
    renamed: { of: "target", every: "timeToFailure", repairedAfter: "timeToRepair" },
    words: ({ fault, target, timeToFailure }, { duration, target: targetWords }) =>
      `${fault} of ${targetWords(target, "each")} at random, every ${duration(timeToFailure)}`,
  }),
  randomAmong: kind<"randomAmong">({
    fields: {
      fault: required(randomKind),
      target: required(randomTarget),
      timeBetweenFailures: required(distribution),
      timeToRepair: required(distribution),
      durationMs,
    },
    target: "target",
    renamed: { of: "target", every: "timeBetweenFailures", repairedAfter: "timeToRepair" },
    words: ({ fault, target, timeBetweenFailures }, { duration, target: targetWords }) =>
      `${fault} of ${targetWords(target, "one of")} at random, every ${duration(timeBetweenFailures)}`,
  }),
};

/** All that is the same for the faults of this one's kind. */
export function infoOf({ kind }: Fault): FaultKindInfo<FaultKind> {
  // A description of one kind is used for its own faults only; TypeScript cannot join them.
  return faultKinds[kind] as unknown as FaultKindInfo<FaultKind>;
}

/** A fault of a kind that random processes inject, on one instance. */
export function randomFaultOn(
  kind: RandomFaultKind,
  { id, durationMs }: { readonly id: string; readonly durationMs: number },
): Fault {
  // Whether a kind is of an instance or of a replica stands in the table; TypeScript cannot follow.
  return { kind, [faultKinds[kind].target ?? "instanceId"]: id, durationMs } as unknown as Fault;
}
