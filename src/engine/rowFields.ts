import { dictionary, record } from "../domain/compositeFields.js";
import type {
  Backup,
  BackupSchedule,
  Configuration,
  Database,
  DatabaseUser,
  Failover,
  HaGroup,
  Instance,
  OperationFault,
  Work,
} from "../domain/entities.js";
import { faultField, taskField } from "../domain/faultFields.js";
import type { InjectedFault, TasksLeft } from "../domain/faults.js";
import { choice, type Field, type RecordFields, required } from "../domain/fields.js";
import { dayOfWeek, hour, minute, ownerKind } from "../domain/vocabulary.js";
import type { OwnedKind } from "../topology/state.js";
import { link, writes } from "./logFields.js";
import {
  amount,
  count,
  listOf,
  max,
  moment,
  named,
  nullable,
  perhapsCount,
  perhapsMoment,
  perhapsText,
  size,
  text,
  textOrAmount,
  texts,
  yesOrNo,
} from "./rowParts.js";

/*
 * The rows of a snapshot, as a file holds them. What a state or a status may be, and which ids must lead somewhere,
 * the invariants know.
 */

const work = nullable(
  record<Work>({
    ...named,
    of: {
      task: required(taskField),
      dueAt: required(count),
      seq: required(count),
      cause: required(count),
      target: required(nullable(textOrAmount())),
    },
  }),
);
const operationFault = nullable(
  record<OperationFault>({
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
const owned = { ...place, id: required(text), accountId: required(text) };
const times = { createdAt: required(moment), updatedAt: required(moment) };
const datastore = { datastoreType: required(text), datastoreVersion: required(text) };
const sized = { flavorId: required(text), volumeGb: required(size) };
// The invariants hold each state to the machines, and each status to its state.
const state = required(text as Field<never>);
/** What all rows hold that have a lifecycle. */
const living = {
  ...owned,
  ...times,
  ...datastore,
  ...sized,
  state,
  status: state,
  work: required(work),
  tasksStarted: required(count),
  fault: required(operationFault),
};

const instance = record<Instance>({
  ...named,
  of: {
    ...living,
    name: required(text),
    usedGb: required(amount),
    sourceId: perhapsText,
    replicaIds: required(texts),
    groupId: perhapsText,
    scheduleId: perhapsText,
    backupId: perhapsText,
    configurationId: perhapsText,
    writes: required(nullable(writes)),
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
    isForced: required(yesOrNo),
  },
});

const group = record<HaGroup>({
  ...named,
  of: {
    ...living,
    name: required(text),
    sourceId: perhapsText,
    replicaIds: required(texts),
    replicasToCome: required(listOf(nullable(text))),
    networks: required(listOf(choice({ ...named, of: ["public", "servicenet"] }))),
    acls: required(texts),
    failovers: required(listOf(failover)),
    replicationMode: required(choice({ ...named, of: ["asynchronous", "semi-synchronous"] })),
    scheduleId: perhapsText,
    backupId: perhapsText,
    configurationId: perhapsText,
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
    lastScheduledAt: perhapsMoment,
    seq: required(count),
    cause: required(count),
  },
});

const backup = record<Backup>({
  ...named,
  of: {
    ...living,
    name: required(text),
    description: perhapsText,
    ownerKind: required(ownerKind),
    ownerId: required(text),
    instanceId: required(text),
    parentId: perhapsText,
    scheduleId: perhapsText,
    hiddenFor: perhapsText,
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
    values: required(dictionary({ ...named, countMax: max })),
  },
});

const fault = record<InjectedFault>({
  ...named,
  of: {
    ...owned,
    fault: required(faultField),
    injectedAt: required(moment),
    phase: required(choice({ ...named, of: ["coming", "standing", "recurring"] })),
    dueAt: perhapsCount,
    seq: perhapsCount,
    endsAt: perhapsCount,
    cause: required(count),
    on: perhapsCount,
    strikes: required(count),
    left: required(
      nullable(
        record<TasksLeft>({ ...named, of: { skip: required(count), times: required(count) } }),
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

const counted: RecordFields<Readonly<Record<OwnedKind | "faults", number>>> = {
  instances: required(count),
  groups: required(count),
  schedules: required(count),
  backups: required(count),
  configurations: required(count),
  faults: required(count),
};
const account = record<{
  readonly id: string;
  readonly created: Readonly<Record<OwnedKind | "faults", number>>;
}>({
  ...named,
  of: { id: required(text), created: required(record({ ...named, of: counted })) },
});

/** Everything that a snapshot holds beside its clock and its settings. */
export const topologyFields = {
  accounts: required(listOf(account)),
  instances: required(tableOf(instance)),
  groups: required(tableOf(group)),
  schedules: required(tableOf(schedule)),
  backups: required(tableOf(backup)),
  configurations: required(tableOf(configuration)),
  faults: required(tableOf(fault)),
};
