import type { SetWorkloadInput } from "./dataPlane.js";
import type { Network, OwnerKind } from "./entities.js";
import type { FailTaskInput, FaultIdInput, InjectFaultInput } from "./faults.js";

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
  /** Id of a completed backup whose data the instance starts with. */
  readonly restoreFrom?: string;
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

/** One node of a new HA group; all have the same flavor and volume. */
export interface NodeInput {
  readonly name?: string;
  readonly flavorId: string | number;
  readonly volumeGb: number;
}

/** A new HA group with a source and one or two replicas. */
export interface CreateHaGroupInput {
  readonly name: string;
  readonly datastore?: DatastoreInput;
  readonly source: NodeInput;
  readonly replicas: readonly NodeInput[];
  readonly networks?: readonly Network[];
  readonly acls?: readonly string[];
  readonly configurationId?: string;
}

/** Names one HA group. */
export interface GroupIdInput {
  readonly groupId: string;
}

/** One more replica for a group. */
export interface AddReplicaInput extends GroupIdInput, NodeInput {}

/** A replica that leaves its group and becomes stand-alone. */
export interface RemoveReplicaInput extends GroupIdInput {
  readonly instanceId: string;
}

/** Another flavor for all members of a group. */
export interface ResizeGroupFlavorInput extends GroupIdInput {
  readonly flavorId: string | number;
}

/** Larger volumes for all members of a group, in GB. */
export interface ResizeGroupVolumesInput extends GroupIdInput {
  readonly volumeGb: number;
}

/** A set of parameters for a datastore version. */
export interface CreateConfigurationInput {
  readonly name: string;
  readonly datastore?: DatastoreInput;
  /** Parameter by name. Those that the catalog does not call dynamic take effect at a restart. */
  readonly values: Readonly<Record<string, string | number | boolean>>;
}

/** Names one configuration. */
export interface ConfigurationIdInput {
  readonly configurationId: string;
}

/** A configuration for an instance. */
export interface AttachConfigurationInput extends InstanceIdInput, ConfigurationIdInput {}

/** A configuration for all members of a group. */
export interface AttachGroupConfigurationInput extends GroupIdInput, ConfigurationIdInput {}

/** A backup of an instance or a group, on demand. */
export interface CreateBackupInput {
  readonly name: string;
  readonly ownerKind?: OwnerKind;
  readonly ownerId: string;
  readonly description?: string;
  /** A completed backup of the same source that this one adds to. */
  readonly parentId?: string;
}

/** Names one backup. */
export interface BackupIdInput {
  readonly backupId: string;
}

/** Databases to make in an instance. */
export interface CreateDatabasesInput extends InstanceIdInput {
  readonly databases: readonly DatabaseInput[];
}

/** Names one database of an instance. */
export interface DeleteDatabaseInput extends InstanceIdInput {
  readonly name: string;
}

/** Users to make in an instance. */
export interface CreateUsersInput extends InstanceIdInput {
  readonly users: readonly UserInput[];
}

/** Names one user of an instance; `host` defaults to `%`. */
export interface DeleteUserInput extends InstanceIdInput {
  readonly name: string;
  readonly host?: string;
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
  /** Takes a backup at once, too. */
  readonly runNow?: boolean;
}

/** Names one schedule. */
export interface ScheduleIdInput {
  readonly scheduleId: string;
}

/** How much data an instance and its replicas hold: no operation of the API, but what its users do inside it. */
export interface SetDataSizeInput extends InstanceIdInput {
  readonly usedGb: number;
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
  readonly createHaGroup: CreateHaGroupInput;
  readonly deleteHaGroup: GroupIdInput;
  readonly addReplica: AddReplicaInput;
  readonly removeReplica: RemoveReplicaInput;
  readonly restartGroup: GroupIdInput;
  readonly resizeGroupFlavor: ResizeGroupFlavorInput;
  readonly resizeGroupVolumes: ResizeGroupVolumesInput;
  readonly attachGroupConfiguration: AttachGroupConfigurationInput;
  readonly detachGroupConfiguration: GroupIdInput;
  readonly addAcl: AclInput;
  readonly deleteAcl: AclInput;
  readonly createSchedule: CreateScheduleInput;
  readonly updateSchedule: UpdateScheduleInput;
  readonly deleteSchedule: ScheduleIdInput;
  readonly createBackup: CreateBackupInput;
  readonly deleteBackup: BackupIdInput;
  readonly createConfiguration: CreateConfigurationInput;
  readonly deleteConfiguration: ConfigurationIdInput;
  readonly attachConfiguration: AttachConfigurationInput;
  readonly detachConfiguration: InstanceIdInput;
  readonly createDatabases: CreateDatabasesInput;
  readonly deleteDatabase: DeleteDatabaseInput;
  readonly createUsers: CreateUsersInput;
  readonly deleteUser: DeleteUserInput;
  readonly forceFailover: GroupIdInput;
  readonly disableFailover: GroupIdInput;
  readonly enableFailover: GroupIdInput;
  readonly updateProxyNodes: GroupIdInput;
  readonly repairGroup: GroupIdInput;
  readonly setDataSize: SetDataSizeInput;
  readonly setWorkload: SetWorkloadInput;
  readonly failTask: FailTaskInput;
  readonly injectFault: InjectFaultInput;
  readonly liftFault: FaultIdInput;
}

/** The name of a command. */
export type CommandType = keyof CommandInputs;

/** What a caller asks: plain data, as it stands in the journal. */
export type Command = {
  readonly [K in CommandType]: { readonly type: K } & CommandInputs[K];
}[CommandType];

/** One kind of command. */
export type CommandOf<K extends CommandType> = Extract<Command, { readonly type: K }>;
