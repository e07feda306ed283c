import fc from "fast-check";
import type { FactOf, JournalEntry, ReplicationSimulator } from "replication-simulator";
import {
  type DraftCommand,
  type StepDraft,
  type StepDrafts,
} from "../../src/testing/fast-check/stepDrafts.js";
import { type SerializableOptions } from "../drafts/draftsAsTest.js";
import { runDrafts } from "../drafts/runDrafts.js";

/*
 * Drafts in which sources are lost that users write to, and a witness who looks at every member before anything
 * happens, so that it knows by itself what was acknowledged and who had it.
 */

const size = { flavorId: "2", volumeGb: 10 } as const;
const group = { the: "group", nth: 1 } as const;
const source = { the: "source", nth: 1 } as const;

const operator = fc.oneof(
  { weight: 2, arbitrary: fc.constant(source) },
  {
    weight: 3,
    arbitrary: fc.integer({ min: 1, max: 3 }).map((nth) => ({ the: "instance", nth }) as const),
  },
);
const replica = fc.integer({ min: 1, max: 2 }).map((nth) => ({ the: "replica", nth }) as const);

const fault: fc.Arbitrary<DraftCommand> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc
      .tuple(
        fc.constantFrom(
          ...(["crash", "crash", "hang", "recover", "recover"] as const),
          ...(["partition", "healPartition"] as const),
        ),
        operator,
      )
      .map(([kind, instanceId]) => ({ type: "injectFault", fault: { kind, instanceId } }) as const),
  },
  {
    weight: 2,
    arbitrary: fc
      .tuple(
        fc.constantFrom("crash", "hang", "partition"),
        operator,
        fc.constantFrom(5_000, 15_000, 60_000),
      )
      .map(
        ([kind, instanceId, durationMs]) =>
          ({ type: "injectFault", fault: { kind, instanceId, durationMs } }) as const,
      ),
  },
  {
    weight: 6,
    arbitrary: fc
      .tuple(
        fc.constantFrom(
          ...(["cutLink", "cutLink", "restoreLink", "restoreLink"] as const),
          ...(["breakReplication", "repairReplication"] as const),
        ),
        replica,
      )
      .map(([kind, replicaId]) => ({ type: "injectFault", fault: { kind, replicaId } }) as const),
  },
  {
    weight: 2,
    arbitrary: fc
      .tuple(replica, fc.constantFrom({ factor: 3 }, { lagMs: 4_000 }, { factor: 2, lagMs: 9_000 }))
      .map(
        ([replicaId, how]) =>
          ({ type: "injectFault", fault: { kind: "slowLink", replicaId, ...how } }) as const,
      ),
  },
  {
    weight: 1,
    arbitrary: fc.constantFrom("crash", "hang", "partition").map(
      (fault) =>
        ({
          type: "injectFault",
          fault: {
            ...({ kind: "random", fault, target: "all", durationMs: 3_600_000 } as const),
            timeToFailure: { kind: "exponential", meanMs: 300_000 },
            timeToRepair: { kind: "exponential", meanMs: 30_000 },
          },
        }) as const,
    ),
  },
);

const operation: fc.Arbitrary<DraftCommand> = fc.oneof(
  fc.constantFrom<DraftCommand>(
    { type: "forceFailover", groupId: group },
    { type: "repairGroup", groupId: group },
    { type: "addReplica", groupId: group, ...size },
    { type: "createReplica", ...size, replicaOf: source },
    { type: "failTask", task: "resizeFlavor" },
    { type: "resizeFlavor", instanceId: source, flavorId: "3" },
    { type: "resizeGroupFlavor", groupId: group, flavorId: "3" },
  ),
  fc
    .constantFrom(0, 100, 1_000, 1_000)
    .map(
      (transactionsPerSecond) =>
        ({ type: "setWorkload", instanceId: source, transactionsPerSecond }) as const,
    ),
  replica.map((instanceId) => ({ type: "detachReplica", instanceId }) as const),
);

const moments = [1, 300, 900, 1_000, 3_000, 9_000, 11_000, 20_000, 60_000, 600_000];
const step: fc.Arbitrary<StepDraft> = fc.oneof(
  { weight: 5, arbitrary: fault.map((execute) => ({ execute })) },
  { weight: 2, arbitrary: operation.map((execute) => ({ execute })) },
  { weight: 5, arbitrary: fc.constantFrom(...moments).map((advance) => ({ advance })) },
);

const written: StepDrafts = [
  {
    execute: {
      ...({ type: "setWorkload", instanceId: source } as const),
      transactionsPerSecond: 1_000,
      bytesPerTransaction: 10,
    },
  },
  { advance: 10_000 },
];
const follower: StepDrafts = [
  { execute: { type: "createReplica", ...size, replicaOf: { the: "instance", nth: 1 } } },
  "settle",
];
const sets: readonly StepDrafts[] = [1, 2].map((replicas) => [
  { execute: { type: "createInstance", ...size } },
  "settle",
  ...Array.from({ length: replicas }, () => follower).flat(),
]);
const groups: readonly StepDrafts[] = [[size], [size, size]].map((replicas) => [
  { execute: { type: "createHaGroup", name: "ha", source: size, replicas } },
  "settle",
]);

/** A set or a group that is written to, and what goes wrong with it. */
export const lossDrafts: fc.Arbitrary<StepDrafts> = fc
  .tuple(
    fc.constantFrom(...sets, ...groups, ...groups),
    fc.array(step, { maxLength: 30, size: "max" }),
  )
  .map(([beginning, steps]) => [...beginning, ...written, ...steps]);

/** Lags below, at and above the time for which commits wait. */
export const lossWorlds: fc.Arbitrary<SerializableOptions> = fc
  .tuple(
    fc.nat(),
    fc.constantFrom<NonNullable<SerializableOptions["latency"]>>(
      {},
      { receiveLag: { from: 0, to: 3_000 }, acknowledgementTimeout: 2_000 },
      { receiveLag: { from: 0, to: 8_000 }, applyLag: 0 },
    ),
  )
  .map(([seed, latency]) => ({ seed, latency }));

/** An instance as the witness saw it last. */
interface Seen {
  readonly isUp: boolean;
  /** Whether it lives, and shares what it has. */
  readonly isAlive: boolean;
  readonly isCutOff: boolean;
  readonly sourceId: string | null;
  /** Of a source: the acknowledged transactions. */
  readonly acknowledged: number;
  readonly status: "off" | "on" | "degraded";
  /** Of a replica: what it has received, and whether it goes on. */
  readonly received: number;
  readonly receives: boolean;
}

/** Users went from a source to a member that takes over. */
export interface Takeover {
  readonly line: JournalEntry;
  readonly fact: FactOf<"LogStarted">;
  /** Transactions with which the new source begins. */
  readonly has: number;
  readonly isPlanned: boolean;
  /** Whether a partition kept the old source from its replicas. */
  readonly isCutOff: boolean;
  readonly isInGroup: boolean;
  readonly status: Seen["status"];
  /** The acknowledged transactions. */
  readonly acknowledged: number;
  /** The most that one who lived had received. */
  readonly receivedByLiving: number;
  /** Whether all who lived received what the source wrote. */
  readonly allReceive: boolean;
}

/** Runs a draft step by step; `receive` is called just after each takeover. */
export function witness(
  sim: ReplicationSimulator,
  draft: StepDrafts,
  receive: (takeover: Takeover) => void,
): void {
  let seen: ReadonlyMap<string, Seen> = new Map();
  sim.subscribe((line) => {
    for (const fact of line.facts) {
      const moved = line.facts.some(
        (other) =>
          other.type === "WorkloadMoved" && fact.type === "LogStarted" && other.toId === fact.id,
      );
      if (fact.type === "LogStarted" && moved) receive(takeoverOf(line, fact, seen));
    }
  });
  for (const one of draft) {
    seen = lookAt(sim);
    if (typeof one !== "object" || !("advance" in one)) {
      runDrafts(sim, [one]);
      continue;
    }
    const until = sim.now + one.advance;
    for (let due = sim.nextDueAt; due !== undefined && due <= until; due = sim.nextDueAt) {
      if (due - 1 > sim.now) sim.advance(due - 1 - sim.now);
      seen = lookAt(sim);
      sim.step();
    }
    sim.advance(until - sim.now);
  }
}

function lookAt(sim: ReplicationSimulator): ReadonlyMap<string, Seen> {
  return new Map(
    sim.listInstances().items.map(({ id, status, sourceId }) => {
      const shown = sim.getReplicationStatus(id);
      const isUp = !["SHUTDOWN", "BLOCKED", "ERROR", "FAILED", "BUILD"].includes(status);
      const isAlive = ["ACTIVE", "RESTART_REQUIRED", "BACKUP", "REPLICATION_ERROR"].includes(
        status,
      );
      const { state, partitionId } = sim.getInstance(id);
      const of = {
        isUp,
        isAlive: isAlive && state !== "replicaDown" && partitionId === null,
        isCutOff: partitionId !== null,
        sourceId,
      };
      return [
        id,
        shown.role === "source"
          ? {
              ...of,
              received: 0,
              receives: false,
              status: shown.semiSynchronous,
              acknowledged: shown.acknowledgedPosition.transactions,
            }
          : {
              ...of,
              acknowledged: 0,
              status: "off",
              receives: shown.ioRunning,
              received: shown.receivedPosition.transactions,
            },
      ];
    }),
  );
}

function takeoverOf(
  line: JournalEntry,
  fact: FactOf<"LogStarted">,
  seen: ReadonlyMap<string, Seen>,
): Takeover {
  const old = seen.get(fact.replacedId);
  if (old === undefined) throw new RangeError(`no witness of ${fact.replacedId}`);
  const living = [...seen.values()].filter(
    ({ isAlive, sourceId }) => isAlive && sourceId === fact.replacedId,
  );
  return {
    line,
    fact,
    isPlanned: old.isUp,
    isCutOff: old.isCutOff,
    isInGroup: line.facts.some(({ type }) => type === "SourcePromoted"),
    has: fact.log.pieces.at(-1)?.transactions ?? Number.NaN,
    status: old.status,
    acknowledged: old.acknowledged,
    allReceive: living.every(({ receives }) => receives),
    receivedByLiving: Math.max(0, ...living.map(({ received }) => received)),
  };
}
