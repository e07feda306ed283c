import { emptyList } from "../../collections/deepFreeze.js";
import type { LatencyKey } from "../../kernel/latency.js";
import type { Birth } from "../../kernel/lineage.js";
import type { Transaction } from "../../kernel/transaction.js";
import type { Backup } from "../backups/backup.model.js";
import { type Copy, copyMs } from "../backups/copyDuration.js";
import { choosePlacement } from "../placement/choosePlacement.js";
import type { PlaceInput } from "../placement/placement.model.js";
import type { ReplicationLog } from "../replication/dataPlane.model.js";
import { newLog, noWorkload } from "../replication/logChanges.js";
import { freshId } from "../shared/lookups.js";
import type { Database, DatabaseUser, Instance } from "./instance.model.js";

/** Parameters of a new instance; without a name its id is its name. */
export interface NewInstance {
  readonly name: string | undefined;
  readonly birth: Birth;
  readonly flavorId: string | number;
  readonly volumeGb: number;
  readonly datastoreType: string;
  readonly datastoreVersion: string;
  readonly databases: readonly Database[];
  readonly users: readonly DatabaseUser[];
  readonly configurationId: string | null;
  /** Duration of the build. */
  readonly latency: LatencyKey;
  /** The instances of its set or group, which it stands apart from. Default none. */
  readonly near?: readonly Instance[];
  /** Where it was asked to stand. Default anywhere. */
  readonly place?: PlaceInput;
  /** Data that the build brings, in GB; null if it brings none. */
  readonly target: number | null;
  /** What the build copies; default nothing. */
  readonly copies?: Copy;
  /** Where the data that the build brings stand in a log, which the instance continues. Default none. */
  readonly logPosition?: Backup["logPosition"];
}

/** Returns a row for an instance whose build starts now. */
export function newInstance(moment: Transaction, made: NewInstance): Instance {
  const { initial, statusOf } = moment.context.lifecycle.instance;
  const place = moment.nextPlace("instances");
  const { birth, latency, target, copies, near = [], place: requested = {} } = made;
  const { key, label } = birth;
  const extraMs = copies === undefined ? 0 : copyMs(moment, key, copies);
  const id = freshId(moment, "instance", { place, key });
  const { zone, rack } = choosePlacement(moment, key, { near, place: requested });
  return {
    ordinal: place.ordinal,
    accountOrdinal: place.accountOrdinal,
    id,
    accountId: moment.context.accountId,
    key,
    label,
    name: made.name ?? id,
    state: initial,
    status: statusOf[initial],
    flavorId: String(made.flavorId),
    volumeGb: made.volumeGb,
    usedGb: 0,
    datastoreType: made.datastoreType,
    datastoreVersion: made.datastoreVersion,
    sourceId: null,
    replicaIds: [],
    groupId: null,
    scheduleId: null,
    backupId: null,
    configurationId: made.configurationId,
    zone,
    rack,
    partitionId: null,
    log: restoredLog(moment, made),
    link: null,
    databases: made.databases.length === 0 ? emptyList : made.databases,
    users: made.users.length === 0 ? emptyList : made.users,
    createdAt: moment.now,
    updatedAt: moment.now,
    work: moment.work("build", { key, tasksStarted: 0 }, { latency, target, extraMs }),
    tasksStarted: 1,
    lastError: null,
  };
}

/** Returns the log that data from a backup continue, without clients; null where the backup knows none. */
function restoredLog({ now }: Transaction, { logPosition }: NewInstance): ReplicationLog | null {
  if (logPosition == null) return null;
  const { instanceId, transactions, bytes } = logPosition;
  return newLog({
    now,
    position: { transactions, bytes },
    workload: noWorkload,
    since: now,
    origin: { instanceId, transactions },
  });
}

/** Emits the fact that a replica follows a source. */
export function follow(moment: Transaction, replica: Instance, source: Instance): void {
  moment.emit({
    type: "ReplicationStarted",
    replicaId: replica.id,
    replicaRow: replica.ordinal,
    sourceId: source.id,
    sourceRow: source.ordinal,
  });
}

/** Emits the fact that a replica no longer follows its source. */
export function unfollow(moment: Transaction, replica: Instance, source: Instance): void {
  moment.emit({
    type: "ReplicationStopped",
    replicaId: replica.id,
    replicaRow: replica.ordinal,
    sourceId: source.id,
    sourceRow: source.ordinal,
  });
}
