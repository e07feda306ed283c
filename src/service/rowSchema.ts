import { labelledKinds } from "../kernel/labels.js";
import { latencySources } from "../kernel/latency.js";
import type { AccountJson } from "../kernel/snapshot.js";
import { distribution } from "../model/distributions.js";
import { placeFields, rackField, zoneField } from "../model/placementFields.js";
import type { LatencyKey, OperationError, Work } from "../model/rows.js";
import { dictionary, record } from "../model/schema/compositeFields.js";
import { enumOf, type Field, type RecordFields, required } from "../model/schema/fields.js";
import {
  amount,
  booleanField,
  count,
  key,
  listOf,
  max,
  moment,
  named,
  nullable,
  nullableCount,
  nullableString,
  nullableTime,
  size,
  text,
  textOrAmount,
  texts,
} from "../model/schema/rowSchemaParts.js";
import { dayOfWeek, hour, minute, ownerKind } from "../model/sharedFields.js";
import type { OwnedKind } from "../model/topology.js";
import type { Backup } from "./backups/backup.model.js";
import type { Configuration } from "./configurations/configuration.model.js";
import type {
  ClockPlace,
  FaultClock,
  InjectedFault,
  RemainingTasks,
} from "./faults/fault.model.js";
import { faultField, taskField } from "./faults/faultFields.js";
import type { Failover, HaGroup, ReplicaToCome } from "./haGroups/haGroup.model.js";
import type { Database, DatabaseUser, Instance } from "./instances/instance.model.js";
import { link, writes } from "./replication/logSchema.js";
import type { BackupSchedule } from "./schedules/schedule.model.js";

/* Schemas of the rows of a snapshot. The invariants check states, statuses and references. */

const work = nullable(
  record<Work>({
    ...named,
    of: {
      task: required(taskField),
      startedAt: required(moment),
      latency: required(enumOf({ ...named, of: Object.keys(latencySources) as LatencyKey[] })),
      factor: required(amount),
      dueAt: required(count),
      seq: required(count),
      cause: required(count),
      target: required(nullable(textOrAmount())),
    },
  }),
);
const operationError = nullable(
  record<OperationError>({
    ...named,
    of: { task: required(taskField), message: required(text), createdAt: required(moment) },
  }),
);
const databases = listOf(
  record<Database>({
    ...named,
    of: { name: required(text), characterSet: required(text), collate: required(text) },
  }),
);
const users = listOf(
  record<DatabaseUser>({
    ...named,
    of: { name: required(text), host: required(text), databases: required(texts) },
  }),
);

const place = { ordinal: required(count), accountOrdinal: required(count) };
const owned = {
  ...place,
  id: required(text),
  accountId: required(text),
  key: required(key),
  label: nullableString,
};
const times = { createdAt: required(moment), updatedAt: required(moment) };
const datastore = { datastoreType: required(text), datastoreVersion: required(text) };
const sized = { flavorId: required(text), volumeGb: required(size) };
// The invariants check each state against the machines, and each status against its state.
const state = required(text as Field<never>);
/** Fields of all rows with a lifecycle. */
const living = {
  ...owned,
  ...times,
  ...datastore,
  ...sized,
  state,
  status: state,
  work: required(work),
  tasksStarted: required(count),
  lastError: required(operationError),
};

const instance = record<Instance>({
  ...named,
  of: {
    ...living,
    name: required(text),
    usedGb: required(amount),
    sourceId: nullableString,
    replicaIds: required(texts),
    groupId: nullableString,
    scheduleId: nullableString,
    backupId: nullableString,
    configurationId: nullableString,
    zone: required(zoneField),
    rack: required(rackField),
    partitionId: nullableString,
    log: required(nullable(writes)),
    link: required(nullable(link)),
    databases: required(databases),
    users: required(users),
  },
});

const failover = record<Failover>({
  ...named,
  of: {
    id: required(text),
    groupId: required(text),
    oldSourceId: required(text),
    newSourceId: required(text),
    at: required(moment),
    isForced: required(booleanField),
  },
});

const group = record<HaGroup>({
  ...named,
  of: {
    ...living,
    name: required(text),
    sourceId: nullableString,
    replicaIds: required(texts),
    pendingReplicaNames: required(
      listOf(
        record<ReplicaToCome>({
          ...named,
          of: { name: nullableString, label: nullableString, ...placeFields },
        }),
      ),
    ),
    networks: required(listOf(enumOf({ ...named, of: ["public", "servicenet"] }))),
    acls: required(texts),
    failovers: required(listOf(failover)),
    replicationMode: required(enumOf({ ...named, of: ["asynchronous", "semi-synchronous"] })),
    scheduleId: nullableString,
    backupId: nullableString,
    configurationId: nullableString,
  },
});

const schedule = record<BackupSchedule>({
  ...named,
  of: {
    ...owned,
    ...times,
    ownerKind: required(ownerKind),
    ownerId: required(text),
    dayOfWeek: required(dayOfWeek),
    hour: required(hour),
    minute: required(minute),
    fullBackupRetention: required(count),
    copyTo: required(nullable(texts)),
    nextRunAt: required(count),
    lastScheduledAt: nullableTime,
    seq: required(count),
    cause: required(count),
  },
});

const backup = record<Backup>({
  ...named,
  of: {
    ...living,
    name: required(text),
    description: nullableString,
    ownerKind: required(ownerKind),
    ownerId: required(text),
    instanceId: required(text),
    parentId: nullableString,
    scheduleId: nullableString,
    hiddenForReplicaId: nullableString,
    sizeGb: required(nullable(amount)),
    dataGb: required(amount),
    databases: required(databases),
    users: required(users),
  },
});

const configuration = record<Configuration>({
  ...named,
  of: {
    ...owned,
    ...times,
    ...datastore,
    name: required(text),
    description: nullableString,
    values: required(dictionary({ ...named, countMax: max })),
  },
});

const fault = record<InjectedFault>({
  ...named,
  of: {
    ...owned,
    fault: required(faultField),
    injectedAt: required(moment),
    phase: required(enumOf({ ...named, of: ["scheduled", "active", "recurring"] })),
    dueAt: nullableCount,
    seq: nullableCount,
    endsAt: nullableCount,
    cause: required(count),
    targetOrdinal: nullableCount,
    activations: required(count),
    clock: required(
      nullable(
        record<FaultClock>({
          ...named,
          of: {
            distribution: required(distribution),
            since: nullableTime,
            ranMs: required(count),
            totalMs: required(count),
          },
        }),
      ),
    ),
    clockOf: required(
      nullable(
        record<ClockPlace>({
          ...named,
          of: { processOrdinal: required(count), instanceOrdinal: nullableCount },
        }),
      ),
    ),
    partOf: nullableString,
    remaining: required(
      nullable(
        record<RemainingTasks>({ ...named, of: { skip: required(count), times: required(count) } }),
      ),
    ),
  },
});

/** A table of rows. */
function tableOf<Row>(of: Field<Row>) {
  return record<{ readonly size: number; readonly rows: readonly Row[] }>({
    ...named,
    of: { size: required(count), rows: required(listOf(of)) },
  });
}

const withRequestCounted: RecordFields<Readonly<Record<OwnedKind | "faults", number>>> = {
  instances: required(count),
  groups: required(count),
  schedules: required(count),
  backups: required(count),
  configurations: required(count),
  faults: required(count),
};
const account = record<AccountJson>({
  ...named,
  of: {
    id: required(text),
    created: required(record({ ...named, of: withRequestCounted })),
    labels: required(
      listOf(
        record<AccountJson["labels"][number]>({
          ...named,
          of: {
            label: required(text),
            kind: required(nullable(enumOf({ ...named, of: labelledKinds }))),
            ordinal: nullableCount,
          },
        }),
      ),
    ),
    made: required(
      listOf(
        record<AccountJson["made"][number]>({
          ...named,
          of: { counted: required(key), number: required(size) },
        }),
      ),
    ),
  },
});

/** Everything in a snapshot besides its clock and its settings. */
export const topologyFields = {
  accounts: required(listOf(account)),
  instances: required(tableOf(instance)),
  groups: required(tableOf(group)),
  schedules: required(tableOf(schedule)),
  backups: required(tableOf(backup)),
  configurations: required(tableOf(configuration)),
  faults: required(tableOf(fault)),
};
