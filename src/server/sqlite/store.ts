import { createHash } from "node:crypto";
import { resolve } from "node:path";
import {
  anyFunction,
  assertOption,
  booleanRule,
  type OptionRule,
  type OptionRules,
  oneOf,
  parseOptions,
} from "../../domain/entryPointOptions.js";
import type { JournalEntry } from "../../engine/journal.js";
import type { Snapshot, SnapshotJson } from "../../simulator/serialization.js";
import { type AppendBatch, type StoredWorld, StoreError, type WorldStore } from "../store.js";
import {
  isBusy,
  type SqliteConnection,
  type SqliteDriverName,
  type SqliteStatement,
  sqliteDriver,
} from "./driver.js";
import { create, inspect, inUse, openHere, wordsOf } from "./file.js";

/** How to open a state file. */
export interface SqliteOptions {
  /** For reading alone: a file that is not there is not made. Default false. */
  readonly readOnly?: boolean;
  /** Which library to use. Default: the runtime's own, else `libsql`. */
  readonly driver?: SqliteDriverName;
  /** Hears of a stored snapshot that is damaged and was passed over for an older one. */
  readonly onCorruption?: (message: string) => void;
}

/**
 * A world in a SQLite database, which any SQLite tool can read when the server has stopped. Every `append` is one
 * transaction, synchronised before it returns. The file is locked as long as the store is open.
 * @throws StoreError `foreign`, `version`, `in-use`, `no-sqlite` or `damaged`; the file is as it was then
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
  if (readOnly && !isThere) throw new StoreError("foreign", `there is no file ${file}`);
  const driver = await sqliteDriver(wanted);
  if (!isThere) create(file, driver);
  const found = inspect(file);
  if (found === undefined) throw new StoreError("foreign", `${file} has gone away`);
  // What a killed server has left beside the file must be brought home first, which is a write.
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
  return new SqliteStore({ file, database, isWritten, onCorruption }, () => {
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

/** Takes the file for this process alone, and lets every commit reach the disk before it returns. */
function lock(database: SqliteConnection): void {
  database.exec("PRAGMA locking_mode = EXCLUSIVE");
  database.exec("PRAGMA journal_mode = WAL");
  database.exec("PRAGMA synchronous = FULL");
  database.exec("BEGIN EXCLUSIVE");
  database.exec("COMMIT");
}

interface Opened {
  readonly file: string;
  readonly database: SqliteConnection;
  readonly isWritten: boolean;
  readonly onCorruption: (message: string) => void;
}

interface SnapshotRow {
  readonly seq: number;
  readonly json: string;
  readonly sha256: string;
}

class SqliteStore implements WorldStore {
  readonly #opened: Opened;
  readonly #onClose: () => void;
  readonly #insertLine: SqliteStatement | undefined;

  constructor(opened: Opened, onClose: () => void) {
    this.#opened = opened;
    this.#onClose = onClose;
    if (opened.isWritten) {
      this.#insertLine = opened.database.prepare("INSERT INTO lines (seq, json) VALUES (?, ?)");
    }
  }

  read(from: "start" | "latest"): StoredWorld | undefined {
    const { database, file } = this.#opened;
    const clock = database.prepare("SELECT now FROM clock").get() as
      | { readonly now: number }
      | undefined;
    if (clock === undefined) return undefined;
    const snapshot = this.#snapshot(from);
    if (snapshot === undefined) throw damaged(file, "has no snapshot that is whole");
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
      // The first one is where the journal begins; those between it and the latest serve no purpose any more.
      this.#opened.database
        .prepare("DELETE FROM snapshots WHERE seq > (SELECT MIN(seq) FROM snapshots) AND seq < ?")
        .run(snapshot.position.seq);
    });
  }

  close(): void {
    const { database, isWritten } = this.#opened;
    if (isWritten) {
      // One file, which can be copied and opened anywhere; and no lock that outlasts the connection.
      database.exec("PRAGMA journal_mode = DELETE");
      database.exec("PRAGMA locking_mode = NORMAL");
      database.prepare("SELECT version FROM meta").get();
    }
    database.close();
    this.#onClose();
  }

  #putSnapshot(snapshot: Snapshot | SnapshotJson): void {
    const json = JSON.stringify(snapshot);
    const { seq } = "position" in snapshot ? snapshot.position : snapshot;
    this.#opened.database
      .prepare("INSERT OR REPLACE INTO snapshots (seq, json, sha256) VALUES (?, ?, ?)")
      .run(seq, json, sha256(json));
  }

  #snapshot(from: "start" | "latest"): SnapshotJson | undefined {
    const { database, file, onCorruption } = this.#opened;
    const order = from === "start" ? "ASC LIMIT 1" : "DESC";
    const rows = database.prepare(`SELECT seq, json, sha256 FROM snapshots ORDER BY seq ${order}`);
    for (const { seq, json, sha256: written } of rows.all() as SnapshotRow[]) {
      if (sha256(json) === written) return JSON.parse(json) as SnapshotJson;
      onCorruption(`${file}: the snapshot at line ${seq} is damaged and was passed over`);
    }
    return undefined;
  }

  /** Some at a time: a long journal need not fit into memory. */
  *#lines(first: number): Generator<JournalEntry> {
    const { database, file } = this.#opened;
    const page = database.prepare(
      `SELECT seq, json FROM lines WHERE seq >= ? ORDER BY seq LIMIT ${linesAtOnce}`,
    );
    for (let next = first; ; ) {
      const rows = page.all(next) as { readonly seq: number; readonly json: string }[];
      for (const { seq, json } of rows) {
        if (seq !== next) throw damaged(file, `has no line ${next}`);
        yield readLine(file, seq, json);
        next++;
      }
      if (rows.length < linesAtOnce) return;
    }
  }

  #atOnce(write: () => void): void {
    const { database, file } = this.#opened;
    try {
      database.exec("BEGIN IMMEDIATE");
      write();
      database.exec("COMMIT");
    } catch (cause) {
      try {
        database.exec("ROLLBACK");
      } catch {
        // SQLite has rolled back by itself, as it does when the disk is full
      }
      throw new StoreError("write", `${file} cannot be written: ${wordsOf(cause)}`, { cause });
    }
  }
}

const linesAtOnce = 1000;

function readLine(file: string, seq: number, json: string): JournalEntry {
  try {
    return JSON.parse(json) as JournalEntry;
  } catch (cause) {
    throw damaged(file, `has a line ${seq} that is no JSON`, cause);
  }
}

function sha256(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}

function damaged(file: string, how: string, cause?: unknown): StoreError {
  return new StoreError("damaged", `${file} ${how}`, { cause });
}
