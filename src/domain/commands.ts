import type {
  BackupIdInput,
  ConfigurationIdInput,
  CreateBackupInput,
  CreateConfigurationInput,
  CreateScheduleInput,
  ScheduleIdInput,
  UpdateScheduleInput,
} from "./backupInputs.js";
import type { DatastoreInput } from "./catalog.js";
import type { SetWorkloadInput } from "./dataPlane.js";
import type { Network } from "./entities.js";
import type { FailTaskInput, FaultIdInput, InjectFaultInput } from "./faults.js";
import type { LabelInput } from "./labels.js";

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
  /** Names of databases of the same instance that the user may use. */
  readonly databases?: readonly string[];
}

/** A stand-alone instance. */
export interface CreateInstanceInput extends LabelInput {
  /** Defaults to the id that the instance gets. */
  readonly name?: string;
  /** Id of a flavor, as text or as a number. */
  readonly flavorId: string | number;
  /** Size of the volume, in whole GB. */
  readonly volumeGb: number;
  /** Defaults to that of `restoreFrom` or, for a replica, of its source; else to the catalog's. */
  readonly datastore?: DatastoreInput;
  /** A configuration of the same datastore version; the default one where none is given. */
  readonly configurationId?: string;
  /** Made with the instance. */
  readonly databases?: readonly DatabaseInput[];
  /** Made with the instance. */
  readonly users?: readonly UserInput[];
  /** Id of a completed backup whose data the instance starts with. */
  readonly restoreFrom?: string;
}

/** A replica of the source `replicaOf`. Flavor and volume are required for replicas too (R1). */
export interface CreateReplicaInput extends CreateInstanceInput {
  /** Id of the source: an instance that is no replica itself (R6). */
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
  /** Id of a flavor, as text or as a number. */
  readonly flavorId: string | number;
}

/** A larger volume for an instance, in GB. */
export interface ResizeVolumeInput extends InstanceIdInput {
  /** Size of the volume, in whole GB: larger than now. */
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
export interface ConvertToHaInput extends InstanceIdInput, LabelInput {
  readonly name: string;
  /** `servicenet` is always added; it is also the default. */
  readonly networks?: readonly Network[];
  /** IPv4 ranges in CIDR form; none blocks all traffic. */
  readonly acls?: readonly string[];
}

/** One node of a new HA group; all have the same flavor and volume. */
export interface NodeInput extends LabelInput {
  /** Defaults to the id that the instance gets. */
  readonly name?: string;
  /** Id of a flavor, as text or as a number. */
  readonly flavorId: string | number;
  /** Size of the volume, in whole GB. */
  readonly volumeGb: number;
}

/** A new HA group with a source and one or two replicas. */
export interface CreateHaGroupInput extends LabelInput {
  readonly name: string;
  /** Defaults to the catalog's. */
  readonly datastore?: DatastoreInput;
  readonly source: NodeInput;
  readonly replicas: readonly NodeInput[];
  /** `servicenet` is always added; it is also the default. */
  readonly networks?: readonly Network[];
  /** IPv4 ranges in CIDR form; none blocks all traffic. */
  readonly acls?: readonly string[];
  /** A configuration of the same datastore version, for every member. */
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
  /** Id of a flavor, as text or as a number. */
  readonly flavorId: string | number;
}

/** Larger volumes for all members of a group, in GB. */
export interface ResizeGroupVolumesInput extends GroupIdInput {
  /** Size of every volume, in whole GB: larger than now. */
  readonly volumeGb: number;
}

/** A configuration for an instance. */
export interface AttachConfigurationInput extends InstanceIdInput, ConfigurationIdInput {}

/** A configuration for all members of a group. */
export interface AttachGroupConfigurationInput extends GroupIdInput, ConfigurationIdInput {}

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
  /** An IPv4 range in CIDR form. */
  readonly address: string;
}

/** How much data an instance and its replicas hold: no operation of the API, but what its users do inside it. */
export interface SetDataSizeInput extends InstanceIdInput {
  /** Data on the volume, in GB; need not be whole. */
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
  readonly failTask: FailTaskInput & LabelInput;
  readonly injectFault: InjectFaultInput;
  readonly clearFault: FaultIdInput;
}

/** The name of a command. */
export type CommandType = keyof CommandInputs;

/** What a caller asks: plain data, as it stands in the journal. */
export type Command = {
  readonly [K in CommandType]: { readonly type: K } & CommandInputs[K];
}[CommandType];

/** One kind of command. */
export type CommandOf<K extends CommandType> = Extract<Command, { readonly type: K }>;
