import type { Backup } from "../service/backups/backup.model.js";
import type { Configuration } from "../service/configurations/configuration.model.js";
import type { Fault, Faults, InjectOptions } from "../service/faults/fault.model.js";
import type { HaGroup } from "../service/haGroups/haGroup.model.js";
import type { Instance } from "../service/instances/instance.model.js";
import type { PlaceInput } from "../service/placement/placement.model.js";
import type { BackupSchedule } from "../service/schedules/schedule.model.js";
import type { Catalog } from "./catalog.js";
import type { LabelInput } from "./labels.js";

/**
 * Every command with its input and its result. `CommandOf<"createReplica">` is one as plain data, `InputOf` and
 * `ResultOf` are its two sides; the methods of the same names take and return them.
 */
export interface Commands {
  /** Creates a stand-alone instance. */
  readonly createInstance: {
    readonly input: LabelInput & {
      /** Default: the id that the instance gets. */
      readonly name?: string;
      /** Id of a flavor, as a string or a number. */
      readonly flavorId: string | number;
      /** Size of the volume, in whole GB. */
      readonly volumeGb: number;
      /** Default: that of `restoreFrom` or, for a replica, of its source; otherwise that of the catalog. */
      readonly datastore?: Partial<Catalog["defaultDatastore"]>;
      /** A configuration of the same datastore version; the default one where none is given. */
      readonly configurationId?: string;
      /** Databases to create with the instance; `characterSet` is `utf8` and `collate` `utf8_general_ci` by default. */
      readonly databases?: readonly {
        readonly name: string;
        readonly characterSet?: string;
        readonly collate?: string;
      }[];
      /** Users to create with the instance; `host` is `%` by default. The password is validated and not stored. */
      readonly users?: readonly {
        readonly name: string;
        readonly password: string;
        readonly host?: string;
        /** Names of databases of the same instance that the user may use. */
        readonly databases?: readonly string[];
      }[];
      /** Id of a completed backup whose data the instance starts with. */
      readonly restoreFrom?: string;
    } & PlaceInput;
    readonly result: Instance;
  };
  /** Creates a replica. Flavor and volume are required for replicas too. */
  readonly createReplica: {
    readonly input: InputOf<"createInstance"> & {
      /** Id of the source: an instance that is not a replica itself. */
      readonly replicaOf: string;
    };
    readonly result: Instance;
  };
  /** Gives an instance a new name. */
  readonly renameInstance: {
    readonly input: { readonly instanceId: string; readonly name: string };
    readonly result: Instance;
  };
  /** Restarts the service of an instance. */
  readonly restartInstance: {
    readonly input: { readonly instanceId: string };
    readonly result: Instance;
  };
  /** Moves an instance to another flavor. */
  readonly resizeFlavor: {
    readonly input: {
      readonly instanceId: string;
      /** Id of a flavor, as a string or a number. */
      readonly flavorId: string | number;
    };
    readonly result: Instance;
  };
  /** Makes the volume of an instance larger. */
  readonly resizeVolume: {
    readonly input: {
      readonly instanceId: string;
      /** Size of the volume, in whole GB: larger than now. */
      readonly volumeGb: number;
    };
    readonly result: Instance;
  };
  /** Deletes an instance. */
  readonly deleteInstance: {
    readonly input: { readonly instanceId: string };
    readonly result: Instance;
  };
  /** Ends replication; the replica becomes stand-alone and keeps its data. */
  readonly detachReplica: {
    readonly input: {
      readonly instanceId: string;
      /** May name the current source; any other id is refused. */
      readonly replicaOf?: string;
      /** A new name, given at once. */
      readonly name?: string;
    };
    readonly result: Instance;
  };
  /** Makes a replica of a plain set its source: a switchover by an operator, not an operation of the API. */
  readonly promoteReplica: {
    readonly input: {
      readonly instanceId: string;
      /** Whether the clients of the old source write on the new one from then on. Default: they stay where they are. */
      readonly moveClients?: boolean;
    };
    readonly result: Instance;
  };

  /** Converts a replication set, named by its source or any of its replicas, to an HA group. */
  readonly convertToHa: {
    readonly input: LabelInput & {
      readonly instanceId: string;
      readonly name: string;
      /** `servicenet` is always added; it is also the default. */
      readonly networks?: HaGroup["networks"];
      /** IPv4 ranges in CIDR form; an empty list blocks all traffic. */
      readonly acls?: readonly string[];
    };
    readonly result: HaGroup;
  };
  /** Creates an HA group with a source and one or two replicas; all have the same flavor and volume. */
  readonly createHaGroup: {
    readonly input: LabelInput & {
      readonly name: string;
      /** Default: that of the catalog. */
      readonly datastore?: Partial<Catalog["defaultDatastore"]>;
      readonly source: LabelInput & {
        /** Default: the id that the instance gets. */
        readonly name?: string;
        /** Id of a flavor, as a string or a number. */
        readonly flavorId: string | number;
        /** Size of the volume, in whole GB. */
        readonly volumeGb: number;
      } & PlaceInput;
      readonly replicas: readonly InputOf<"createHaGroup">["source"][];
      /** `servicenet` is always added; it is also the default. */
      readonly networks?: HaGroup["networks"];
      /** IPv4 ranges in CIDR form; an empty list blocks all traffic. */
      readonly acls?: readonly string[];
      /** A configuration of the same datastore version, for every member. */
      readonly configurationId?: string;
    };
    readonly result: HaGroup;
  };
  /** Deletes a group and its members. */
  readonly deleteHaGroup: {
    readonly input: { readonly groupId: string };
    readonly result: undefined;
  };
  /** Adds a replica to a group. */
  readonly addReplica: {
    readonly input: { readonly groupId: string } & InputOf<"createHaGroup">["source"];
    readonly result: Instance;
  };
  /** Removes a replica from its group; it becomes stand-alone. */
  readonly removeReplica: {
    readonly input: { readonly groupId: string; readonly instanceId: string };
    readonly result: HaGroup;
  };
  /** Restarts all members of a group. */
  readonly restartGroup: {
    readonly input: { readonly groupId: string };
    readonly result: HaGroup;
  };
  /** Moves all members of a group to a larger flavor. */
  readonly resizeGroupFlavor: {
    readonly input: {
      readonly groupId: string;
      /** Id of a flavor, as a string or a number. */
      readonly flavorId: string | number;
    };
    readonly result: HaGroup;
  };
  /** Makes the volumes of all members of a group larger. */
  readonly resizeGroupVolumes: {
    readonly input: {
      readonly groupId: string;
      /** Size of every volume, in whole GB: larger than now. */
      readonly volumeGb: number;
    };
    readonly result: HaGroup;
  };
  /** Attaches a configuration to all members of a group. */
  readonly attachGroupConfiguration: {
    readonly input: { readonly groupId: string; readonly configurationId: string };
    readonly result: HaGroup;
  };
  /** Detaches the configuration of a group. */
  readonly detachGroupConfiguration: {
    readonly input: { readonly groupId: string };
    readonly result: HaGroup;
  };
  /** Promotes a replica of a group while its source is up. */
  readonly forceFailover: {
    readonly input: { readonly groupId: string };
    readonly result: HaGroup;
  };
  /** Switches failover of a group off. */
  readonly disableFailover: {
    readonly input: { readonly groupId: string };
    readonly result: HaGroup;
  };
  /** Switches failover of a group on. */
  readonly enableFailover: {
    readonly input: { readonly groupId: string };
    readonly result: HaGroup;
  };
  /** Configures the proxies in front of a group. */
  readonly updateProxyNodes: {
    readonly input: { readonly groupId: string };
    readonly result: HaGroup;
  };
  /** Clears what a failed operation has left on a group. */
  readonly repairGroup: {
    readonly input: { readonly groupId: string };
    readonly result: HaGroup;
  };
  /** Allows an IPv4 range to connect to a group. */
  readonly addAcl: {
    readonly input: {
      readonly groupId: string;
      /** An IPv4 range in CIDR form. */
      readonly address: string;
    };
    readonly result: HaGroup;
  };
  /** Removes an IPv4 range from a group. */
  readonly deleteAcl: {
    readonly input: {
      readonly groupId: string;
      /** An IPv4 range in CIDR form. */
      readonly address: string;
    };
    readonly result: HaGroup;
  };

  /** Schedules the backups of an instance or a group; day, hour and minute are drawn where they are absent. */
  readonly createSchedule: {
    readonly input: LabelInput & {
      /** What `ownerId` names; default `instance`. */
      readonly ownerKind?: BackupSchedule["ownerKind"];
      /** Id of the instance or the HA group to back up. */
      readonly ownerId: string;
      /** 0 (Sunday) to 6; 7 is a full backup every day. */
      readonly dayOfWeek?: number;
      /** 0 to 23, UTC. */
      readonly hour?: number;
      /** 0 to 59. */
      readonly minute?: number;
      /** Number of full backups to keep. */
      readonly fullBackupRetention?: number;
      /** Regions that get a copy. */
      readonly copyTo?: readonly string[];
    };
    readonly result: BackupSchedule;
  };
  /** Changes the times or the retention of a schedule. */
  readonly updateSchedule: {
    readonly input: Omit<InputOf<"createSchedule">, "ownerKind" | "ownerId" | "label"> & {
      readonly scheduleId: string;
      /** Takes a backup at once, too. */
      readonly runNow?: boolean;
    };
    readonly result: BackupSchedule;
  };
  /** Deletes a schedule. */
  readonly deleteSchedule: {
    readonly input: { readonly scheduleId: string };
    readonly result: undefined;
  };
  /** Takes a backup of an instance or a group. */
  readonly createBackup: {
    readonly input: LabelInput & {
      readonly name: string;
      /** What `ownerId` names; default `instance`. */
      readonly ownerKind?: Backup["ownerKind"];
      /** Id of the instance or the HA group to back up. */
      readonly ownerId: string;
      readonly description?: string;
      /** A completed backup of the same source that this one adds to. */
      readonly parentId?: string;
      /**
       * Adds to the last backup of the same source that can be added to; takes a full one where there is none. Has no
       * effect beside a `parentId`.
       */
      readonly incremental?: boolean;
    };
    readonly result: Backup;
  };
  /** Deletes a backup. */
  readonly deleteBackup: {
    readonly input: { readonly backupId: string };
    readonly result: Backup;
  };
  /** Creates a set of parameters for a datastore version. */
  readonly createConfiguration: {
    readonly input: LabelInput & {
      readonly name: string;
      readonly description?: string;
      /** Default: that of the catalog. */
      readonly datastore?: Partial<Catalog["defaultDatastore"]>;
      /** Parameter by name. The `staticParameters` of the catalog take effect at a restart. */
      readonly values: Configuration["values"];
    };
    readonly result: Configuration;
  };
  /** Changes a configuration, and with it all instances and groups that have it attached. */
  readonly updateConfiguration: {
    readonly input: {
      readonly configurationId: string;
      readonly name?: string;
      /** Null removes the description. */
      readonly description?: string | null;
      /** Parameter by name. The `staticParameters` of the catalog take effect at a restart. */
      readonly values?: Configuration["values"];
      /** Whether parameters that `values` does not name are removed. Default: they stay. */
      readonly replace?: boolean;
    };
    readonly result: Configuration;
  };
  /** Deletes a configuration. */
  readonly deleteConfiguration: {
    readonly input: { readonly configurationId: string };
    readonly result: undefined;
  };
  /** Attaches a configuration to an instance. */
  readonly attachConfiguration: {
    readonly input: { readonly instanceId: string; readonly configurationId: string };
    readonly result: Instance;
  };
  /** Detaches the configuration of an instance. */
  readonly detachConfiguration: {
    readonly input: { readonly instanceId: string };
    readonly result: Instance;
  };
  /** Creates databases in an instance. */
  readonly createDatabases: {
    readonly input: {
      readonly instanceId: string;
      readonly databases: NonNullable<InputOf<"createInstance">["databases"]>;
    };
    readonly result: Instance;
  };
  /** Deletes a database of an instance. */
  readonly deleteDatabase: {
    readonly input: { readonly instanceId: string; readonly name: string };
    readonly result: Instance;
  };
  /** Creates users in an instance. */
  readonly createUsers: {
    readonly input: {
      readonly instanceId: string;
      readonly users: NonNullable<InputOf<"createInstance">["users"]>;
    };
    readonly result: Instance;
  };
  /** Deletes a user of an instance; `host` is `%` by default. */
  readonly deleteUser: {
    readonly input: {
      readonly instanceId: string;
      readonly name: string;
      readonly host?: string;
    };
    readonly result: Instance;
  };

  /** Sets how much data an instance and its replicas hold. Not an operation of the API. */
  readonly setDataSize: {
    readonly input: {
      readonly instanceId: string;
      /** Data on the volume, in GB; need not be whole. */
      readonly usedGb: number;
    };
    readonly result: Instance;
  };
  /** Sets what the clients of an instance write. Not an operation of the API. */
  readonly setWorkload: {
    readonly input: {
      readonly instanceId: string;
      /** 0 ends it. */
      readonly transactionsPerSecond: number;
      /** Default 1,000. */
      readonly bytesPerTransaction?: number;
    };
    readonly result: Instance;
  };
  /** Lets the clients of an instance write on another one. Not an operation of the API. */
  readonly moveClients: {
    readonly input: {
      readonly instanceId: string;
      /** Id of the instance that they write on from now on. */
      readonly toInstanceId: string;
    };
    readonly result: Instance;
  };
  /** Makes tasks fail. The result is the id of the fault. */
  readonly failTask: {
    readonly input: Omit<Faults["failTask"], "durationMs"> & LabelInput;
    readonly result: string;
  };
  /** Injects a fault. The result is its id. */
  readonly injectFault: {
    readonly input: InjectOptions & { readonly fault: Fault };
    readonly result: string;
  };
  /** Ends a fault. */
  readonly clearFault: {
    readonly input: { readonly faultId: string };
    readonly result: undefined;
  };
}

/** The name of a command. */
export type CommandType = keyof Commands;

/** The input of a command: `InputOf<"createReplica">`. */
export type InputOf<K extends CommandType> = Commands[K]["input"];

/** What a command returns: the row that it creates or changes, as it is afterwards. */
export type ResultOf<K extends CommandType> = Commands[K]["result"];

/** A command as plain data, as it stands in the journal. */
export type Command = {
  readonly [K in CommandType]: { readonly type: K } & InputOf<K>;
}[CommandType];

/** One kind of command: `CommandOf<"createReplica">`. */
export type CommandOf<K extends CommandType> = Extract<Command, { readonly type: K }>;
