import {
  type AccountView,
  diff,
  type Journal,
  ReplicationSimulator,
  type SnapshotJson,
} from "replication-simulator";

/*
 * Every function of the core that a caller can reach, found by looking, and for each a call that is accepted. A new
 * method without such a call turns the first test of `badInput.test.ts` red.
 */

/** Ids that can be written down. */
export const ids = (kind: string, ordinal: number): string => `${kind}-${String(ordinal)}`;
const small = { flavorId: "2", volumeGb: 10 } as const;

/** One of everything, at rest: `instance-0` with a replica, two groups, a schedule, backups, configurations, a fault. */
export function sampleWorld(): ReplicationSimulator {
  const sim = new ReplicationSimulator({ createId: ids });
  sim.createInstance({ ...small, databases: [{ name: "shop" }], users: [user()] });
  sim.createInstance({ ...small, label: "labelled" });
  for (const name of ["static", "attached", "of the group"]) {
    sim.createConfiguration({ name, values: { max_connections: 100 } });
  }
  sim.settle();
  sim.createReplica({ ...small, replicaOf: "instance-0" });
  const group = { source: { ...small }, replicas: [{ ...small }], acls: ["10.0.0.0/8"] };
  sim.createHaGroup({ name: "tuned", ...group, configurationId: "configuration-2" });
  sim.createHaGroup({ name: "plain", ...group });
  sim.settle();
  sim.attachConfiguration("instance-1", "configuration-1");
  sim.createSchedule({ ownerId: "instance-1", dayOfWeek: 1, hour: 2, minute: 3 });
  sim.createBackup({ name: "kept", ownerId: "instance-0" });
  sim.settle();
  sim.setWorkload("instance-0", { transactionsPerSecond: 10 });
  sim.inject({ kind: "hang", instanceId: "instance-1" }, { afterMs: 3_600_000 });
  sim.account("5678").createInstance(small);
  sim.settle();
  return sim;
}

const user = () => ({ name: "shop", password: "secret", host: "%", databases: ["shop"] });

export type Arguments = readonly unknown[];
type Call = (sim: ReplicationSimulator) => Arguments;

/** What the methods of an account are called with, in the sample world. Some prepare it first. */
export const accountCalls: Readonly<Record<string, Call>> = {
  createInstance: () => [
    {
      name: "orders",
      ...small,
      datastore: { type: "mysql", version: "5.6" },
      databases: [{ name: "a", characterSet: "utf8", collate: "utf8_general_ci" }],
      users: [{ ...user(), databases: ["a"] }],
    },
  ],
  createReplica: () => [{ name: "orders-r", ...small, replicaOf: "instance-0" }],
  idOf: () => ["labelled"],
  getInstance: () => ["instance-0"],
  listInstances: () => [
    { limit: 2, marker: "instance-0", includeReplicas: false, includeHa: true },
  ],
  listReplicas: () => ["instance-0"],
  renameInstance: () => ["instance-0", "new"],
  restartInstance: () => ["instance-1"],
  resizeFlavor: () => ["instance-1", 3],
  resizeVolume: () => ["instance-1", 20],
  deleteInstance: () => ["instance-1"],
  detachReplica: () => ["instance-2", { replicaOf: "instance-0", name: "free" }],
  convertToHa: () => [
    "instance-0",
    { name: "ha", networks: ["public", "servicenet"], acls: ["10.0.0.0/8"] },
  ],
  getGroup: () => ["group-0"],
  listGroups: () => [{ limit: 1, marker: "group-0" }],
  addAcl: () => ["group-0", "192.168.0.0/16"],
  listAcls: () => ["group-0"],
  deleteAcl: () => ["group-0", "10.0.0.0/8"],
  createSchedule: () => [
    {
      ownerId: "instance-0",
      ownerKind: "instance",
      dayOfWeek: 1,
      hour: 2,
      minute: 3,
      fullBackupRetention: 2,
      copyTo: ["DFW"],
    },
  ],
  getSchedule: () => ["schedule-0"],
  listSchedules: () => [{ limit: 1 }],
  updateSchedule: () => ["schedule-0", { hour: 4, minute: 5, runNow: true, copyTo: ["DFW"] }],
  deleteSchedule: () => ["schedule-0"],
  createHaGroup: () => [
    {
      name: "new",
      datastore: { type: "mysql", version: "5.6" },
      networks: ["servicenet"],
      source: { name: "s", ...small },
      replicas: [{ name: "r", ...small }],
      acls: ["10.0.0.0/8"],
      configurationId: "configuration-0",
    },
  ],
  deleteHaGroup: () => ["group-0"],
  addReplica: () => ["group-0", { name: "more", ...small }],
  removeReplica: (sim) => ["group-0", sim.addReplica("group-0", { ...small }).id, ...settled(sim)],
  restartGroup: () => ["group-0"],
  resizeGroupFlavor: () => ["group-0", 3],
  resizeGroupVolumes: () => ["group-0", 20],
  attachGroupConfiguration: () => ["group-1", "configuration-0"],
  detachGroupConfiguration: () => ["group-0"],
  forceFailover: () => ["group-0"],
  disableFailover: () => ["group-0"],
  enableFailover: (sim) => {
    sim.disableFailover("group-0");
    return ["group-0", ...settled(sim)];
  },
  updateProxyNodes: () => ["group-0"],
  repairGroup: (sim) => {
    sim.failTask({ task: "updateProxyNodes" });
    sim.updateProxyNodes("group-0");
    return ["group-0", ...settled(sim)];
  },
  listFailovers: () => ["group-0"],
  createBackup: () => [
    {
      name: "new",
      ownerId: "instance-0",
      ownerKind: "instance",
      description: "of today",
      parentId: "backup-1",
    },
  ],
  getBackup: () => ["backup-1"],
  listBackups: () => [{ limit: 1, ownerId: "instance-0", datastoreType: "mysql" }],
  deleteBackup: () => ["backup-1"],
  createConfiguration: () => [
    {
      name: "new",
      datastore: { type: "mysql", version: "5.6" },
      values: { max_connections: 5, sql_mode: "strict", autocommit: true },
    },
  ],
  getConfiguration: () => ["configuration-0"],
  listConfigurations: () => [{ limit: 1 }],
  deleteConfiguration: () => ["configuration-0"],
  attachConfiguration: () => ["instance-0", "configuration-0"],
  detachConfiguration: () => ["instance-1"],
  createDatabases: () => ["instance-0", [{ name: "new", characterSet: "utf8" }]],
  listDatabases: () => ["instance-0"],
  deleteDatabase: () => ["instance-0", "shop"],
  createUsers: () => ["instance-0", [{ ...user(), name: "new" }]],
  listUsers: () => ["instance-0"],
  deleteUser: () => ["instance-0", "shop", "%"],
  listFlavors: () => [],
  getFlavor: () => [2],
  listDatastores: () => [],
  setDataSize: () => ["instance-0", 1.5],
  updateConfiguration: () => ["configuration-0", { values: { max_connections: 7 }, replace: true }],
  promoteReplica: () => ["instance-2", { moveClients: true }],
  moveClients: () => ["instance-0", "instance-1"],
  setWorkload: () => ["instance-0", { transactionsPerSecond: 5, bytesPerTransaction: 100 }],
  getReplicationStatus: () => ["instance-0"],
  failTask: () => [
    {
      task: "restart",
      of: "instance-0",
      skip: 0,
      every: 1,
      times: 1,
      message: "disk failed",
    },
  ],
  inject: () => [
    { kind: "slowTasks", factor: 3, task: "restart", durationMs: 1000 },
    { afterMs: 1000 },
  ],
  injectRandom: () => [
    {
      fault: "crash",
      target: { instanceId: "instance-0" },
      durationMs: 3_600_000,
      timeToFailure: { kind: "exponential", meanMs: 60_000 },
      timeToRepair: 1000,
    },
  ],
  injectRandomAmong: () => [
    {
      fault: "crash",
      target: { instanceId: "instance-0" },
      durationMs: 3_600_000,
      timeBetweenFailures: { kind: "exponential", meanMs: 60_000 },
      timeToRepair: 1000,
    },
  ],
  clearFault: (sim) => [sim.listFaults()[0]?.id],
  listFaults: () => [],
  waitFor: () => ["instance-0", "ACTIVE", { withinMs: 1000 }],
  waitForBackup: () => ["backup-1", "COMPLETED", { withinMs: 1000 }],
  instances: () => [{ role: "source", status: "ACTIVE", groupId: "g", sourceId: "s" }],
  groups: () => [{ status: "ACTIVE" }],
  backups: () => [{ status: "COMPLETED" }],
  schedules: () => [],
  execute: () => [{ type: "renameInstance", instanceId: "instance-0", name: "new" }],
  check: () => [{ type: "restartInstance", instanceId: "instance-0" }],
};

/** The same for the methods of the operator alone. */
export const operatorCalls: Readonly<Record<string, Call>> = {
  account: () => ["1234", { role: "observer" }],
  advance: () => [1000],
  advanceTo: (sim) => [sim.now + 1000],
  step: () => [],
  settle: () => [],
  listPendingTasks: () => [],
  subscribe: () => [() => undefined, { patches: true }],
  on: () => ["InstanceCreated", () => undefined],
  at: (sim) => [{ time: sim.now - 1 }],
  fork: () => [
    {
      seed: 2,
      jitter: 0.5,
      latency: { build: { from: 1, to: 2 }, restart: 5 },
      limits: { maxInstancesPerAccount: 40 },
      policy: { objectStorageAccess: false },
      rateLimits: { reads: 1000 },
    },
  ],
  branch: () => [{ calm: {}, busy: { seed: 3, run: () => undefined }, other: () => undefined }],
  journal: () => [],
  explain: () => ["instance-0"],
  snapshot: () => [],
  fingerprint: () => [],
};

/** The same for `history`. */
export const historyCalls: Readonly<Record<string, Call>> = {
  fold: () => [0, (value: number) => value],
  entries: () => [3],
  savepoint: () => [],
  rollbackTo: (sim) => [sim.history.savepoint()],
  loadSnapshot: (sim) => [snapshotOf(sim)],
  truncate: (sim) => [sim.history.savepoint()],
  replayEntries: (sim) => {
    const future = sim.fork();
    future.restartInstance("instance-1");
    future.settle();
    return [plain(future.history.entries(sim.snapshot().seq)), { until: future.now }];
  },
};

/** The same for `stateSpace`. */
export const stateSpaceCalls: Readonly<Record<string, Call>> = {
  choices: () => [],
  shape: () => [{ ordered: true, deleting: false }],
  allowedCommands: () => [{ restartInstance: { instanceId: ["instance-0"] } }],
};

/** Functions that belong to no simulator: by name, with what they are called. */
export const otherCalls: Readonly<
  Record<string, { readonly call: (...args: never[]) => unknown; readonly args: Call }>
> = {
  constructor: {
    call: (options: never) => new ReplicationSimulator(options),
    args: () => [
      {
        seed: "a",
        startAt: 5,
        accountId: "1",
        region: "DFW",
        jitter: 0.1,
        maxSteps: 1e6,
        latency: { build: { from: 1, to: 2 }, restart: { kind: "exponential", meanMs: 5 } },
        limits: { maxReplicasPerSource: 3 },
        rateLimits: { reads: 1000 },
        journal: true,
        policy: { databasesOnReplica: "ignore" },
        store: "in-place",
        createId: ids,
        catalog: plain(new ReplicationSimulator().settings.catalog),
        faults: [{ fault: { kind: "outage", durationMs: 1000 }, afterMs: 3_600_000 }],
      },
    ],
  },
  restore: {
    call: ReplicationSimulator.restore.bind(ReplicationSimulator),
    args: (sim) => [snapshotOf(sim), { createId: ids }],
  },
  replay: {
    call: ReplicationSimulator.replay.bind(ReplicationSimulator),
    args: () => [shortDraft(), { createId: ids }],
  },
  diff: {
    call: diff,
    args: () => [shortDraft(), shortDraft("restartInstance")],
  },
};

/** The same for what an account shows. */
export const viewCalls: Readonly<Record<string, (view: AccountView) => Arguments>> = {
  refusal: () => ["createInstance"],
  instance: () => ["instance-0"],
  replicasOf: (view) => [plain(view.instance("instance-0"))],
  labelled: () => ["labelled"],
  group: () => ["group-0"],
  membersOf: (view) => [plain(view.group("group-0"))],
  schedule: () => ["schedule-0"],
  backup: () => ["backup-1"],
  configuration: () => ["configuration-0"],
};

/** A journal in few lines, as a file would hold it. */
export function shortDraft(then?: "restartInstance"): Journal {
  const sim = new ReplicationSimulator({ createId: ids });
  sim.createInstance(small);
  sim.settle();
  sim.createReplica({ ...small, replicaOf: "instance-0" });
  sim.settle();
  if (then !== undefined) sim.restartInstance("instance-1");
  sim.advance(1000);
  return plain(sim.journal());
}

export function snapshotOf(sim: ReplicationSimulator): SnapshotJson {
  return plain(sim.snapshot().toJSON());
}

/** Functions on the way from a prototype to `Object`, each once. */
export function functionsOf(prototype: object): string[] {
  const found: string[] = [];
  for (let at = prototype; at !== Object.prototype; at = Object.getPrototypeOf(at) as object) {
    for (const [name, { value }] of Object.entries(Object.getOwnPropertyDescriptors(at))) {
      if (typeof value === "function" && name !== "constructor") found.push(name);
    }
  }
  return [...new Set(found)];
}

/** Functions that are called elsewhere. */
export const internal: readonly string[] = [
  // Refuses every call in a world with a journal, as these are; test/simulator/shapes.test.ts calls it.
  "fire",
  // These take no arguments: test/simulator/inspection.test.ts is about them.
  "toString",
  "toJSON",
];

function settled(sim: ReplicationSimulator): readonly [] {
  sim.settle();
  return [];
}

/** What `JSON.parse` makes of it. */
function plain<T>(value: T): T {
  return JSON.parse(JSON.stringify(value)) as T;
}
