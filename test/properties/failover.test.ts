import fc from "fast-check";
import {
  type Fact,
  type HaGroup,
  type Instance,
  type JournalEntry,
  ReplicationSimulator,
} from "replication-simulator";
import type { HaGroupState } from "replication-simulator/lifecycle";
import { expectNoBrokenInvariants, expectSettled } from "replication-simulator/testing";
import { beforeAll, describe, expect, test } from "vitest";
import {
  type DraftCommand,
  type StepDraft,
  type StepDrafts,
} from "../../src/testing/fast-check/stepDrafts.js";
import { draftReporter } from "../drafts/draftReporter.js";
import { type SerializableOptions } from "../drafts/draftsAsTest.js";
import { runDrafts } from "../drafts/runDrafts.js";
import { runs } from "../scenarioGenerators.js";

/*
 * Liveness of failover: when faults stop, all work ends, and a group with a living replica has a living source. The
 * drafts are about one or two groups to which everything happens at the worst moment; the reach test beside the
 * property says what does happen in them.
 */

const size = { flavorId: "2", volumeGb: 10 } as const;
const group = { the: "group", nth: 1 } as const;

/** Durations after which work ends, and the moments before. */
const moments = [1, 500, 1_000, 5_000, 8_000, 8_999, 9_000, 10_999, 11_000, 15_000, 60_000, 74_000];

const member = fc.integer({ min: 1, max: 6 }).map((nth) => ({ the: "member", nth }) as const);

const fault: fc.Arbitrary<DraftCommand> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc
      .tuple(
        fc.constantFrom(
          ...(["crash", "crash", "hang", "recover", "recover"] as const),
          ...(["partition", "healPartition"] as const),
        ),
        member,
      )
      .map(([kind, instanceId]) => ({ type: "injectFault", fault: { kind, instanceId } }) as const),
  },
  {
    weight: 2,
    arbitrary: fc
      .tuple(
        fc.constantFrom("crash", "hang", "partition"),
        member,
        fc.constantFrom(0, 5_000, 15_000, 60_000),
      )
      .map(
        ([kind, instanceId, durationMs]) =>
          ({ type: "injectFault", fault: { kind, instanceId, durationMs } }) as const,
      ),
  },
  {
    weight: 1,
    arbitrary: fc
      .tuple(fc.constantFrom("breakReplication", "repairReplication"), member)
      .map(([kind, replicaId]) => ({ type: "injectFault", fault: { kind, replicaId } }) as const),
  },
);

const operation: fc.Arbitrary<DraftCommand> = fc.oneof(
  fc.constantFrom<DraftCommand>(
    { type: "restartGroup", groupId: group },
    { type: "addReplica", groupId: group, ...size },
    { type: "forceFailover", groupId: group },
    { type: "disableFailover", groupId: group },
    { type: "enableFailover", groupId: group },
    { type: "enableFailover", groupId: group },
    { type: "updateProxyNodes", groupId: group },
    { type: "repairGroup", groupId: group },
    { type: "repairGroup", groupId: group },
    { type: "resizeGroupFlavor", groupId: group, flavorId: "3" },
    { type: "createBackup", name: "b", ownerKind: "ha", ownerId: group },
    { type: "resizeGroupVolumes", groupId: group, volumeGb: 20 },
  ),
  member.map((instanceId) => ({ type: "removeReplica", groupId: group, instanceId }) as const),
  fc
    .tuple(member, fc.constantFrom(0, 10, 5_000))
    .map(
      ([instanceId, transactionsPerSecond]) =>
        ({ type: "setWorkload", instanceId, transactionsPerSecond }) as const,
    ),
  fc
    .tuple(
      fc.constantFrom("build", "detectFailure", "failover", "forceFailover", "reboot", "delete"),
      fc.integer({ min: 1, max: 4 }),
    )
    .map(([task, times]) => ({ type: "failTask", task, times }) as const),
);

const step: fc.Arbitrary<StepDraft> = fc.oneof(
  { weight: 10, arbitrary: fault.map((execute) => ({ execute })) },
  { weight: 6, arbitrary: operation.map((execute) => ({ execute })) },
  { weight: 10, arbitrary: fc.constantFrom(...moments).map((advance) => ({ advance })) },
  { weight: 3, arbitrary: fc.constant<StepDraft>("step") },
  { weight: 2, arbitrary: fc.constant<StepDraft>("settle") },
  { weight: 1, arbitrary: fc.constant<StepDraft>("restore") },
  {
    weight: 1,
    arbitrary: fc.constant<StepDraft>({ execute: { type: "deleteHaGroup", groupId: group } }),
  },
);

const crash: StepDraft = {
  execute: { type: "injectFault", fault: { kind: "crash", instanceId: { the: "member", nth: 1 } } },
};

/** A replacement that fails to build, an operator who repairs the group, and a user who asks for another one. */
const replaced: StepDrafts = [
  { execute: { type: "failTask", task: "build" } },
  {
    execute: {
      type: "injectFault",
      fault: { kind: "crash", instanceId: { the: "member", nth: 1 } },
    },
  },
  "settle",
  { execute: { type: "repairGroup", groupId: group } },
  { execute: { type: "addReplica", groupId: group, ...size } },
];

/** A source that is lost while failover is off, or is being switched on again. */
const disabled: StepDrafts = [
  { execute: { type: "disableFailover", groupId: group } },
  "settle",
  crash,
  { execute: { type: "enableFailover", groupId: group } },
];
const enabling: StepDrafts = [...disabled.slice(0, 2), ...disabled.slice(3), crash];

const drafts: fc.Arbitrary<StepDrafts> = fc
  .tuple(
    fc.constantFrom([size], [size, size], [size, size]),
    fc.constantFrom<StepDrafts>([], [], [], [], [], [], replaced, disabled, enabling),
    fc.array(step, { maxLength: 40, size: "max" }),
  )
  .map(([replicas, beginning, steps]) => [
    { execute: { type: "createHaGroup", name: "ha", source: size, replicas } },
    "settle",
    ...beginning,
    ...steps,
  ]);

const worlds: fc.Arbitrary<SerializableOptions> = fc.constantFrom<SerializableOptions>(
  {},
  {},
  { jitter: 0.5 },
  { latency: "instant" },
  { latency: { runBackup: 40_000, reboot: 12_000, failover: { from: 0, to: 30_000 } } },
);

test("when faults stop, all work ends, and a group with a living replica has a living source", () => {
  fc.assert(
    fc.property(worlds, drafts, (options, draft) => {
      const sim = runDrafts(new ReplicationSimulator(options), draft, {
        onStep: ({ next }) => {
          expectNoBrokenInvariants(next);
        },
      });
      sim.settle();
      expectSettled(sim);
      expectNoBrokenInvariants(sim);
      for (const { id } of sim.listGroups().items) faultsStop(sim, id);
      expectNoBrokenInvariants(sim);
      for (const found of sim.listGroups().items) {
        if (isHopeless(sim, found)) continue;
        const living = membersOf(sim, found).filter(isAlive);
        const source = found.sourceId === null ? undefined : sim.getInstance(found.sourceId);
        if (living.length > 0) expect(source && isAlive(source)).toBe(true);
      }
    }),
    {
      numRuns: runs(300),
      reporter: draftReporter<[SerializableOptions, StepDrafts]>({ simulator: ([o]) => o }),
    },
  );
});

/** Failover is on again, and where a monitor has given up, an operator sets it going. */
function faultsStop(sim: ReplicationSimulator, id: string): void {
  if (sim.getGroup(id).status === "FAILOVER_DISABLED") sim.enableFailover(id);
  sim.settle();
  // Each time the monitor itself can fail again, as long as failures of it are planned.
  for (let times = 0; times < 5; times++) {
    const { lastError: fault } = sim.getGroup(id);
    if (fault?.task === "detectFailure" || fault?.task === "failover") sim.try.repairGroup(id);
    sim.settle();
  }
}

/** Failures of the monitor itself that are still to come, or a group that is being given up. */
function isHopeless(sim: ReplicationSimulator, { state }: HaGroup): boolean {
  const givenUp: readonly HaGroupState[] = ["creationFailed", "deletionFailed", "failoverDisabled"];
  return (
    givenUp.includes(state) ||
    sim
      .listFaults()
      .some(
        ({ fault }) =>
          fault.kind === "failTask" &&
          (fault.task === "detectFailure" || fault.task === "failover"),
      )
  );
}

function membersOf(sim: ReplicationSimulator, { sourceId, replicaIds }: HaGroup): Instance[] {
  const ids = sourceId === null ? replicaIds : [sourceId, ...replicaIds];
  return ids.map((id) => sim.getInstance(id));
}

/** Whether it lives, and the monitor of its group reaches it. */
function isAlive({ state, partitionId }: Instance): boolean {
  const living = ["active", "restartRequired", "replicationBroken", "backingUp"];
  return living.includes(state) && partitionId === null;
}

describe("the scenarios of this property", () => {
  const seen = new Map<string, number>();

  beforeAll(() => {
    const reported = fc.sample(fc.tuple(worlds, drafts), { numRuns: 1_500, seed: 7 });
    for (const [options, draft] of reported) {
      const watch = new Watch(seen);
      const sim = new ReplicationSimulator(options);
      watch.listen(sim);
      runDrafts(sim, draft, {
        onStep: ({ sim: before, next }) => {
          if (next !== before) watch.listen(next);
        },
      }).settle();
    }
  }, 180_000);

  test.each([
    "a failover",
    "a failover of a group with one replica",
    "a forced failover",
    "a forced failover that fails",
    "a false alarm",
    "a failover that aborts for want of a candidate",
    "a failover that aborts because its work fails",
    "a monitor that gives up after three attempts",
    "a candidate that dies while it is promoted, and another one wins",
    "a candidate that dies while it is promoted, and none is left",
    "a source that comes back too late",
    "a group that regains its source after an abort",
    "a winner that dies while its replacement is built",
    "a replacement that fails to build",
    "a replica that is added after ADD_REPLICA_FAIL",
    "a failover out of ADD_REPLICA_FAIL",
    "a source that is lost while addingReplica",
    "a source that is lost while backingUp",
    "a source that is lost while rebooting",
    "a source that is lost while removingReplica",
    "a source that is lost while resizingFlavor",
    "a source that is lost while resizingVolume",
    "a source that is lost while failoverDisabled",
    "a source that is lost while forcingFailover",
    "a source that is lost while updatingProxyNodes",
    "a source that is lost while replicationBroken",
    "a source that is lost while enablingFailover",
    "a source that is lost while disablingFailover",
    "a source that is cut off while active",
    "a source that is cut off while addingReplica",
    "a source that is cut off while replicationBroken",
    "a source that is reached again while detectingFailure",
    "a source that is reached again while failingOver",
    "a failover after failover was enabled again",
    "a group that is deleted while detectingFailure",
    "a group that is deleted while failingOver",
    "a group that is deleted while addingReplica",
  ])("contain %s", (what) => {
    expect(seen.get(what) ?? 0).toBeGreaterThan(0);
  });
});

/** Recognises what a draft reports from its facts alone. */
class Watch {
  readonly #seen: Map<string, number>;
  readonly #states = new Map<string, HaGroupState>();
  readonly #sources = new Map<string, string>();
  readonly #candidates = new Map<string, string | null>();
  readonly #attempts = new Map<string, number>();
  readonly #marks = new Set<string>();

  constructor(seen: Map<string, number>) {
    this.#seen = seen;
  }

  listen(sim: ReplicationSimulator): void {
    sim.subscribe((line) => {
      for (const fact of line.facts) this.#receive(fact, line, sim);
    });
  }

  #saw(what: string): void {
    this.#seen.set(what, (this.#seen.get(what) ?? 0) + 1);
  }

  #receive(fact: Fact, { trigger }: JournalEntry, sim: ReplicationSimulator): void {
    switch (fact.type) {
      case "MemberJoined":
        if (fact.role === "source") this.#sources.set(fact.groupId, fact.instanceId);
        return;
      case "InstanceStateEntered": {
        const [id] = [...this.#sources].find(([, source]) => source === fact.id) ?? [];
        if (id === undefined) return;
        const state = this.#states.get(id);
        if (["SHUTDOWN", "BLOCKED", "ERROR"].includes(fact.status)) {
          this.#saw(`a source that is lost while ${state}`);
          if (state === "addingReplica" && this.#marks.has(`${id} failed over`))
            this.#saw("a winner that dies while its replacement is built");
        }
        if (fact.status === "ACTIVE" && state === "failingOver") {
          this.#marks.add(`${id} back`);
        }
        return;
      }
      case "PartitionChanged": {
        const [id] = [...this.#sources].find(([, source]) => source === fact.id) ?? [];
        const state = id === undefined ? undefined : this.#states.get(id);
        if (state === undefined) return;
        const what = fact.partitionId === null ? "is reached again" : "is cut off";
        this.#saw(`a source that ${what} while ${state}`);
        return;
      }
      case "FailoverStarted":
        this.#candidates.set(fact.id, fact.candidateId);
        this.#marks.delete(`${fact.id} back`);
        return;
      case "SourcePromoted": {
        this.#sources.set(fact.id, fact.newSourceId);
        if (fact.isForced) {
          this.#saw("a forced failover");
          return;
        }
        this.#saw("a failover");
        this.#marks.add(`${fact.id} failed over`);
        const found = sim.getGroup(fact.id);
        if (found.replicaIds.length === 1) this.#saw("a failover of a group with one replica");
        const candidate = this.#candidates.get(fact.id);
        if (candidate !== null && candidate !== fact.newSourceId)
          this.#saw("a candidate that dies while it is promoted, and another one wins");
        if (this.#marks.has(`${fact.id} back`)) this.#saw("a source that comes back too late");
        if (this.#marks.delete(`${fact.id} aborted`))
          this.#saw("a group that regains its source after an abort");
        if (this.#marks.delete(`${fact.id} enabled`))
          this.#saw("a failover after failover was enabled again");
        if (this.#marks.delete(`${fact.id} cannot add`))
          this.#saw("a failover out of ADD_REPLICA_FAIL");
        return;
      }
      case "FailoverAborted": {
        const isPlanned = trigger.kind === "task" && fact.reason.includes("task failed");
        this.#marks.add(`${fact.id} aborted`);
        this.#saw(
          `a failover that aborts ${isPlanned ? "because its work fails" : "for want of a candidate"}`,
        );
        if (!isPlanned && this.#candidates.get(fact.id) !== null)
          this.#saw("a candidate that dies while it is promoted, and none is left");
        return;
      }
      case "GroupStateEntered": {
        const { id, from, state } = fact;
        this.#states.set(id, state);
        if (from === "detectingFailure" && state === "active") this.#saw("a false alarm");
        if (from === "forcingFailover" && fact.lastError !== null)
          this.#saw("a forced failover that fails");
        if (state === "deleting") this.#saw(`a group that is deleted while ${from}`);
        if (from === "enablingFailover") this.#marks.add(`${id} enabled`);
        if (state === "addReplicaFailed") {
          this.#marks.add(`${id} cannot add`);
          if (this.#marks.has(`${id} failed over`)) this.#saw("a replacement that fails to build");
        }
        if (from === "active" && state === "addingReplica" && this.#marks.has(`${id} cannot add`))
          this.#saw("a replica that is added after ADD_REPLICA_FAIL");
        this.#countAttempts(fact);
        return;
      }
      default:
    }
  }

  #countAttempts(fact: Extract<Fact, { type: "GroupStateEntered" }>): void {
    const { id, state, lastError: fault } = fact;
    if (state === "replicationBroken" && fault !== null) {
      const attempts = (this.#attempts.get(id) ?? 0) + 1;
      this.#attempts.set(id, attempts);
      if (attempts === 3 && fault.message.includes("task failed"))
        this.#saw("a monitor that gives up after three attempts");
    } else if (state !== "detectingWhileBroken" && state !== "failingOver") {
      this.#attempts.set(id, 0);
    }
  }
}
