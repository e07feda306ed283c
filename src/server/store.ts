import type { JournalEntry } from "../kernel/journal.js";
import type { Snapshot, SnapshotJson } from "../simulator/serialization.js";

/** A batch for a store: stored completely or not at all. */
export interface AppendBatch {
  /** Entries that continue the stored journal, or `origin`. */
  readonly lines: readonly JournalEntry[];
  /** Virtual time after them, in ms since the epoch. */
  readonly now: number;
  /** Present when another world replaces the stored one, which is deleted. */
  readonly origin?: Snapshot | SnapshotJson;
}

/** The stored world: a snapshot and everything after it. */
export interface StoredWorld {
  readonly snapshot: SnapshotJson;
  /** In the order of their numbers, starting after the snapshot. */
  readonly lines: Iterable<JournalEntry>;
  /** Virtual time at the end. */
  readonly now: number;
}

/**
 * Persistence of a server's world. A store of your own implements these four methods, synchronously or with promises.
 * What `append` has accepted must survive a kill of the process or the machine right afterwards.
 */
export interface WorldStore {
  /**
   * Returns the world, from its start or from the latest snapshot; undefined if there is none yet.
   * @throws StoreError if the stored data cannot be read
   */
  read(from: "start" | "latest"): StoredWorld | undefined | Promise<StoredWorld | undefined>;
  /** Stores a batch. After an error, none of it may be stored. */
  append(batch: AppendBatch): void | Promise<void>;
  /** Stores a snapshot of a state that `append` has stored, so that `read("latest")` is faster. May do nothing. */
  snapshot(snapshot: Snapshot): void | Promise<void>;
  /** Releases the resources of the store; the server calls it once, at its end. */
  close(): void | Promise<void>;
}

/**
 * Kinds of store errors: a foreign file (`foreign`) or one of an unknown version (`version`), a file that another
 * process has open (`in-use`), no SQLite available (`no-sqlite`), inconsistent content (`damaged`), or a failed write
 * (`write`).
 */
export type StoreErrorCode =
  | "foreign"
  | "version"
  | "in-use"
  | "no-sqlite"
  | "damaged"
  | "write"
  | "unfinished";

/** An error of a store; the message is one line with the reason. */
export class StoreError extends Error {
  override readonly name = "StoreError";
  /** The kind of error, for programs. */
  readonly code: StoreErrorCode;

  /** Thrown by `read` and `append` of a store of your own. */
  constructor(code: StoreErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}
