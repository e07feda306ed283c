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
 * Generates steps that belong together: independent random steps would seldom create a replication set, let alone a
 * group. Each step can be left out, so that a fragment shrinks to the relevant ones.
 * @param commands - the commands that may occur
 */
export function fragmentArbitrary(commands: readonly CommandType[]): fc.Arbitrary<StepDrafts> {
  const optionalSteps = (fragment: StepDrafts): fc.Arbitrary<StepDrafts> => {
    const steps = fragment
      .filter((step) => !isCommandBut(step, commands))
      .map((step) => fc.option(fc.constant(step), { nil: undefined, freq: 15 }));
    return fc.tuple(...steps).map((kept) => kept.filter((step) => step !== undefined));
  };
  return fc.oneof(
    { weight: 5, arbitrary: fc.oneof(...sets.map(optionalSteps)) },
    { weight: 1, arbitrary: fc.oneof(...asides.map(optionalSteps)) },
    {
      weight: 9,
      arbitrary: mergeUntrusted(
        fc.oneof(...groups.map(optionalSteps)),
        fc.oneof(...groupWork.map(optionalSteps)),
      ),
    },
    {
      weight: 1,
      arbitrary: mergeUntrusted(
        fc.oneof(...owners.map(optionalSteps)),
        fc.oneof(...contents.map(optionalSteps)),
      ),
    },
    {
      weight: 3,
      arbitrary: mergeUntrusted(
        fc.oneof(...owners.map(optionalSteps)),
        fc.oneof(...backups.map(optionalSteps)),
      ),
    },
    {
      weight: 3,
      arbitrary: mergeUntrusted(
        fc.oneof(
          ...[set, ...groups].map((fragment) => optionalSteps([...fragment, "settle", workload])),
        ),
        fc.oneof(...losses.map(optionalSteps)),
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
/** Replication sets, and their conversion to groups. */
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
  // A label can be used once.
  [labelled, labelled],
  [...set, scheduleOf("replica"), conversion, { advance: 60_000 }, "settle"],
  [...set, execute({ type: "failTask", task: "convert" }), conversion, "settle"],
];

/** Requests that are impossible or forbidden at the time. */
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
  // Configuration values change while attached: at rest, during tasks, and too many of them.
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
  // Obstacles that end by themselves: a configuration's last user, a source's last replica, a running parent backup.
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
  // The clock of one instance is a part of its random process.
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
  // Clients move to another instance, with as many replicas as possible.
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
  // Roles change: with a source that answers, and with clients that wait or move along.
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
  // With an instance that runs a task, and with one that is down and left behind.
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

/** Instances in every state that allows a backup. */
const owners: readonly StepDrafts[] = [
  [source, "settle"],
  set,
  [source, "settle", execute({ type: "injectFault", fault: hostFault("crash") })],
  [source, "settle", execute({ type: "injectFault", fault: hostFault("hang") })],
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

/** Manual and scheduled backups, and their life after. */
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

/** Ways in which written data lags and is lost. */
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

/** Databases and users of an instance: created, created again, restored, deleted. */
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
  // Combinations that are refused.
  [
    execute({ type: "createInstance", flavorId: "1", volumeGb: 10, datastore: { version: "8.0" } }),
    execute({ ...wide, datastore: { version: "8.0" } }),
    execute({ type: "attachConfiguration", instanceId, configurationId }),
  ],
];

function hostFault(kind: "crash" | "hang") {
  return { kind, instanceId: newest("instance") } as const;
}

function mergeUntrusted(
  first: fc.Arbitrary<StepDrafts>,
  second: fc.Arbitrary<StepDrafts>,
): fc.Arbitrary<StepDrafts> {
  return fc.tuple(first, second).map(([before, after]) => [...before, ...after]);
}

/** Returns whether a step is a command outside the list of allowed ones. */
function isCommandBut(step: StepDraft, commands: readonly CommandType[]): boolean {
  if (typeof step === "string" || !("execute" in step)) return false;
  return !commands.some((type) => type === step.execute.type);
}

/** Returns as many parameters as a configuration may have; two such sets exceed the limit. */
function many(prefix: string): Readonly<Record<string, number>> {
  return Object.fromEntries(
    Array.from({ length: 150 }, (_, at) => [`${prefix}_${String(at)}`, at]),
  );
}
