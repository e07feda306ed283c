import fc from "fast-check";
import type { CommandType } from "../../model/commandTypes.js";
import {
  configurationId,
  conversion,
  dayMs,
  execute,
  groupId,
  newest,
  replicaOf,
  set,
  size,
  source,
  wide,
} from "./fragmentParts.js";
import { groups, groupWork } from "./groupFragments.js";
import type { DraftCommand, ReferenceKind, StepDraft, StepDrafts } from "./stepDrafts.js";

/**
 * Acts that lead somewhere together: chance alone would seldom find a replication set, let alone a group. Each may be
 * left out, so that a phrase shrinks to the acts that matter.
 * @param commands - the commands that may occur
 */
export function fragmentArbitrary(commands: readonly CommandType[]): fc.Arbitrary<StepDrafts> {
  const told = (phrase: StepDrafts): fc.Arbitrary<StepDrafts> => {
    const acts = phrase
      .filter((act) => !isCommandBut(act, commands))
      .map((act) => fc.option(fc.constant(act), { nil: undefined, freq: 15 }));
    return fc.tuple(...acts).map((kept) => kept.filter((act) => act !== undefined));
  };
  return fc.oneof(
    { weight: 5, arbitrary: fc.oneof(...sets.map(told)) },
    { weight: 1, arbitrary: fc.oneof(...asides.map(told)) },
    {
      weight: 9,
      arbitrary: mergeUntrusted(fc.oneof(...groups.map(told)), fc.oneof(...groupWork.map(told))),
    },
    {
      weight: 1,
      arbitrary: mergeUntrusted(fc.oneof(...owners.map(told)), fc.oneof(...contents.map(told))),
    },
    {
      weight: 3,
      arbitrary: mergeUntrusted(fc.oneof(...owners.map(told)), fc.oneof(...backups.map(told))),
    },
    {
      weight: 3,
      arbitrary: mergeUntrusted(
        fc.oneof(...[set, ...groups].map((phrase) => told([...phrase, "settle", workload]))),
        fc.oneof(...losses.map(told)),
      ),
    },
  );
}

const labelled = execute({
  type: "createConfiguration",
  name: "labelled",
  label: "a label",
  values: {},
});

const scheduleOf = (the: ReferenceKind): StepDraft =>
  execute({ type: "createSchedule", ownerId: newest(the) });
/** Replication sets, and what becomes of them when they are converted. */
const sets: readonly StepDrafts[] = [
  set,
  set,
  [...set, replicaOf("source"), "settle"],
  [
    ...set,
    replicaOf("source"),
    "settle",
    execute({ type: "promoteReplica", instanceId: newest("replica") }),
    execute({ type: "promoteReplica", instanceId: { the: "replica", nth: 1 } }),
  ],
  [
    ...set,
    execute({
      type: "createReplica",
      ...size,
      replicaOf: newest("source"),
      datastore: { version: "5.7" },
    }),
  ],
  [
    source,
    "settle",
    execute({ type: "deleteInstance", instanceId: newest("instance") }),
    execute({ type: "renameInstance", instanceId: newest("instance"), name: "gone" }),
  ],
  // A label is given once.
  [labelled, labelled],
  [...set, scheduleOf("replica"), conversion, { advance: 60_000 }, "settle"],
  [...set, execute({ type: "failTask", task: "convert" }), conversion, "settle"],
];

/** What is asked when it cannot be, or must not. */
const asides: readonly StepDrafts[] = [
  [
    ...set,
    execute({
      type: "injectFault",
      fault: { kind: "breakReplication", replicaId: newest("replica") },
    }),
    execute({ type: "injectFault", fault: { kind: "crash", instanceId: newest("source") } }),
    execute({
      type: "injectFault",
      fault: { kind: "repairReplication", replicaId: newest("replica") },
    }),
  ],
  [
    ...set,
    source,
    execute({
      type: "detachReplica",
      instanceId: newest("replica"),
      replicaOf: newest("instance"),
    }),
    execute({ type: "detachReplica", instanceId: newest("replica") }),
    execute({ type: "detachReplica", instanceId: newest("replica") }),
  ],
  [execute({ ...wide, label: "twice" }), execute({ ...wide, label: "twice" })],
  // Values change under what has them: at rest, at work, and too many of them.
  [
    ...set,
    execute(wide),
    execute({ type: "attachConfiguration", instanceId: newest("source"), configurationId }),
    execute({
      type: "updateConfiguration",
      configurationId,
      name: "wider",
      values: { innodb_log_file_size: 64, max_connections: 7 },
    }),
    execute({ type: "restartInstance", instanceId: newest("source") }),
    execute({ type: "updateConfiguration", configurationId, values: {}, replace: true }),
    execute({ type: "updateConfiguration", configurationId }),
    execute({ type: "updateConfiguration", configurationId, values: many("first"), replace: true }),
    execute({ type: "updateConfiguration", configurationId, values: many("second") }),
  ],
  // What is in the way passes by itself: a configuration's last user, a source's last replica, a parent that runs.
  [
    source,
    "settle",
    execute(wide),
    execute({ type: "attachConfiguration", instanceId: newest("instance"), configurationId }),
    execute({ type: "deleteInstance", instanceId: newest("instance") }),
    execute({ type: "deleteConfiguration", configurationId }),
  ],
  [
    ...set,
    execute({ type: "deleteInstance", instanceId: newest("replica") }),
    execute({ type: "deleteInstance", instanceId: newest("source") }),
  ],
  [
    source,
    "settle",
    execute({ type: "createBackup", name: "full", ownerId: newest("instance") }),
    execute({
      type: "createBackup",
      name: "incremental",
      ownerId: newest("instance"),
      parentId: newest("backup"),
    }),
  ],
  // The clock of one instance is a part of the process that it belongs to.
  [
    ...set,
    execute({
      type: "injectFault",
      fault: {
        kind: "random",
        fault: "crash",
        target: "all",
        timeToFailure: { kind: "exponential", meanMs: dayMs },
        timeToRepair: { kind: "exponential", meanMs: 60_000 },
      },
    }),
    execute({ type: "clearFault", faultId: newest("fault") }),
  ],
  // Clients write elsewhere, as far as there are any, and as many as can.
  [
    source,
    source,
    "settle",
    execute({ type: "setWorkload", instanceId: newest("instance"), transactionsPerSecond: 90_000 }),
    execute({
      type: "setWorkload",
      instanceId: { the: "instance", nth: 1 },
      transactionsPerSecond: 90_000,
    }),
    execute({
      type: "moveClients",
      instanceId: newest("instance"),
      toInstanceId: { the: "instance", nth: 1 },
    }),
    execute({ type: "setWorkload", instanceId: newest("instance"), transactionsPerSecond: 1 }),
    execute({
      type: "moveClients",
      instanceId: newest("instance"),
      toInstanceId: { the: "instance", nth: 1 },
    }),
    execute({
      type: "moveClients",
      instanceId: newest("instance"),
      toInstanceId: newest("instance"),
    }),
    execute({
      type: "moveClients",
      instanceId: { the: "instance", nth: 1 },
      toInstanceId: newest("replica"),
    }),
  ],
  // Roles change: with a source that answers, and with clients that wait or come along.
  [
    ...set,
    "settle",
    execute({ type: "setWorkload", instanceId: newest("source"), transactionsPerSecond: 10 }),
    execute({ type: "promoteReplica", instanceId: newest("replica") }),
    execute({ type: "promoteReplica", instanceId: { the: "replica", nth: 1 } }),
    "settle",
    execute({ type: "promoteReplica", instanceId: newest("source") }),
    execute({
      type: "moveClients",
      instanceId: { the: "instance", nth: 1 },
      toInstanceId: newest("instance"),
    }),
    execute({ type: "promoteReplica", instanceId: newest("replica"), moveClients: true }),
  ],
  // With one that is at work, and with one that is down and left behind.
  [
    ...set,
    "settle",
    execute({ type: "restartInstance", instanceId: newest("source") }),
    execute({ type: "promoteReplica", instanceId: newest("replica") }),
    "settle",
    execute({
      type: "injectFault",
      fault: { kind: "breakReplication", replicaId: newest("replica") },
    }),
    execute({ type: "promoteReplica", instanceId: newest("replica") }),
    execute({ type: "injectFault", fault: { kind: "crash", instanceId: newest("source") } }),
    execute({ type: "promoteReplica", instanceId: newest("replica") }),
  ],
  // Members with different configurations.
  [
    ...set,
    execute(wide),
    execute({ type: "attachConfiguration", instanceId: newest("replica"), configurationId }),
    conversion,
  ],
  // While the replica is copied from its source.
  [
    source,
    "settle",
    replicaOf("instance"),
    { advance: 4_000 },
    execute({ type: "restartInstance", instanceId: newest("source") }),
  ],
  [
    source,
    "settle",
    execute({ type: "setDataSize", instanceId: newest("instance"), usedGb: 9 }),
    execute({ type: "createBackup", name: "full", ownerId: newest("instance") }),
    "settle",
    execute({ type: "createInstance", flavorId: "2", volumeGb: 8, restoreFrom: newest("backup") }),
  ],
];

/** Instances in every condition in which they can be backed up. */
const owners: readonly StepDrafts[] = [
  [source, "settle"],
  set,
  [source, "settle", execute({ type: "injectFault", fault: strike("crash") })],
  [source, "settle", execute({ type: "injectFault", fault: strike("hang") })],
  [
    source,
    "settle",
    execute(wide),
    execute({ type: "attachConfiguration", instanceId: newest("instance"), configurationId }),
  ],
];

const backup = execute({ type: "createBackup", name: "full", ownerId: newest("instance") });
const incremental = execute({
  type: "createBackup",
  name: "incremental",
  ownerId: newest("instance"),
  parentId: newest("backup"),
});
const deletion = execute({ type: "deleteBackup", backupId: { the: "backup", nth: 1 } });

/** Backups by hand and by schedule, and what becomes of them. */
const backups: readonly StepDrafts[] = [
  [backup, { advance: 2_000 }],
  [backup, backup],
  [backup, "settle", incremental, "settle", incremental, "settle"],
  [backup, "settle", incremental, "settle", deletion, incremental, "settle"],
  [backup, "settle", execute({ type: "failTask", task: "deleteBackup" }), deletion, "settle"],
  [
    backup,
    "settle",
    execute({ type: "createInstance", ...size, restoreFrom: newest("backup") }),
    "settle",
  ],
  [
    execute({
      type: "createSchedule",
      ownerId: newest("instance"),
      dayOfWeek: 7,
      fullBackupRetention: 2,
    }),
    ...Array.from({ length: 4 }, (): StepDraft => ({ advance: dayMs })),
  ],
];

const workload = execute({
  type: "setWorkload",
  instanceId: newest("source"),
  transactionsPerSecond: 100,
});
type DraftFault = Extract<DraftCommand, { readonly type: "injectFault" }>["fault"];
const inject = (fault: DraftFault): StepDraft => execute({ type: "injectFault", fault });

/** How what users write comes to be behind, and lost. */
const losses: readonly StepDrafts[] = [
  [
    inject({ kind: "breakReplication", replicaId: newest("replica") }),
    { advance: 20_000 },
    inject({ kind: "repairReplication", replicaId: newest("replica") }),
    { advance: 10_000 },
  ],
  [
    { advance: 10_000 },
    inject({ kind: "crash", instanceId: newest("source") }),
    execute({ type: "detachReplica", instanceId: newest("replica") }),
    { advance: 60_000 },
    inject({ kind: "recover", instanceId: newest("source") }),
    "settle",
  ],
  [
    { advance: 10_000 },
    execute({ type: "forceFailover", groupId }),
    { advance: 60_000 },
    execute({ type: "setWorkload", instanceId: newest("source"), transactionsPerSecond: 0 }),
    execute({ type: "restartInstance", instanceId: newest("source") }),
    "settle",
  ],
];

const instanceId = newest("instance");
const databases = [{ name: "orders" }];
const users = [{ name: "app", password: "s3cret" }];

/** What is inside an instance: made, made again, brought back, deleted. */
const contents: readonly StepDrafts[] = [
  [
    execute({ type: "createDatabases", instanceId, databases }),
    execute({ type: "createDatabases", instanceId, databases }),
    execute({ type: "deleteDatabase", instanceId, name: "orders" }),
  ],
  [
    execute({ type: "createUsers", instanceId, users }),
    execute({ type: "createUsers", instanceId, users }),
    execute({ type: "deleteUser", instanceId, name: "app" }),
  ],
  [
    execute({ type: "createDatabases", instanceId, databases }),
    backup,
    "settle",
    execute({ type: "createInstance", ...size, databases, restoreFrom: newest("backup") }),
  ],
  // What does not go together.
  [
    execute({ type: "createInstance", flavorId: "1", volumeGb: 10, datastore: { version: "8.0" } }),
    execute({ ...wide, datastore: { version: "8.0" } }),
    execute({ type: "attachConfiguration", instanceId, configurationId }),
  ],
];

function strike(kind: "crash" | "hang") {
  return { kind, instanceId: newest("instance") } as const;
}

function mergeUntrusted(
  first: fc.Arbitrary<StepDrafts>,
  second: fc.Arbitrary<StepDrafts>,
): fc.Arbitrary<StepDrafts> {
  return fc.tuple(first, second).map(([before, after]) => [...before, ...after]);
}

/** Whether an act is a command that is not among those that may occur. */
function isCommandBut(act: StepDraft, commands: readonly CommandType[]): boolean {
  if (typeof act === "string" || !("execute" in act)) return false;
  return !commands.some((type) => type === act.execute.type);
}

/** As many parameters as a configuration may have, but not twice. */
function many(prefix: string): Readonly<Record<string, number>> {
  return Object.fromEntries(
    Array.from({ length: 150 }, (_, at) => [`${prefix}_${String(at)}`, at]),
  );
}
