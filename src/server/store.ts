import type { JournalEntry } from "../engine/journal.js";
import type { Snapshot, SnapshotJson } from "../simulator/serialization.js";

/** What goes into a store at once: all of it or nothing. */
export interface AppendBatch {
  /** Lines that follow on what the store has, or on `origin`. */
  readonly lines: readonly JournalEntry[];
  /** Virtual time after them, in ms since the epoch. */
  readonly now: number;
  /** Given when another world takes the place of the one in the store: what was there goes. */
  readonly origin?: Snapshot | SnapshotJson;
}

/** What comes out of a store: a moment of its world, and everything after it. */
export interface StoredWorld {
  readonly snapshot: SnapshotJson;
  /** In the order of their numbers, from the snapshot's on. */
  readonly lines: Iterable<JournalEntry>;
  /** Virtual time at the end. */
  readonly now: number;
}

/**
 * Where a server keeps its world. Whoever brings another store gives these four verbs, at once or as promises; what
 * `append` has accepted must still be there when the process, or the machine, is killed the moment after.
 */
export interface WorldStore {
  /**
   * The world, from its beginning or from the latest snapshot; undefined when there is none yet.
   * @throws StoreError when what is there cannot be read
   */
  read(from: "start" | "latest"): StoredWorld | undefined | Promise<StoredWorld | undefined>;
  /** Takes in what is new. After an error nothing of it may be in the store. */
  append(news: AppendBatch): void | Promise<void>;
  /** Keeps a moment that `append` has brought the store to, so that `read("latest")` has less to do. May do nothing. */
  snapshot(snapshot: Snapshot): void | Promise<void>;
  /** Lets go of what the store holds; the server calls it once, when nothing more will come. */
  close(): void | Promise<void>;
}

/**
 * What is wrong with a store: a file that is not ours (`foreign`) or of an unknown version (`version`), one that another
 * process holds (`in-use`), no SQLite at hand (`no-sqlite`), contents that do not fit together (`damaged`), or something
 * that could not be written (`write`).
 */
export type StoreErrorCode =
  | "foreign"
  | "version"
  | "in-use"
  | "no-sqlite"
  | "damaged"
  | "write"
  | "unfinished";

/** A store that does not do what it is there for; the message is one line and says why. */
export class StoreError extends Error {
  override readonly name = "StoreError";
  /** The kind of trouble, for programs. */
  readonly code: StoreErrorCode;

  /** A store of your own throws it from `read` and `append`. */
  constructor(trouble: StoreErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = trouble;
  }
}
