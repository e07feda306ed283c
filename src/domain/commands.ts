import type { Database, DatabaseUser, Network, OwnerKind } from "./entities.js";
import type { TaskKind } from "./statuses.js";

/** A datastore by type (any letter case) and version, each optional. */
export interface DatastoreInput {
  readonly type?: string;
  readonly version?: string;
}

/** A database to make with the instance; `characterSet` defaults to `utf8`, `collate` to `utf8_general_ci`. */
export interface DatabaseInput {
  readonly name: string;
  readonly characterSet?: string;
  readonly collate?: string;
}

/** A user to make with the instance; `host` defaults to `%`. The password is checked and forgotten. */
export interface UserInput {
  readonly name: string;
  readonly password: string;
  readonly host?: string;
  readonly databases?: readonly string[];
}

/** A stand-alone instance. */
export interface CreateInstanceInput {
  /** Defaults to the id that the instance gets. */
  readonly name?: string;
  /** Id of a flavor, as text or as a number. */
  readonly flavorId: string | number;
  readonly volumeGb: number;
  readonly datastore?: DatastoreInput;
  readonly configurationId?: string;
  readonly databases?: readonly DatabaseInput[];
  readonly users?: readonly UserInput[];
}

/** A replica of the source `replicaOf`. Flavor and volume are required for replicas too (R1). */
export interface CreateReplicaInput extends CreateInstanceInput {
  readonly replicaOf: string;
}

/** Names one instance. */
export interface InstanceIdInput {
  readonly instanceId: string;
}

/** A new name for an instance. */
export interface RenameInstanceInput extends InstanceIdInput {
  readonly name: string;
}

/** Another flavor for an instance. */
export interface ResizeFlavorInput extends InstanceIdInput {
  readonly flavorId: string | number;
}

/** A larger volume for an instance, in GB. */
export interface ResizeVolumeInput extends InstanceIdInput {
  readonly volumeGb: number;
}

/** Ends replication; the replica becomes stand-alone and keeps its data. */
export interface DetachReplicaInput extends InstanceIdInput {
  /** May name the current source; pointing anywhere else is refused (R31). */
  readonly replicaOf?: string;
  /** A new name, given at once (R38). */
  readonly name?: string;
}

/** Turns a replication set, named by its source or by any of its replicas, into an HA group. */
export interface ConvertToHaInput extends InstanceIdInput {
  readonly name: string;
  /** `servicenet` is always added; it is also the default. */
  readonly networks?: readonly Network[];
  /** IPv4 ranges in CIDR form; none blocks all traffic. */
  readonly acls?: readonly string[];
}

/** One IPv4 range of an HA group. */
export interface AclInput {
  readonly groupId: string;
  readonly address: string;
}

/** A backup schedule; day, hour and minute are drawn where they are left out. */
export interface CreateScheduleInput {
  readonly ownerKind?: OwnerKind;
  readonly ownerId: string;
  /** 0 (Sunday) to 6; 7 is a full backup every day. */
  readonly dayOfWeek?: number;
  readonly hour?: number;
  readonly minute?: number;
  readonly fullBackupRetention?: number;
  readonly copyTo?: readonly string[];
}

/** Other times or another retention for a schedule. */
export interface UpdateScheduleInput {
  readonly scheduleId: string;
  readonly dayOfWeek?: number;
  readonly hour?: number;
  readonly minute?: number;
  readonly fullBackupRetention?: number;
  readonly copyTo?: readonly string[];
}

/** Names one schedule. */
export interface ScheduleIdInput {
  readonly scheduleId: string;
}

/** How much data an instance holds: no operation of the API, but what its users do inside it. */
export interface SetDataSizeInput extends InstanceIdInput {
  readonly usedGb: number;
}

/** Makes coming work fail: the next task of a kind, of one instance or group or of any. */
export interface FailTaskInput {
  readonly task: TaskKind;
  /** Only work of the instance or group with this id. */
  readonly of?: string;
  /** Tasks of this kind to let pass first; default 0. */
  readonly skip?: number;
  /** How many to fail; default 1. */
  readonly times?: number;
  /** A build fails after the server is up, so that the instance ends FAILED instead of ERROR. */
  readonly atPreparation?: boolean;
  readonly message?: string;
}

/** Every command by its name, with what it takes. */
export interface CommandInputs {
  readonly createInstance: CreateInstanceInput;
  readonly createReplica: CreateReplicaInput;
  readonly renameInstance: RenameInstanceInput;
  readonly restartInstance: InstanceIdInput;
  readonly resizeFlavor: ResizeFlavorInput;
  readonly resizeVolume: ResizeVolumeInput;
  readonly deleteInstance: InstanceIdInput;
  readonly detachReplica: DetachReplicaInput;
  readonly convertToHa: ConvertToHaInput;
  readonly addAcl: AclInput;
  readonly deleteAcl: AclInput;
  readonly createSchedule: CreateScheduleInput;
  readonly updateSchedule: UpdateScheduleInput;
  readonly deleteSchedule: ScheduleIdInput;
  readonly setDataSize: SetDataSizeInput;
  readonly failTask: FailTaskInput;
}

/** The name of a command. */
export type CommandType = keyof CommandInputs;

/** What a caller asks: plain data, as it stands in the journal. */
export type Command = {
  readonly [K in CommandType]: { readonly type: K } & CommandInputs[K];
}[CommandType];

/** One kind of command. */
export type CommandOf<K extends CommandType> = Extract<Command, { readonly type: K }>;

/** Databases as they are kept: defaults filled in (§1.1). */
export function databasesFrom(inputs: readonly DatabaseInput[] = []): readonly Database[] {
  return inputs.map(({ name, characterSet = "utf8", collate = "utf8_general_ci" }) => ({
    name,
    characterSet,
    collate,
  }));
}

/** Users as they are kept: defaults filled in, no password (§1.1). */
export function usersFrom(inputs: readonly UserInput[] = []): readonly DatabaseUser[] {
  return inputs.map(({ name, host = "%", databases = [] }) => ({ name, host, databases }));
}
