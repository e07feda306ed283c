import type { Work } from "../model/rows.js";
import type { Backup } from "./backups/backup.model.js";
import type { Configuration } from "./configurations/configuration.model.js";
import type { InjectedFault } from "./faults/fault.model.js";
import type { HaGroup } from "./haGroups/haGroup.model.js";
import type { Instance } from "./instances/instance.model.js";
import type { ReplicationLink, ReplicationLog } from "./replication/dataPlane.model.js";
import type { BackupSchedule } from "./schedules/schedule.model.js";

/**
 * Whether and how a field matters for the future, apart from times:
 * - `no`: it does not; ids, names, times, counters, causes, fields that are only displayed.
 * - `value`: as it is.
 * - `null`: only whether it is null.
 * - `length`: only its length.
 * - `reference`: the id of a row, ids in an order that matters, or a value that contains ids.
 * - `references`: ids in an order that does not matter.
 * - `place`: the ordinal of an instance.
 * - `partition`: the name of a partition, whatever it is.
 * - or the same for each field of a value.
 */
export type Relevance<Value> = RelevanceWord | RelevanceOf<NonNullable<Value>>;

/** One word for a whole field. */
export type RelevanceWord =
  | "no"
  | "value"
  | "null"
  | "length"
  | "reference"
  | "references"
  | "place"
  | "partition";

/** Relevance of every field. A new field of a row does not compile before it is declared here. */
export type RelevanceOf<Row> = { readonly [K in keyof Row]-?: Relevance<Row[K]> };

const owned = {
  ordinal: "no",
  accountOrdinal: "no",
  id: "no",
  accountId: "value",
  key: "no",
  label: "no",
} as const;

const work: RelevanceOf<Work> = {
  task: "value",
  startedAt: "no",
  latency: "value",
  factor: "value",
  dueAt: "no",
  seq: "no",
  cause: "no",
  target: "reference",
};

const living = {
  ...owned,
  createdAt: "no",
  updatedAt: "no",
  state: "value",
  status: "value",
  work,
  tasksStarted: "no",
  lastError: "no",
  flavorId: "value",
  volumeGb: "value",
  datastoreType: "value",
  datastoreVersion: "value",
} as const;

/** Positions are functions of time. What matters is whether clients can write and whether commits wait. */
const log: RelevanceOf<ReplicationLog> = {
  workload: "value",
  pieces: "no",
  interruptedAt: "null",
  stalledSince: "null",
  resumedAt: "no",
  lostTransactions: "no",
  replacedId: "no",
  semiSynchrony: { status: "value", acknowledged: "no", waitsFrom: "null", due: "null" },
};

const link: RelevanceOf<ReplicationLink> = {
  sourceId: "reference",
  condition: "value",
  failure: "value",
  lagMs: "no",
  applyMs: "no",
  at: "no",
  received: "no",
  applied: "no",
  receives: "value",
  applies: "value",
};

const instance: RelevanceOf<Instance> = {
  ...living,
  name: "no",
  usedGb: "value",
  sourceId: "reference",
  replicaIds: "references",
  groupId: "reference",
  scheduleId: "reference",
  backupId: "reference",
  configurationId: "reference",
  // Of faults that exact answers know, none names a place.
  zone: "no",
  rack: "no",
  partitionId: "partition",
  log,
  link,
  databases: "value",
  users: "value",
};

const group: RelevanceOf<HaGroup> = {
  ...living,
  name: "no",
  sourceId: "reference",
  replicaIds: "references",
  pendingReplicaNames: "length",
  networks: "value",
  acls: "value",
  replicationMode: "value",
  failovers: "no",
  scheduleId: "reference",
  backupId: "reference",
  configurationId: "reference",
};

const schedule: RelevanceOf<BackupSchedule> = {
  ...owned,
  createdAt: "no",
  updatedAt: "no",
  ownerKind: "value",
  ownerId: "reference",
  dayOfWeek: "value",
  hour: "value",
  minute: "value",
  fullBackupRetention: "value",
  copyTo: "value",
  nextRunAt: "no",
  lastScheduledAt: "no",
  seq: "no",
  cause: "no",
};

const backup: RelevanceOf<Backup> = {
  ...living,
  name: "no",
  description: "no",
  ownerKind: "value",
  ownerId: "reference",
  instanceId: "reference",
  parentId: "reference",
  scheduleId: "reference",
  hiddenForReplicaId: "reference",
  sizeGb: "value",
  dataGb: "value",
  databases: "value",
  users: "value",
};

const configuration: RelevanceOf<Configuration> = {
  ...owned,
  createdAt: "no",
  updatedAt: "no",
  name: "no",
  description: "no",
  datastoreType: "value",
  datastoreVersion: "value",
  values: "value",
};

const fault: RelevanceOf<InjectedFault> = {
  ...owned,
  fault: "reference",
  phase: "value",
  injectedAt: "no",
  dueAt: "null",
  seq: "no",
  endsAt: "null",
  cause: "no",
  targetOrdinal: "place",
  activations: "no",
  clock: { distribution: "value", since: "null", ranMs: "no", totalMs: "no" },
  // A clock is found by its random fault and its instance, which the fault names.
  clockOf: "null",
  partOf: "reference",
  remaining: "value",
};

/** What matters for the future, for each kind of row. */
export const rowShapes = {
  instances: instance,
  groups: group,
  schedules: schedule,
  backups: backup,
  configurations: configuration,
  faults: fault,
} as const;
