import {
  type Backup,
  type BackupSchedule,
  type HaGroup,
  type InjectedFault,
  type Instance,
  type ReplicationSimulator,
} from "replication-simulator";
import { describe, expect, test } from "vitest";
import { dropId } from "../../src/collections/idIndex.js";
import { dropRow, rowsOf } from "../../src/collections/table.js";
import type { Topology } from "../../src/model/topology.js";
import {
  brokenInvariants,
  type InvariantContext,
  invariantNames,
} from "../../src/service/invariants.js";
import { topologyOf } from "../../src/simulator/clientKernel.js";
import { empty, small } from "../rules/fixtures.js";

/*
 * What `brokenInvariants` is for: each broken invariant of a topology is reported by name. Each case spoils a sound
 * world in one place. Ids say what and how many, as in the worlds of the rules.
 */

/** Everything there is, in every relation to each other. */
function sampleWorld() {
  const sim = empty({ startAt: 0 });
  const acl = { acls: ["10.0.0.0/8"] };
  // instance-0 is the source of instance-1 and instance-2.
  sim.createInstance(small);
  sim.settle();
  for (let count = 0; count < 2; count++) {
    sim.createReplica({ ...small, replicaOf: "instance-0" });
    sim.settle();
  }
  // instance-3 is the source of instance-4, in group-0.
  sim.createInstance(small);
  sim.settle();
  sim.createReplica({ ...small, replicaOf: "instance-3" });
  sim.settle();
  sim.convertToHa("instance-3", { name: "orders", ...acl });
  sim.settle();
  // instance-5 stands alone, instance-6 is down.
  sim.createInstance({ ...small, label: "a" });
  sim.createInstance(small);
  sim.settle();
  sim.createConfiguration({ name: "tuned", values: { max_connections: 100 } });
  sim.attachConfiguration("instance-0", "configuration-0");
  sim.createBackup({ name: "full", ownerKind: "instance", ownerId: "instance-0" });
  sim.settle();
  const onto = { ownerKind: "instance", ownerId: "instance-0", parentId: full } as const;
  sim.createBackup({ name: "more", ...onto });
  sim.settle();
  sim.createSchedule({ ownerKind: "instance", ownerId: "instance-0" });
  sim.createSchedule({ ownerKind: "ha", ownerId: "group-0" });
  for (const instanceId of ["instance-0", "instance-3"]) {
    sim.setWorkload(instanceId, { transactionsPerSecond: 100 });
  }
  sim.advance(60_000);
  sim.inject({ kind: "crash", instanceId: "instance-6" });
  sim.inject({ kind: "failTask", task: "restart", times: 2 });
  sim.inject({ kind: "hang", instanceId: "instance-5" }, { afterMs: 3_600_000 });
  sim.inject({ kind: "cutLink", replicaId: "instance-2", durationMs: 3_600_000 });
  // instance-7 is being built from a hidden backup that is being taken of instance-5.
  sim.createReplica({ ...small, replicaOf: "instance-5" });
  sim.inject({ kind: "partition", instanceId: "instance-7" });
  return sim;
}

/** The backups of the sample world; earlier ones were hidden. */
const [full, more, hidden] = ["backup-3", "backup-4", "backup-5"] as const;
/** The moment in which it stands, 463 s after its beginning. */
const now = 463_000;

let made: ReplicationSimulator | undefined;

/** The sample world, made in the first test that asks. */
function world(): ReplicationSimulator {
  return (made ??= sampleWorld());
}

type Row = Instance | HaGroup | BackupSchedule | Backup | InjectedFault;

/** A world that a hand can spoil. */
class Spoilt {
  readonly topology = structuredClone(topologyOf(world())) as Topology;

  #row(kind: "instances" | "groups" | "schedules" | "backups" | "faults", id: string): Row {
    for (const row of rowsOf<Row>(this.topology[kind])) if (row.id === id) return row;
    throw new RangeError(`no row ${id}`);
  }

  instance(id: string, changes: Partial<Instance>): this {
    Object.assign(this.#row("instances", id), changes);
    return this;
  }

  group(changes: Partial<HaGroup>): this {
    Object.assign(this.#row("groups", "group-0"), changes);
    return this;
  }

  backup(id: string, changes: Partial<Backup>): this {
    Object.assign(this.#row("backups", id), changes);
    return this;
  }

  schedule(id: string, changes: Partial<BackupSchedule>): this {
    Object.assign(this.#row("schedules", id), changes);
    return this;
  }

  fault(id: string, changes: Partial<InjectedFault>): this {
    Object.assign(this.#row("faults", id), changes);
    return this;
  }

  whole(changes: Partial<Topology>): this {
    Object.assign(this.topology, changes);
    return this;
  }

  get account() {
    const [account] = rowsOf(this.topology.accounts);
    if (account === undefined) throw new RangeError("no row has an account");
    return account;
  }
}

/** A row of the sound world. */
const as = {
  instance: (id: string): Instance => world().getInstance(id),
  writes: (id: string) => {
    const { log: writes } = world().getInstance(id);
    if (writes === null) throw new RangeError(`no writes on ${id}`);
    return writes;
  },
  link: (id: string) => {
    const { link } = world().getInstance(id);
    if (link === null) throw new RangeError(`${id} has no link`);
    return link;
  },
  group: (): HaGroup => world().getGroup("group-0"),
};

const work = {
  task: "restart",
  startedAt: now,
  latency: "restart",
  factor: 1,
  dueAt: now + 1,
  seq: 9_999,
  cause: 0,
  target: null,
} as const;
const failover = {
  id: "failover-0",
  groupId: "group-0",
  oldSourceId: "instance-1",
  newSourceId: "instance-3",
  at: now,
  isForced: false,
  lostTransactions: 0,
} as const;

type Case = readonly [what: string, spoil: (world: Spoilt) => unknown, names: string];

const brokenReplication = { kind: "breakReplication", replicaId: "instance-1" } as const;

/** What breaks each invariant, and the target that it names. */
const broken: Readonly<Record<string, readonly Case[]>> = {
  "both ends of a link agree": [
    ["a replica forgot", (w) => w.instance("instance-1", { sourceId: null }), "instance-0"],
    [
      "a replica follows another",
      (w) => w.instance("instance-1", { sourceId: "instance-3" }),
      "instance-0",
    ],
    [
      "a source forgot",
      (w) => w.instance("instance-0", { replicaIds: ["instance-1"] }),
      "instance-2",
    ],
    ["a source is unknown", (w) => w.instance("instance-1", { sourceId: "x" }), "instance-1"],
    ["a replica is unknown", (w) => w.instance("instance-6", { replicaIds: ["x"] }), "instance-6"],
  ],
  "a source is not a replica": [
    ["both", (w) => w.instance("instance-1", { replicaIds: ["instance-2"] }), "instance-1"],
  ],
  "no replica is linked twice": [
    [
      "twice",
      (w) => w.instance("instance-0", { replicaIds: ["instance-1", "instance-1"] }),
      "instance-0",
    ],
  ],
  "a source has no more replicas than the limit": [
    [
      "three",
      (w) => w.instance("instance-0", { replicaIds: ["instance-1", "instance-2", "x"] }),
      "instance-0",
    ],
  ],
  "a replica has its source's datastore": [
    ["another type", (w) => w.instance("instance-1", { datastoreType: "x" }), "instance-1"],
    ["another version", (w) => w.instance("instance-1", { datastoreVersion: "x" }), "instance-1"],
  ],
  "no replica reads ACTIVE while its source is lost": [
    ["lost", (w) => w.instance("instance-0", { state: "shutdown" }), "instance-1"],
  ],
  "a source that is being deleted by itself has no replicas": [
    ["deleting", (w) => w.instance("instance-0", { state: "deleting" }), "instance-0"],
  ],
  "what occupies an instance is a backup of it": [
    ["an unknown one", (w) => w.instance("instance-6", { backupId: "x" }), "instance-6"],
    ["one that is done", (w) => w.instance("instance-0", { backupId: full }), "instance-0"],
    ["one of another", (w) => w.instance("instance-6", { backupId: hidden }), "instance-6"],
  ],
  "an instance in BACKUP is occupied by a backup": [
    ["none", (w) => w.instance("instance-6", { status: "BACKUP" }), "instance-6"],
  ],
  "an instance is cut off exactly while a fault stands on its network": [
    ["no fault does", (w) => w.instance("instance-0", { partitionId: "fault-0" }), "instance-0"],
    ["one does", (w) => w.instance("instance-7", { partitionId: null }), "instance-7"],
  ],
  "a configuration that is attached exists": [
    ["unknown", (w) => w.instance("instance-6", { configurationId: "x" }), "instance-6"],
  ],
  "a member is listed by its group": [
    ["an unknown group", (w) => w.instance("instance-6", { groupId: "x" }), "instance-6"],
    ["not listed", (w) => w.instance("instance-6", { groupId: "group-0" }), "instance-6"],
    [
      "as source and as replica",
      (w) => w.group({ replicaIds: ["instance-3", "instance-4"] }),
      "instance-3",
    ],
  ],
  "only members are converting": [
    ["alone", (w) => w.instance("instance-6", { state: "converting" }), "instance-6"],
  ],
  "a schedule and its instance point at each other": [
    ["unknown", (w) => w.instance("instance-6", { scheduleId: "x" }), "instance-6"],
    ["another's", (w) => w.instance("instance-6", { scheduleId: "schedule-0" }), "instance-6"],
  ],
  "an instance has exactly the work that its state calls for": [
    ["too much", (w) => w.instance("instance-6", { work }), "instance-6"],
    ["none", (w) => w.instance("instance-7", { work: null }), "instance-7"],
    ["another", (w) => w.instance("instance-7", { work }), "instance-7"],
  ],
  "the status of an instance is its state's": [
    ["another", (w) => w.instance("instance-6", { status: "ERROR" }), "instance-6"],
  ],
  "a deleted instance is gone": [
    ["still there", (w) => w.instance("instance-6", { state: "deleted" }), "instance-6"],
  ],
  "an instance's time never goes back": [
    ["before it was made", (w) => w.instance("instance-6", { updatedAt: -1 }), "instance-6"],
    ["after now", (w) => w.instance("instance-6", { updatedAt: now + 1 }), "instance-6"],
    [
      "work that ended",
      (w) => w.instance("instance-6", { updatedAt: now, work: { ...work, dueAt: now - 1 } }),
      "instance-6",
    ],
  ],
  "an account finds its instance by id": [
    ["another id", (w) => w.instance("instance-6", { id: "x" }), "x"],
    ["another's place", (w) => w.instance("instance-6", { id: "instance-5" }), "instance-5"],
  ],
  "an instance has a log only without a source, and a link only with one": [
    [
      "a link without a target",
      (w) => w.instance("instance-6", { link: as.link("instance-1") }),
      "instance-6",
    ],
    [
      "a link to another",
      (w) =>
        w.instance("instance-1", { link: { ...as.link("instance-1"), sourceId: "instance-3" } }),
      "instance-1",
    ],
  ],
  "a replica has a log only while clients wait there": [
    [
      "no clients",
      (w) => {
        const workload = { transactionsPerSecond: 0, bytesPerTransaction: 0 };
        w.instance("instance-1", { log: { ...as.writes("instance-0"), workload } });
      },
      "instance-1",
    ],
  ],
  "a replica of a source with a log has a link": [
    ["no link", (w) => w.instance("instance-1", { link: null }), "instance-1"],
  ],
  "a log never goes back": [
    [
      "in time",
      (w) => {
        const { pieces, ...log } = as.writes("instance-0");
        w.instance("instance-0", { log: { ...log, pieces: [...pieces, ...pieces] } });
      },
      "instance-0",
    ],
    [
      "in transactions",
      (w) => {
        const { pieces, ...log } = as.writes("instance-0");
        const next = pieces.map((piece) => ({
          ...piece,
          at: now,
          transactions: 0,
          bytes: 10 ** 9,
        }));
        w.instance("instance-0", { log: { ...log, pieces: [...pieces, ...next] } });
      },
      "instance-0",
    ],
    [
      "in bytes",
      (w) => {
        const { pieces, ...log } = as.writes("instance-0");
        const next = pieces.map((piece) => ({
          ...piece,
          at: now,
          transactions: 10 ** 9,
          bytes: 0,
        }));
        w.instance("instance-0", { log: { ...log, pieces: [...pieces, ...next] } });
      },
      "instance-0",
    ],
  ],
  "users write exactly while their instance answers": [
    [
      "interrupted without a reason",
      (w) => w.instance("instance-0", { log: { ...as.writes("instance-0"), interruptedAt: now } }),
      "instance-0",
    ],
    [
      "they write on a replica",
      (w) => w.instance("instance-1", { log: as.writes("instance-0") }),
      "instance-1",
    ],
    [
      "they write on what is down",
      (w) => w.instance("instance-0", { state: "shutdown" }),
      "instance-0",
    ],
    [
      "the log does not grow as they write",
      (w) => {
        const workload = { transactionsPerSecond: 7, bytesPerTransaction: 1 };
        w.instance("instance-0", { log: { ...as.writes("instance-0"), workload } });
      },
      "instance-0",
    ],
    [
      "the log grows while no write is possible",
      (w) =>
        w.instance("instance-0", {
          state: "shutdown",
          log: { ...as.writes("instance-0"), interruptedAt: now },
        }),
      "instance-0",
    ],
  ],
  "a replica receives and applies exactly while nothing hinders it": [
    [
      "it receives through a cut line",
      (w) => w.instance("instance-2", { link: { ...as.link("instance-2"), receives: true } }),
      "instance-2",
    ],
    [
      "it does not apply",
      (w) => w.instance("instance-1", { link: { ...as.link("instance-1"), applies: false } }),
      "instance-1",
    ],
    [
      "it has an error and nothing is broken",
      (w) =>
        w.instance("instance-1", {
          link: { ...as.link("instance-1"), failure: { code: 1, message: "x" } },
        }),
      "instance-1",
    ],
  ],
  "what is applied was received, and what is received was written": [
    [
      "applied before it was received",
      (w) =>
        w.instance("instance-2", {
          link: { ...as.link("instance-2"), applied: as.link("instance-2").received + 1 },
        }),
      "instance-2",
    ],
    [
      "received from the future",
      (w) => w.instance("instance-2", { link: { ...as.link("instance-2"), received: now + 1 } }),
      "instance-2",
    ],
    [
      "known from the future",
      (w) => w.instance("instance-2", { link: { ...as.link("instance-2"), at: now + 1 } }),
      "instance-2",
    ],
  ],
  "what is acknowledged was written": [
    [
      "acknowledged in the future",
      (w) => {
        const log = as.writes("instance-3");
        const semiSynchrony = { status: "on", waitsFrom: null, due: null } as const;
        w.instance("instance-3", {
          log: { ...log, semiSynchrony: { ...semiSynchrony, acknowledged: now + 1 } },
        });
      },
      "instance-3",
    ],
  ],
  "commits wait for a replica only in a group that is semi-synchronous, on its source": [
    [
      "in no group",
      (w) => {
        const { semiSynchrony } = as.writes("instance-3");
        w.instance("instance-0", { log: { ...as.writes("instance-0"), semiSynchrony } });
      },
      "instance-0",
    ],
    ["in another mode", (w) => w.group({ replicationMode: "asynchronous" }), "instance-3"],
    ["not on its source", (w) => w.group({ sourceId: "instance-4" }), "instance-3"],
    [
      "not although they should",
      (w) => w.instance("instance-3", { log: { ...as.writes("instance-3"), semiSynchrony: null } }),
      "instance-3",
    ],
  ],
  "acknowledgements are due in the future, and only while clients can write": [
    ...(
      [
        ["in the past", now - 1, "active"],
        ["without writes", now + 1, "shutdown"],
      ] as const
    ).map(
      ([what, dueAt, state]): Case => [
        what,
        (w) => {
          const log = as.writes("instance-3");
          if (log.semiSynchrony === null) throw new RangeError("no commits wait");
          const semiSynchrony = { ...log.semiSynchrony, due: { dueAt, seq: 9_999, cause: 0 } };
          w.instance("instance-3", { state, log: { ...log, semiSynchrony } });
        },
        "instance-3",
      ],
    ),
  ],
  "a group that works has exactly one source": [
    ["none", (w) => w.group({ sourceId: null }), "group-0"],
    ["one without a group", (w) => w.instance("instance-3", { groupId: null }), "group-0"],
    ["an unknown one", (w) => w.group({ sourceId: "x" }), "group-0"],
  ],
  "the replicas of a group follow its source": [
    ["not a member", (w) => w.instance("instance-4", { groupId: null }), "group-0"],
    ["another source", (w) => w.instance("instance-4", { sourceId: "instance-0" }), "group-0"],
    ["unknown", (w) => w.group({ replicaIds: ["x"] }), "group-0"],
  ],
  "a group at rest has no member that is lost": [
    ["its source", (w) => w.instance("instance-3", { state: "blocked" }), "group-0"],
    ["a replica", (w) => w.instance("instance-4", { state: "replicaDown" }), "group-0"],
    [
      "a replica that is behind",
      (w) => w.instance("instance-4", { state: "replicationBroken" }),
      "group-0",
    ],
    ["an unknown one", (w) => w.group({ replicaIds: ["x"] }), "group-0"],
  ],
  "a group looks for another source only while its own is lost": [
    [
      "it is well",
      (w) => w.group({ work: { ...work, task: "detectFailure", latency: "detectFailure" } }),
      "group-0",
    ],
    [
      "it is unknown",
      (w) =>
        w.group({
          sourceId: "x",
          work: { ...work, task: "detectFailure", latency: "detectFailure" },
        }),
      "group-0",
    ],
  ],
  "a source that was lost never comes back": [
    [
      "as a member",
      (w) => w.group({ failovers: [{ ...failover, oldSourceId: "instance-4" }] }),
      "group-0",
    ],
    ["and is well", (w) => w.group({ failovers: [failover] }), "group-0"],
  ],
  "a group has no more replicas than the limit": [
    ["three", (w) => w.group({ replicaIds: ["instance-4", "x", "y"] }), "group-0"],
  ],
  "members share flavor, volume size and datastore": [
    ["flavor", (w) => w.instance("instance-4", { flavorId: "3" }), "group-0"],
    ["volume", (w) => w.instance("instance-3", { volumeGb: 11 }), "group-0"],
    ["type", (w) => w.instance("instance-4", { datastoreType: "x" }), "group-0"],
    ["version", (w) => w.instance("instance-3", { datastoreVersion: "x" }), "group-0"],
    ["one is unknown", (w) => w.group({ replicaIds: ["x"] }), "group-0"],
  ],
  "a group in BACKUP is occupied by a backup": [
    ["none", (w) => w.group({ status: "BACKUP" }), "group-0"],
  ],
  "once a group is formed, no member has a schedule": [
    ["its source", (w) => w.instance("instance-3", { scheduleId: "schedule-0" }), "group-0"],
    ["a replica", (w) => w.instance("instance-4", { scheduleId: "schedule-0" }), "group-0"],
  ],
  "replication in a formed group is semi-synchronous": [
    ["it is not", (w) => w.group({ replicationMode: "asynchronous" }), "group-0"],
  ],
  "a schedule and its group point at each other": [
    ["unknown", (w) => w.group({ scheduleId: "x" }), "group-0"],
    ["another's", (w) => w.group({ scheduleId: "schedule-0" }), "group-0"],
  ],
  "a group has exactly the work that its state calls for": [
    ["too much", (w) => w.group({ work }), "group-0"],
    ["none", (w) => w.group({ state: "failingOver" }), "group-0"],
  ],
  "the status of a group is its state's": [
    ["another", (w) => w.group({ status: "ERROR" }), "group-0"],
  ],
  "a group's time never goes back": [
    ["before it was made", (w) => w.group({ updatedAt: -1 }), "group-0"],
    ["after now", (w) => w.group({ updatedAt: now + 1 }), "group-0"],
    [
      "work that ended",
      (w) => w.group({ updatedAt: now, work: { ...work, dueAt: now - 1 } }),
      "group-0",
    ],
  ],
  "an account finds its group by id": [["another id", (w) => w.group({ id: "x" }), "x"]],
  "a backup has exactly the work that its state calls for": [
    ["too much", (w) => w.backup(full, { work }), full],
    ["none", (w) => w.backup(hidden, { work: null }), hidden],
  ],
  "the status of a backup is its state's": [
    ["another", (w) => w.backup(full, { status: "FAILED" }), full],
  ],
  "an incremental backup has a parent of the same source": [
    ["unknown", (w) => w.backup(more, { parentId: "x" }), more],
    ["another's", (w) => w.backup(more, { parentId: hidden }), more],
  ],
  "a hidden backup is gone when its replica is built": [
    ["built", (w) => w.backup(full, { hiddenForReplicaId: "instance-1" }), full],
    ["unknown", (w) => w.backup(full, { hiddenForReplicaId: "x" }), full],
  ],
  "a backup's time never goes back": [
    ["before it was made", (w) => w.backup(full, { updatedAt: -1 }), full],
    ["after now", (w) => w.backup(full, { updatedAt: now + 1 }), full],
    [
      "work that ended",
      (w) => w.backup(full, { updatedAt: now, work: { ...work, dueAt: now - 1 } }),
      full,
    ],
  ],
  "an account finds its backup by id": [["another id", (w) => w.backup(full, { id: "x" }), "x"]],
  "a schedule belongs to something that exists and knows it": [
    ["unknown", (w) => w.schedule("schedule-0", { ownerId: "x" }), "schedule-0"],
    ["forgotten", (w) => w.instance("instance-0", { scheduleId: null }), "schedule-0"],
    ["forgotten by a group", (w) => w.group({ scheduleId: null }), "schedule-1"],
    ["of another kind", (w) => w.schedule("schedule-0", { ownerKind: "ha" }), "schedule-0"],
  ],
  "a schedule fires in the future, after it last fired": [
    ["in the past", (w) => w.schedule("schedule-0", { nextRunAt: now - 1 }), "schedule-0"],
    [
      "before it last fired",
      (w) => w.schedule("schedule-0", { nextRunAt: now + 1, lastScheduledAt: now + 1 }),
      "schedule-0",
    ],
  ],
  "an account finds its schedule by id": [
    ["another id", (w) => w.schedule("schedule-0", { id: "x" }), "x"],
  ],
  "a fault that stands or comes again points at what exists": [
    [
      "nothing",
      (w) => w.fault("fault-0", { fault: { kind: "crash", instanceId: "x" } }),
      "fault-0",
    ],
  ],
  "a fault that stands on an instance has damaged it": [
    ["it has not", (w) => w.instance("instance-6", { state: "active" }), "fault-0"],
    ["it stands on nothing", (w) => w.fault("fault-0", { targetOrdinal: null }), "fault-0"],
    ["it stands on what is gone", (w) => w.fault("fault-0", { targetOrdinal: 77 }), "fault-0"],
    ["the line is whole", (w) => w.fault("fault-3", { targetOrdinal: 1 }), "fault-3"],
    [
      "the line is cut and not slow",
      (w) => w.fault("fault-3", { fault: { kind: "slowLink", replicaId: "instance-2" } }),
      "fault-3",
    ],
    ...(["active", "restartRequired"] as const).map(
      (state): Case => [
        `its replication is well: ${state}`,
        (w) =>
          w
            .instance("instance-1", { state })
            .fault("fault-3", { targetOrdinal: 1, fault: brokenReplication }),
        "fault-3",
      ],
    ),
    [
      "it is no replica any more",
      (w) =>
        w
          .instance("instance-1", { state: "replicationBroken", sourceId: null })
          .fault("fault-3", { targetOrdinal: 1, fault: brokenReplication }),
      "fault-3",
    ],
  ],
  "a part stands no longer than its correlated fault": [
    ["it is gone", (w) => w.fault("fault-0", { partOf: "fault-77" }), "fault-0"],
    ["it is another fault", (w) => w.fault("fault-0", { partOf: "fault-1" }), "fault-0"],
  ],
  "a fault has its turn when it waits for one, and never before now": [
    ["no turn", (w) => w.fault("fault-3", { seq: null }), "fault-3"],
    ["a turn for nothing", (w) => w.fault("fault-0", { seq: 1 }), "fault-0"],
    ["never struck", (w) => w.fault("fault-2", { dueAt: null, seq: null }), "fault-2"],
    ["never over", (w) => w.fault("fault-3", { dueAt: null, seq: null }), "fault-3"],
    ["too late", (w) => w.fault("fault-2", { dueAt: now - 1 }), "fault-2"],
    ["over at another time", (w) => w.fault("fault-3", { dueAt: now + 1 }), "fault-3"],
    [
      "over before it strikes again",
      (w) => w.fault("fault-2", { phase: "recurring", endsAt: now }),
      "fault-2",
    ],
  ],
  "work that is to fail has failures left": [
    ["none", (w) => w.fault("fault-1", { remaining: { skip: 0, times: 0 } }), "fault-1"],
    ["nothing is counted", (w) => w.fault("fault-1", { remaining: null }), "fault-1"],
    ["a crash counts", (w) => w.fault("fault-0", { remaining: { skip: 0, times: 1 } }), "fault-0"],
  ],
  "the faults that stand are listed where they are looked for": [
    ["one is not watched", (w) => w.whole({ watchedFaults: [] }), ""],
    ["one is watched for nothing", (w) => w.whole({ watchedFaults: [0, 1] }), "0 1"],
    [
      "a key of nothing",
      (w) => {
        w.fault("fault-0", { phase: "scheduled" });
      },
      "3",
    ],
    [
      "a key of another",
      (w) => {
        w.fault("fault-0", { targetOrdinal: 5 });
      },
      "fault-0",
    ],
  ],
  "an index lists exactly the rows of its account": [
    [
      "a row is not listed",
      (w) => {
        dropId(w.account.instances, "instance-6");
      },
      "instances",
    ],
    [
      "a row is gone",
      (w) => {
        dropRow(w.topology.backups, world().getBackup(full).ordinal);
      },
      "backups",
    ],
    [
      "an account is not found",
      (w) => {
        dropId(w.topology.accountIndex, w.account.id);
      },
      "1234",
    ],
  ],
  "an account counts its rows": [
    [
      "instances",
      (w) => {
        Object.assign(w.account.created, { instances: 9 });
      },
      "instances",
    ],
    [
      "faults",
      (w) => {
        Object.assign(w.account.created, { faults: 6 });
      },
      "faults",
    ],
  ],
  "the logs and links are counted": [
    ["too many", (w) => w.whole({ streams: 6 }), "5"],
    ["too few", (w) => w.whole({ streams: 4 }), "5"],
  ],
  "no two rows have a key in common": [
    [
      "an instance is another",
      (w) => w.instance("instance-6", { key: world().getInstance("instance-5").key }),
      "instance-6",
    ],
    [
      "a fault is an instance",
      (w) => w.fault("fault-0", { key: world().getInstance("instance-5").key }),
      "fault-0",
    ],
  ],
  "a label leads to its row": [
    ["it is not listed", (w) => w.instance("instance-5", { label: "b" }), "instance-5"],
    ["it is another's", (w) => w.instance("instance-6", { label: "a" }), "instance-6"],
    ["its row does not know it", (w) => w.instance("instance-5", { label: null }), "instance-5"],
  ],
};

/** What is at the edge, and still holds. */
const sound: readonly (readonly [what: string, spoil: (world: Spoilt) => unknown, name: string])[] =
  [
    [
      "a replica of a lost source that says so",
      (w) =>
        w
          .instance("instance-0", { state: "shutdown" })
          .instance("instance-1", { status: "REPLICATION_ERROR" })
          .instance("instance-2", { status: "REPLICATION_ERROR" }),
      "no replica reads ACTIVE while its source is lost",
    ],
    [
      "a source that is deleted with its group",
      (w) => w.instance("instance-3", { state: "deleting" }),
      "a source that is being deleted by itself has no replicas",
    ],
    [
      "what is deleted and has no replicas",
      (w) => w.instance("instance-6", { state: "deleting" }),
      "a source that is being deleted by itself has no replicas",
    ],
    [
      "a member that is converting",
      (w) => w.instance("instance-3", { state: "converting" }),
      "only members are converting",
    ],
    [
      "a change in this very ms",
      (w) => w.instance("instance-6", { updatedAt: now, work: { ...work, dueAt: now } }),
      "an instance's time never goes back",
    ],
    [
      "a group that changes in this very ms",
      (w) => w.group({ updatedAt: now, work: { ...work, dueAt: now } }),
      "a group's time never goes back",
    ],
    [
      "a backup that changes in this very ms",
      (w) => w.backup(full, { updatedAt: now, work: { ...work, dueAt: now } }),
      "a backup's time never goes back",
    ],
    [
      "a group that was never formed",
      (w) => w.group({ state: "creationFailed", sourceId: null }),
      "a group that works has exactly one source",
    ],
    [
      "a group that is being deleted",
      (w) => w.group({ state: "deleting", sourceId: null }),
      "a group that works has exactly one source",
    ],
    [
      "a group whose deletion failed",
      (w) => w.group({ state: "deletionFailed", sourceId: null }),
      "a group that works has exactly one source",
    ],
    [
      "a group that works on its loss",
      (w) => w.instance("instance-4", { state: "replicaDown" }).group({ state: "failingOver" }),
      "a group at rest has no member that is lost",
    ],
    [
      "a search for another source than the one that is lost",
      (w) =>
        w
          .instance("instance-3", { state: "shutdown" })
          .group({ work: { ...work, task: "detectFailure", latency: "detectFailure" } }),
      "a group looks for another source only while its own is lost",
    ],
    [
      "a search where there is no source",
      (w) =>
        w.group({
          sourceId: null,
          work: { ...work, task: "detectFailure", latency: "detectFailure" },
        }),
      "a group looks for another source only while its own is lost",
    ],
    [
      "a source that was demoted by order",
      (w) => w.group({ failovers: [{ ...failover, oldSourceId: "instance-4", isForced: true }] }),
      "a source that was lost never comes back",
    ],
    [
      "a lost source that is unknown",
      (w) => w.group({ failovers: [{ ...failover, oldSourceId: "x" }] }),
      "a source that was lost never comes back",
    ],
    [
      "a lost source that could not be deleted",
      (w) => w.group({ failovers: [{ ...failover, oldSourceId: "instance-6" }] }),
      "a source that was lost never comes back",
    ],
    [
      "a schedule of a member that is still converting",
      (w) => w.instance("instance-3", { scheduleId: "schedule-0" }).group({ state: "converting" }),
      "once a group is formed, no member has a schedule",
    ],
    [
      "a group that is not formed yet",
      (w) => w.group({ state: "converting", replicationMode: "asynchronous" }),
      "replication in a formed group is semi-synchronous",
    ],
    [
      "a schedule that fires in this very ms",
      (w) => w.schedule("schedule-0", { nextRunAt: now, lastScheduledAt: now - 1 }),
      "a schedule fires in the future, after it last fired",
    ],
    [
      "a fault to come that names what is to come",
      (w) => w.fault("fault-2", { fault: { kind: "hang", instanceId: "x" } }),
      "a fault that stands or comes again points at what exists",
    ],
    [
      "replication that is broken",
      (w) =>
        w
          .instance("instance-1", { state: "replicationBroken" })
          .fault("fault-3", { targetOrdinal: 1, fault: brokenReplication }),
      "a fault that stands on an instance has damaged it",
    ],
    [
      "a failure to come that counts nothing yet",
      (w) => w.fault("fault-1", { phase: "scheduled", remaining: null }),
      "work that is to fail has failures left",
    ],
    [
      "a fault that strikes in this very ms",
      (w) => w.fault("fault-2", { dueAt: now }),
      "a fault has its turn when it waits for one, and never before now",
    ],
    [
      "a fault that strikes again when it ends",
      (w) => w.fault("fault-2", { phase: "recurring", dueAt: now + 1, endsAt: now + 1 }),
      "a fault has its turn when it waits for one, and never before now",
    ],
    [
      "acknowledgements that are due in this very ms",
      (w) => {
        const log = as.writes("instance-3");
        if (log.semiSynchrony === null) throw new RangeError("no commits wait");
        const semiSynchrony = { ...log.semiSynchrony, due: { dueAt: now, seq: 9_999, cause: 0 } };
        w.instance("instance-3", { log: { ...log, semiSynchrony } });
      },
      "acknowledgements are due in the future, and only while clients can write",
    ],
    [
      "a source without writes may be down",
      (w) => {
        const workload = { transactionsPerSecond: 0, bytesPerTransaction: 1 };
        const log = as.writes("instance-0");
        const [last] = log.pieces.slice(-1);
        if (last === undefined) throw new RangeError("a log is never empty");
        const pieces = [
          ...log.pieces,
          { ...last, ...workload, at: now, transactions: 10 ** 9, bytes: 10 ** 12 },
        ];
        w.instance("instance-0", { state: "shutdown", log: { ...log, workload, pieces } });
      },
      "users write exactly while their instance answers",
    ],
  ];

function reported({ topology }: Spoilt, context: InvariantContext = { now }): readonly string[] {
  return brokenInvariants(topology, context);
}

test("in a sound world nothing is broken, whatever is known of the time", () => {
  expect(world().now).toBe(now);
  expect(
    world()
      .listBackups()
      .items.map(({ name }) => name),
  ).toEqual(["full", "more"]);
  expect(reported(new Spoilt())).toEqual([]);
  expect(reported(new Spoilt(), {})).toEqual([]);
});

test("every invariant can be broken", () => {
  expect(Object.keys(broken).sort()).toEqual([...invariantNames].sort());
});

describe.each(invariantNames)("%s", (name) => {
  test.each(broken[name] ?? [])("is broken by: %s", (_, spoil, id) => {
    const spoilt = new Spoilt();
    spoil(spoilt);
    expect(reported(spoilt)).toContain(`${name}: ${id}`);
  });
});

test.each(sound)("%s breaks nothing: it is at the edge", (_, spoil, name) => {
  const spoilt = new Spoilt();
  spoil(spoilt);
  expect(reported(spoilt).filter((line) => line.startsWith(name))).toEqual([]);
});

test("other limits and another time are checked by themselves", () => {
  const spoilt = new Spoilt();
  const limits = { maxReplicasPerSource: 1, maxInstancesPerAccount: 25 };
  expect(reported(spoilt, { now, limits })).toEqual([
    "a source has no more replicas than the limit: instance-0",
  ]);
  expect(reported(spoilt, { now: now - 1 })).toContain(
    "an instance's time never goes back: instance-7",
  );
  expect(reported(spoilt, { now: now + 3_600_001 })).toContain(
    "a fault has its turn when it waits for one, and never before now: fault-2",
  );
});
