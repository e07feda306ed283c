import {
  closeSync,
  existsSync,
  fsyncSync,
  linkSync,
  lstatSync,
  openSync,
  readdirSync,
  readSync,
  rmSync,
  statSync,
} from "node:fs";
import { basename, dirname, join } from "node:path";
import { StoreError } from "../store.js";
import type { SqliteDriver } from "./driver.js";
import { applicationId, fileVersion, schema } from "./schema.js";

/** Properties of a state file, from its first 100 bytes. */
export interface StateFile {
  /** Identity of the file, independent of its path. */
  readonly identity: string;
  /** Whether its latest changes are in a separate file, as a killed server leaves it. */
  readonly isUnfinished: boolean;
}

/**
 * State files that this process has open. A process that closes any descriptor of a file loses all its POSIX locks on
 * it, including SQLite's. So an open file must not be read otherwise.
 */
export const openHere = new Set<string>();

/**
 * Inspects a file before SQLite opens it, without any change on disk.
 * @returns undefined if the file does not exist
 * @throws StoreError `foreign`, `version` or `in-use`
 */
export function inspect(file: string): StateFile | undefined {
  const found = statSync(file, { throwIfNoEntry: false });
  if (found === undefined) {
    const isLink = lstatSync(file, { throwIfNoEntry: false }) !== undefined;
    if (isLink) throw foreign(file, "is a broken symbolic link");
    return undefined;
  }
  if (!found.isFile()) throw foreign(file, "is not a file");
  const identity = `${found.dev}:${found.ino}`;
  if (openHere.has(identity)) throw inUse(file);
  const header = Buffer.alloc(headerBytes);
  const descriptor = openSync(file, "r");
  const length = readSync(descriptor, header, 0, headerBytes, 0);
  closeSync(descriptor);
  if (length < headerBytes || header.toString("latin1", 0, magic.length) !== magic) {
    const what = length === 0 ? "is empty" : "is not a SQLite database";
    throw foreign(file, `${what}; pass a state file, or the path of a new file`);
  }
  if (header.readUInt32BE(applicationIdAt) !== applicationId) {
    throw foreign(file, "is a SQLite database of another application");
  }
  const version = header.readUInt32BE(userVersionAt);
  if (version !== fileVersion) {
    throw new StoreError(
      "version",
      `${file} is a state file of version ${version}; this library reads version ${fileVersion}. The file was not changed`,
    );
  }
  return { identity, isUnfinished: header[writeVersionAt] === wal };
}

/**
 * Creates an empty state file atomically: it is written under another name and then renamed.
 * @throws StoreError `in-use` if another server creates it at the same time, `write` if the disk is full, for example
 */
export function create(file: string, driver: SqliteDriver): void {
  sweep(file);
  const draft = `${file}.${process.pid}.new`;
  try {
    writeEmpty(draft, driver);
    linkSync(draft, file);
    syncFolder(dirname(file));
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === "EEXIST") {
      throw new StoreError("in-use", `${file} is being created by another server`, { cause });
    }
    throw new StoreError("write", `${file} cannot be created: ${wordsOf(cause)}`, { cause });
  } finally {
    for (const left of [draft, `${draft}-journal`]) if (existsSync(left)) rmSync(left);
  }
}

function writeEmpty(draft: string, driver: SqliteDriver): void {
  const database = driver.open(draft, { readOnly: false });
  try {
    database.exec("PRAGMA synchronous = FULL");
    database.exec(schema);
  } finally {
    database.close();
  }
}

/** Removes incomplete files of killed servers. */
export function sweep(file: string): void {
  const folder = dirname(file);
  const own = `${basename(file)}.`;
  if (!existsSync(folder)) throw new StoreError("foreign", `folder ${folder} not found`);
  for (const name of readdirSync(folder)) {
    if (!name.startsWith(own)) continue;
    const pid = /^(\d+)\.new(?:-journal)?$/.exec(name.slice(own.length))?.[1];
    if (pid !== undefined && !isAlive(Number(pid))) rmSync(join(folder, name), { force: true });
  }
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}

/** Makes a new name survive a power failure; Windows does this by itself. */
function syncFolder(folder: string): void {
  if (process.platform === "win32") return;
  const descriptor = openSync(folder, "r");
  try {
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}

/** Returns the message of an error, without its class. */
export function wordsOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** Returns the error for a file that another process has open. */
export function inUse(file: string, cause?: unknown): StoreError {
  return new StoreError("in-use", `${file} is in use by another server`, { cause });
}

function foreign(file: string, why: string): StoreError {
  return new StoreError("foreign", `${file} ${why}. The file was not changed`);
}

// The header of a SQLite database: https://www.sqlite.org/fileformat2.html#the_database_header
const headerBytes = 100;
const magic = "SQLite format 3\0";
const writeVersionAt = 18;
const userVersionAt = 60;
const applicationIdAt = 68;
const wal = 2;
