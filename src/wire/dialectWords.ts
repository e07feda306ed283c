import type { BackupStatus } from "../lifecycle/backupStates.js";
import type { HaGroupStatus } from "../lifecycle/groupStates.js";
import type { InstanceStatus } from "../lifecycle/instanceStates.js";
import type { ErrorCode } from "../model/errors.js";
import type { JsonObject } from "./json.js";

/** The texts of an error, besides its code. */
export interface ErrorText {
  readonly message: string;
  readonly details?: string | undefined;
}

/** The status words of an API; rows keep the words of the documented API. */
export interface StatusWords {
  /** Returns the word of an instance status. */
  readonly instance: (status: InstanceStatus) => string;
  /** Returns the word of an HA group status. */
  readonly group: (status: HaGroupStatus) => string;
  /** Returns the word of a backup status. */
  readonly backup: (status: BackupStatus) => string;
}

/** The form of an API's errors. */
export interface ErrorFormat {
  /** HTTP status by error code. */
  readonly statusByCode: Readonly<Record<ErrorCode, number>>;
  /** Returns the body of an error. */
  readonly body: (code: ErrorCode, text: ErrorText) => JsonObject;
}

/** The part of a dialect that responses are written with. */
export interface DialectWords {
  /** Name of the API in error messages: `rackspace`. */
  readonly name: string;
  /** First segment of every path of the API, before the account: `v1.0`. */
  readonly version: string;
  readonly statusWords: StatusWords;
  readonly errors: ErrorFormat;
}
