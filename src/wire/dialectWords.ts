import type { BackupStatus, HaGroupStatus, InstanceStatus } from "../lifecycle/statuses.js";
import type { ErrorCode } from "../model/errors.js";
import type { JsonObject } from "./json.js";

/** What an error says, besides its code. */
export interface ErrorText {
  readonly message: string;
  readonly details?: string | undefined;
}

/** How an API writes the status of things; the rows keep the words of the documented API. */
export interface StatusWords {
  readonly instance: (status: InstanceStatus) => string;
  readonly group: (status: HaGroupStatus) => string;
  readonly backup: (status: BackupStatus) => string;
}

/** The form of an API's errors. */
export interface ErrorFormat {
  readonly statusByCode: Readonly<Record<ErrorCode, number>>;
  readonly body: (code: ErrorCode, text: ErrorText) => JsonObject;
}

/** The part of a dialect that responses are written with. */
export interface DialectWords {
  /** What an error message may call it: `rackspace`. */
  readonly name: string;
  /** First segment of every path of the API, before the account: `v1.0`. */
  readonly version: string;
  readonly statusWords: StatusWords;
  readonly errors: ErrorFormat;
}
