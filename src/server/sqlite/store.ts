import { createHash } from "node:crypto";
import { resolve } from "node:path";
import type { JournalEntry } from "../../kernel/journal.js";
import {
  anyFunction,
  assertOption,
  booleanRule,
  type OptionRule,
  type OptionRules,
  oneOf,
  parseOptions,
} from "../../model/schema/entryPointOptions.js";
import type { Snapshot, SnapshotJson } from "../../simulator/serialization.js";
import { type AppendBatch, type StoredWorld, StoreError, type WorldStore } from "../store.js";
import {
  isBusy,
  type SqliteConnection,
  type SqliteDriverName,
  type SqliteStatement,
  sqliteDriver,
} from "./driver.js";
import { create, inspect, inUse, openHere, sweep, wordsOf } from "./file.js";

/** Options of a state file. */
export interface SqliteOptions {
  /** Opens an existing file for reading only. Default false. */
  readonly readOnly?: boolean;
  /** Which library to use. Default: the runtime's own, else `libsql`. */
  readonly driver?: SqliteDriverName;
  /** Called when a damaged snapshot is skipped in favour of an older one. */
  readonly onCorruption?: (message: string) => void;
}

/**
 * Opens a world in a SQLite database, which any SQLite tool can read when the server has stopped. Every `append` is one
 * transaction, synchronized before it returns. The file is locked while the store is open.
 * @throws StoreError `foreign`, `version`, `in-use`, `no-sqlite` or `damaged`; the file is not changed then
 * @throws InvalidInputError `store-options`
 */
export async function openSqliteStore(
  path: string,
  options: SqliteOptions = {},
): Promise<WorldStore> {
  const read = parseOptions(options, demands, { field: "options", rule });
  const { readOnly = false, driver: wanted, onCorruption = () => undefined } = read;
  const file = resolve(assertOption(path, aPath, { field: "path", rule }));
  const isThere = inspect(file) !== undefined;
  if (!readOnly && isThere) sweep(file);
  if (readOnly && !isThere) throw new StoreError("foreign", `file ${file} not found`);
  const driver = await sqliteDriver(wanted);
  if (!isThere) create(file, driver);
  const found = inspect(file);
  if (found === undefined) throw new StoreError("foreign", `${file} was removed`);
  // Changes that a killed server left in a separate file must be merged first, which is a write.
  const isWritten = !readOnly || found.isUnfinished;
  const database = driver.open(file, { readOnly: !isWritten });
  try {
    if (isWritten) lock(database);
    database.exec("SELECT format, version FROM meta");
  } catch (cause) {
    database.close();
    if (isBusy(cause)) throw inUse(file, cause);
    throw damaged(file, `cannot be read: ${wordsOf(cause)}`, cause);
  }
  openHere.add(found.identity);
  const isWal = found.isUnfinished;
  return new SqliteStore({ file, database, isWritten, isWal, onCorruption }, () => {
    openHere.delete(found.identity);
  });
}

const rule = "store-options";

const aPath: OptionRule = {
  expected: "a path",
  accepts: (value) => typeof value === "string" && value !== "" && !value.includes("\0"),
};

const demands: OptionRules<SqliteOptions> = {
  readOnly: booleanRule,
  driver: oneOf("node:sqlite", "libsql"),
  onCorruption: anyFunction,
};

/** Locks the file for this process without changing it. */
function lock(database: SqliteConnection): void {
  database.exec("PRAGMA locking_mode = EXCLUSIVE");
  database.exec("BEGIN EXCLUSIVE");
  database.exec("COMMIT");
}

interface Opened {
  readonly file: string;
  readonly database: SqliteConnection;
  readonly isWritten: boolean;
  /** Whether a killed server has left a write-ahead log. */
  readonly isWal: boolean;
  readonly onCorruption: (message: string) => void;
}

interface SnapshotRow {
  readonly json: unknown;
  readonly sha256: unknown;
}

class SqliteStore implements WorldStore {
  readonly #opened: Opened;
  readonly #onClose: () => void;
  readonly #insertLine: SqliteStatement | undefined;
  /** Whether the header says that the file is in write-ahead mode. */
  #isWal: boolean;

  constructor(opened: Opened, onClose: () => void) {
    this.#opened = opened;
    this.#onClose = onClose;
    this.#isWal = opened.isWal;
    if (opened.isWritten) {
      this.#insertLine = opened.database.prepare("INSERT INTO lines (seq, json) VALUES (?, ?)");
    }
  }

  read(from: "start" | "latest"): StoredWorld | undefined {
    const { database, file } = this.#opened;
    const clock = this.#looking(
      () => database.prepare("SELECT now FROM clock").get() as { readonly now: number } | undefined,
    );
    if (clock === undefined) return undefined;
    const snapshot = this.#snapshot(from);
    if (snapshot === undefined) throw damaged(file, "has no intact snapshot");
    return { snapshot, lines: this.#lines(snapshot.seq), now: clock.now };
  }

  append({ lines, now, origin }: AppendBatch): void {
    const { database } = this.#opened;
    this.#atOnce(() => {
      if (origin !== undefined) {
        database.exec("DELETE FROM lines");
        database.exec("DELETE FROM snapshots");
        this.#putSnapshot(origin);
      }
      for (const line of lines) this.#insertLine?.run(line.seq, JSON.stringify(line));
      database.prepare("INSERT OR REPLACE INTO clock (id, now) VALUES (1, ?)").run(now);
    });
  }

  snapshot(snapshot: Snapshot): void {
    this.#atOnce(() => {
      this.#putSnapshot(snapshot);
      // The first one is the start of the journal; those between it and the latest are not needed.
      this.#opened.database
        .prepare("DELETE FROM snapshots WHERE seq > (SELECT MIN(seq) FROM snapshots) AND seq < ?")
        .run(snapshot.seq);
    });
  }

  close(): void {
    const { database, file, isWritten } = this.#opened;
    try {
      // One file that can be copied and opened anywhere, and no lock that outlasts the connection.
      if (this.#isWal) database.exec("PRAGMA journal_mode = DELETE");
      if (isWritten) {
        database.exec("PRAGMA locking_mode = NORMAL");
        database.prepare("SELECT version FROM meta").get();
      }
    } catch (cause) {
      throw new StoreError(
        "unfinished",
        `${file} could not be closed: ${wordsOf(cause)}. Nothing is lost: keep ${file}-wal beside it until the next start`,
        { cause },
      );
    } finally {
      database.close();
      this.#onClose();
    }
  }

  #putSnapshot(snapshot: Snapshot | SnapshotJson): void {
    const json = JSON.stringify(snapshot);
    const { seq } = snapshot;
    this.#opened.database
      .prepare("INSERT OR REPLACE INTO snapshots (seq, json, sha256) VALUES (?, ?, ?)")
      .run(seq, json, sha256(json));
  }

  #snapshot(from: "start" | "latest"): SnapshotJson | undefined {
    const { database, file, onCorruption } = this.#opened;
    const order = from === "start" ? "ASC LIMIT 1" : "DESC";
    const numbers = this.#looking(
      () =>
        database.prepare(`SELECT seq FROM snapshots ORDER BY seq ${order}`).all() as {
          readonly seq: number;
        }[],
    );
    // Read as bytes: a library may abort the process on text that is not UTF-8.
    const one = database.prepare(
      "SELECT CAST(json AS BLOB) AS json, CAST(sha256 AS BLOB) AS sha256 FROM snapshots WHERE seq = ?",
    );
    for (const { seq } of numbers) {
      const text = snapshotText(one, seq);
      if (text !== undefined) return JSON.parse(text) as SnapshotJson;
      onCorruption(`${file}: the snapshot at entry ${seq} is damaged and was skipped`);
    }
    return undefined;
  }

  /** @throws StoreError `damaged` if SQLite cannot read the data */
  #looking<T>(look: () => T): T {
    try {
      return look();
    } catch (cause) {
      throw damaged(this.#opened.file, `cannot be read: ${wordsOf(cause)}`, cause);
    }
  }

  /** In batches: a long journal need not fit into memory. */
  *#lines(first: number): Generator<JournalEntry> {
    const { database, file } = this.#opened;
    const page = database.prepare(
      `SELECT seq, CAST(json AS BLOB) AS json FROM lines WHERE seq >= ? ORDER BY seq LIMIT ${linesAtOnce}`,
    );
    for (let next = first; ; ) {
      const rows = this.#looking(
        () => page.all(next) as { readonly seq: number; readonly json: unknown }[],
      );
      for (const { seq, json } of rows) {
        if (seq !== next) throw damaged(file, `has no entry ${next}`);
        yield readLine(file, seq, json);
        next++;
      }
      if (rows.length < linesAtOnce) return;
    }
  }

  #atOnce(write: () => void): void {
    const { database, file } = this.#opened;
    try {
      if (!this.#isWal) {
        database.exec("PRAGMA journal_mode = WAL");
        this.#isWal = true;
      }
      // Every commit reaches the disk before it returns.
      database.exec("PRAGMA synchronous = FULL");
      database.exec("BEGIN IMMEDIATE");
      write();
      database.exec("COMMIT");
    } catch (cause) {
      try {
        database.exec("ROLLBACK");
      } catch {
        // SQLite has already rolled back, as it does when the disk is full
      }
      throw new StoreError("write", `${file} cannot be written: ${wordsOf(cause)}`, { cause });
    }
  }
}

const linesAtOnce = 1000;

/** Returns the text of an intact snapshot; undefined if it is damaged or unreadable. */
function snapshotText(one: SqliteStatement, seq: number): string | undefined {
  try {
    const row = one.get(seq) as SnapshotRow | undefined;
    if (row === undefined) return undefined;
    const text = textOf(row.json);
    return sha256(text) === textOf(row.sha256) ? text : undefined;
  } catch {
    return undefined;
  }
}

/** @throws TypeError for bytes that are not UTF-8 */
function textOf(bytes: unknown): string {
  return new TextDecoder("utf-8", { fatal: true }).decode(bytes as Uint8Array);
}

function readLine(file: string, seq: number, json: unknown): JournalEntry {
  try {
    return JSON.parse(textOf(json)) as JournalEntry;
  } catch (cause) {
    throw damaged(file, `has an entry ${seq} that is not JSON`, cause);
  }
}

function sha256(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}

function damaged(file: string, how: string, cause?: unknown): StoreError {
  return new StoreError("damaged", `${file} ${how}`, { cause });
}
