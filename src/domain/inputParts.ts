import type { DatastoreInput } from "./catalog.js";
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

/** Names one instance. */
export interface InstanceIdInput {
  readonly instanceId: string;
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

/** Names one HA group. */
export interface GroupIdInput {
  readonly groupId: string;
}
