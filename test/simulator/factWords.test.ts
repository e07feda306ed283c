import { describe, expect, test } from "vitest";
import type { Fact } from "../../src/model/facts.js";
import { describeFact } from "../../src/render/describeFact.js";
import { givesState, isAbout } from "../../src/service/factSubjects.js";
import type { FactType } from "../../src/service/shared/factDescriptor.js";
import type { FactNames } from "../../src/service/shared/factWords.js";

/*
 * What a fact is about, by which an explanation finds it, and how it reads in a timeline. A kind of fact that is missing
 * here does not compile.
 */

interface Example {
  /** The fields that matter; `id` is "it" if nothing else is said. */
  readonly fact?: object;
  /** Ids of the rows that it is about; "it" if nothing else is said. */
  readonly about?: readonly string[];
  /** The row that begins, changes its state or ends. */
  readonly gives?: string;
  /** Whose line it stands in, and the words; omitted if it is not described. */
  readonly words?: string;
}

const lastError = { task: "reboot", message: "the reboot task failed", createdAt: 0 };
const datastore = { datastoreType: "mysql", datastoreVersion: "5.6" };
const noClock = { clockOf: null };
const crash = { kind: "crash", instanceId: "a" };
const id = "01234567-89ab-cdef-0123-456789abcdef";

const examples: { readonly [K in FactType]: readonly Example[] } = {
  AccountOpened: [{ fact: { id: undefined, accountId: "1234" }, about: [] }],
  InstanceCreated: [
    {
      fact: { instance: { id: "a", ...datastore, flavorId: "2", volumeGb: 10 } },
      about: ["a"],
      gives: "a",
      words: "a: mysql 5.6, flavor 2, 10 GB",
    },
  ],
  InstanceStateEntered: [
    { fact: { lastError: null }, gives: "it" },
    { fact: { lastError }, gives: "it", words: "it: the reboot task failed" },
  ],
  InstanceChanged: [
    { fact: { changes: { name: "b" } }, words: "it: is called b" },
    { fact: { changes: { usedGb: 0.9 } } },
    { fact: { changes: { usedGb: 1 } }, words: "it: holds 1 GB of data" },
    { fact: { changes: { configurationId: null } }, words: "it: has no configuration" },
    {
      fact: { changes: { flavorId: "3", volumeGb: 20, configurationId: "c" } },
      words: "it: has flavor 3, has 20 GB, has configuration c",
    },
  ],
  InstanceRemoved: [{ gives: "it" }],
  PartitionChanged: [
    { fact: { partitionId: "east" } },
    { fact: { partitionId: null }, words: "it: is reached again" },
  ],
  DatabasesChanged: [
    {
      fact: { added: [{ name: "x" }, { name: "y" }], removed: ["z"] },
      words: "it: has databases x y, has no databases z",
    },
    {
      fact: { added: Array.from({ length: 21 }, () => ({ name: "x" })), removed: [] },
      words: `it: has databases ${"x ".repeat(20)}and 1 more`,
    },
    {
      fact: { added: [], removed: Array.from({ length: 20 }, () => "x") },
      words: `it: has no databases${" x".repeat(20)}`,
    },
  ],
  UsersChanged: [
    { fact: { added: [{ name: "x" }], removed: [] }, words: "it: has users x" },
    { fact: { added: [], removed: [{ name: "y" }] }, words: "it: has no users y" },
  ],
  WorkRedrawn: [{}],
  ReplicationStarted: [
    {
      fact: { replicaId: "r", sourceId: "s" },
      about: ["r", "s"],
      words: "r: replicates from <s>",
    },
  ],
  ReplicationStopped: [
    { fact: { replicaId: "r", sourceId: "s" }, about: ["r", "s"], words: "r: cut from <s>" },
  ],
  ReplicaPromoted: [
    {
      fact: { oldSourceId: "s", isEjected: false },
      about: ["it", "s"],
      words: "it: is the source of its set after <s>",
    },
    {
      fact: { oldSourceId: "s", isEjected: true },
      about: ["it", "s"],
      words: "it: is the source of its set after <s>, and <s> is left behind",
    },
  ],
  GroupCreated: [{ fact: { group: { id: "g" } }, about: ["g"], gives: "g" }],
  GroupStateEntered: [
    { fact: { lastError: null }, gives: "it" },
    { fact: { lastError }, gives: "it", words: "it: the reboot task failed" },
  ],
  GroupChanged: [
    { fact: { changes: { pendingReplicaNames: [] } } },
    { fact: { changes: { volumeGb: 20 } }, words: "it: has 20 GB" },
  ],
  GroupRemoved: [{ gives: "it" }],
  MemberJoined: [
    {
      fact: { groupId: "g", instanceId: "a", role: "replica" },
      about: ["a", "g"],
      words: "a: joins <g> as replica",
    },
  ],
  MemberLeft: [
    { fact: { groupId: "g", instanceId: "a" }, about: ["a", "g"], words: "a: leaves <g>" },
  ],
  ReplicationModeChanged: [
    { fact: { mode: "asynchronous" }, words: "it: replication is asynchronous" },
  ],
  AclAdded: [{ fact: { address: "10.0.0.0/8" }, words: "it: open to 10.0.0.0/8" }],
  AclRemoved: [{ fact: { address: "10.0.0.0/8" }, words: "it: closed to 10.0.0.0/8" }],
  FailoverStarted: [
    { fact: { sourceId: "s", candidateId: "r" }, words: "it: gives up <s> for <r>" },
    {
      fact: { sourceId: "s", candidateId: null },
      words: "it: gives up <s>, and no replica is eligible",
    },
  ],
  SourcePromoted: [
    {
      fact: { oldSourceId: "s", newSourceId: "r" },
      about: ["it", "s", "r"],
      words: "it: <r> is its source after <s>",
    },
  ],
  FailoverAborted: [
    { fact: { reason: "too late" }, words: "it: no replica is promoted: too late" },
  ],
  ScheduleCreated: [
    {
      fact: { schedule: { id: "b", ownerId: "a", hour: 1, minute: 5 }, carriedFrom: null },
      about: ["b", "a"],
      gives: "b",
      words: "a: backups at 1:5",
    },
    {
      fact: { schedule: { id: "b", ownerId: "a", hour: 1, minute: 5 }, carriedFrom: "c" },
      about: ["b", "a", "c"],
      gives: "b",
      words: "a: takes over: backups at 1:5",
    },
  ],
  ScheduleChanged: [
    {
      fact: { changes: { dayOfWeek: 1, hour: 2, minute: 3 } },
      words: "owner of it: backups at 2:3",
    },
    { fact: { changes: { dayOfWeek: 1, hour: 2 } } },
    { fact: { changes: { dayOfWeek: 1, minute: 3 } } },
    { fact: { changes: { hour: 2, minute: 3 } } },
  ],
  ScheduleRemoved: [{ gives: "it", words: "owner of it: its backup schedule ends" }],
  ScheduleFired: [
    { fact: { reason: null } },
    { fact: { reason: "it is busy" }, words: "owner of it: nothing is taken (it is busy)" },
  ],
  BackupCreated: [
    {
      fact: { backup: { id: "b", ownerId: "a" } },
      about: ["b", "a"],
      gives: "b",
      words: "owner of b: backup b",
    },
    { fact: { backup: { id: "hidden", ownerId: "a" } }, about: ["hidden", "a"], gives: "hidden" },
  ],
  BackupStateEntered: [
    {
      fact: { statusBefore: "NEW", status: "BUILDING", lastError: null },
      gives: "it",
      words: "owner of it: backup it NEW → BUILDING",
    },
    {
      fact: { statusBefore: "FAILED", status: "FAILED", lastError },
      gives: "it",
      words: "owner of it: backup it FAILED (the reboot task failed)",
    },
  ],
  BackupEnded: [{}],
  BackupRemoved: [
    { gives: "it", words: "owner of it: backup it is gone" },
    { fact: { id: "hidden" }, about: ["hidden"], gives: "hidden" },
  ],
  ConfigurationCreated: [
    {
      fact: { configuration: { id: "c", name: "big", ...datastore } },
      about: ["c"],
      gives: "c",
      words: ": big for mysql 5.6",
    },
  ],
  ConfigurationChanged: [
    { fact: { changes: { description: "x" }, set: {}, removed: [] } },
    {
      fact: { changes: { name: "big" }, set: { autocommit: true, wait: 5 }, removed: ["x", "y"] },
      words: ": is called big, autocommit = true, wait = 5, without x, without y",
    },
  ],
  ConfigurationRemoved: [{ gives: "it" }],
  FaultInjected: [
    {
      fact: { injected: { id: "f", fault: crash, phase: "active", ...noClock } },
      about: ["f", "a"],
      words: "target of crash: crash",
    },
    {
      fact: {
        injected: {
          id: "f",
          fault: crash,
          phase: "scheduled",
          dueAt: 9,
          injectedAt: 2,
          ...noClock,
        },
      },
      about: ["f", "a"],
      words: "target of crash: in 7 ms: crash",
    },
    {
      fact: {
        injected: { id: "f", fault: crash, phase: "active", clockOf: { instanceOrdinal: null } },
      },
      about: ["f", "a"],
    },
    {
      fact: {
        injected: { id: "f", fault: crash, phase: "active", clockOf: { instanceOrdinal: 0 } },
      },
      about: ["f", "a"],
      words: "target of crash: crash",
    },
  ],
  FaultActivated: [
    { fact: { row: 3, skipped: null, changes: { phase: "active" } }, words: "target 3: effect 3" },
    { fact: { row: 0, skipped: null, changes: { phase: "active" } }, words: "target 0: " },
    { fact: { row: 3, skipped: null, changes: { phase: "recurring" } } },
    {
      fact: { row: 3, skipped: "nothing is there", changes: { phase: "recurring" } },
      words: "target 3: fault 3 skips: nothing is there",
    },
  ],
  FaultClockChanged: [{}],
  FaultCounterChanged: [{}],
  FaultEnded: [
    { fact: { row: 3, outcome: "completed", reason: null } },
    { fact: { row: 3, outcome: "exhausted", reason: null } },
    { fact: { row: 3, outcome: "expired", reason: null }, words: "target 3: fault 3 is expired" },
    {
      fact: { row: 3, outcome: "rejected", reason: `${id} is down, as is ${id}` },
      words: `target 3: fault 3 is rejected (<${id}> is down, as is <${id}>)`,
    },
  ],
  WorkloadSet: [
    {
      fact: { log: { workload: { transactionsPerSecond: 100 } } },
      words: "it: users write 100 transactions a second",
    },
  ],
  LogStarted: [{}],
  LogEnded: [{}],
  WorkloadMoved: [
    { fact: { toId: "b", lostTransactions: 0 }, words: "it: its users go to <b>" },
    {
      fact: { toId: "b", lostTransactions: 1 },
      words: "it: its users go to <b>, 1 transactions lost",
    },
  ],
  WritesInterrupted: [{ words: "it: writes are not possible" }],
  WritesResumed: [
    {
      fact: { unavailableMs: 5, lostTransactions: 0 },
      words: "it: users can write again after 5 ms",
    },
    {
      fact: { unavailableMs: 5, lostTransactions: 1 },
      words: "it: users can write again after 5 ms, 1 transactions lost",
    },
  ],
  AcknowledgementChanged: [{}],
  SemiSynchronousDegraded: [{ words: "it: commits wait for no replica" }],
  SemiSynchronousRestored: [{ words: "it: commits wait for a replica" }],
  CommitsStalled: [{ words: "it: commits wait: no replica acknowledges" }],
  CommitStallEnded: [
    {
      fact: { stalledMs: 5, outcome: "interrupted" },
      words: "it: waiting commits are interrupted after 5 ms",
    },
    {
      fact: { stalledMs: 5, outcome: "degraded" },
      words: "it: commits came back after 5 ms",
    },
  ],
  LinkChanged: [
    { fact: { link: null } },
    {
      fact: { link: link({ failure: { code: 1, message: "no key" } }) },
      words: "it: replication stopped: no key",
    },
    { fact: { link: link({ condition: { condition: "cut" } }) }, words: "it: its line is cut" },
    { fact: { link: link({}) }, words: "it: receives" },
    { fact: { link: link({ receives: false }) }, words: "it: receives nothing" },
  ],
};

function link(changes: object): object {
  return { receives: true, condition: { condition: "normal" }, failure: null, ...changes };
}

const names: FactNames = {
  nameOf: (of) => `<${of}>`,
  ownerOf: (scheduleId) => `owner of ${scheduleId}`,
  backup: (of) => ({ owner: `owner of ${of}`, words: `backup ${of}`, isHidden: of === "hidden" }),
  targetAt: (row) => `target ${String(row)}`,
  faultAt: (row) => (row === 0 ? undefined : `effect ${String(row)}`),
  faultName: (row) => `fault ${String(row)}`,
  describeFault: ({ kind }) => kind,
  targetOfFault: ({ kind }) => `target of ${kind}`,
  duration: (ms) => `${String(ms)} ms`,
  schedule: ({ hour, minute }) => `backups at ${String(hour)}:${String(minute)}`,
};

const cases = Object.entries(examples).flatMap(([type, all]) =>
  all.map((example, at) => ({ name: `${type} ${String(at + 1)}`, type, example })),
);

/** Every id that occurs in these examples. */
const ids = ["it", "a", "b", "c", "f", "g", "r", "s", "hidden", "1234"];

describe("a fact", () => {
  test.each(cases)("$name is about its rows, and reads in words", ({ type, example }) => {
    const { about = ["it"], gives, words } = example;
    const fact = { type, id: "it", row: 3, ...example.fact } as unknown as Fact;
    expect(ids.filter((one) => isAbout(fact, one)).sort()).toEqual([...about].sort());
    expect(ids.filter((one) => givesState(fact, one))).toEqual(gives === undefined ? [] : [gives]);
    const text = describeFact(fact, { names } as never);
    expect(text && `${text.subjectId}: ${text.words}`).toBe(words);
  });
});
