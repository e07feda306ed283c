import { StoreError } from "../store.js";

/** The part of a SQLite library that a store needs; both drivers have it in common. */
export interface SqliteConnection {
  exec(sql: string): unknown;
  prepare(sql: string): SqliteStatement;
  close(): unknown;
}

export interface SqliteStatement {
  run(...values: readonly (string | number)[]): unknown;
  get(...values: readonly (string | number)[]): unknown;
  all(...values: readonly (string | number)[]): unknown[];
}

/** Opens existing files and creates missing ones. */
export interface SqliteDriver {
  readonly name: SqliteDriverName;
  open(file: string, options: { readonly readOnly: boolean }): SqliteConnection;
}

/** The library that opens the file: the runtime's own, or the optional peer `libsql`. */
export type SqliteDriverName = "node:sqlite" | "libsql";

/**
 * Returns the SQLite of the runtime if it has one, else the optional peer `libsql`; or the requested one.
 * @throws StoreError `no-sqlite`
 */
export async function sqliteDriver(wanted?: SqliteDriverName): Promise<SqliteDriver> {
  const driver =
    (wanted === "libsql" ? undefined : builtIn()) ??
    (wanted === "node:sqlite" ? undefined : await libsql());
  if (driver !== undefined) return driver;
  throw new StoreError(
    "no-sqlite",
    wanted === "node:sqlite"
      ? `Node ${process.versions.node} has no node:sqlite; use 22.13 or newer`
      : `a state file requires SQLite, which Node ${process.versions.node} does not include; use Node 22.13 or newer, or run: npm install libsql`,
  );
}

/** Returns whether another process has the file open. Deno's `node:sqlite` reports it only in the message. */
export function isBusy(error: unknown): boolean {
  const { code, errcode, message } = error as {
    readonly code?: unknown;
    readonly errcode?: unknown;
    readonly message?: unknown;
  };
  return code === "SQLITE_BUSY" || errcode === sqliteBusy || message === "database is locked";
}

const sqliteBusy = 5;

interface NodeSqlite {
  readonly DatabaseSync: new (
    file: string,
    options: { readonly readOnly: boolean },
  ) => SqliteConnection;
}

function builtIn(): SqliteDriver | undefined {
  const sqlite = withoutWarning(
    () => process.getBuiltinModule("node:sqlite") as NodeSqlite | undefined,
  );
  if (sqlite === undefined) return undefined;
  return { name: "node:sqlite", open: (file, options) => new sqlite.DatabaseSync(file, options) };
}

/** Node 22 warns about its experimental SQLite at each start, which users of a server cannot change. */
export function withoutWarning<T>(load: () => T): T {
  // Read as a value, because it is restored unchanged and not bound.
  const emitWarning = Reflect.get(process, "emitWarning") as typeof process.emitWarning;
  process.emitWarning = (warning, ...more: unknown[]) => {
    if (more[0] !== "ExperimentalWarning") {
      Reflect.apply(emitWarning, process, [warning, ...more]);
    }
  };
  try {
    return load();
  } finally {
    process.emitWarning = emitWarning;
  }
}

async function libsql(): Promise<SqliteDriver | undefined> {
  try {
    const { default: Database } = await import("libsql");
    return {
      name: "libsql",
      // Its types require the parameters of each statement; it accepts any, like the other driver.
      open: (file, { readOnly }) =>
        new Database(file, { readonly: readOnly }) as unknown as SqliteConnection,
    };
  } catch (error) {
    if ((error as { readonly code?: unknown }).code === "ERR_MODULE_NOT_FOUND") return undefined;
    if ((error as { readonly code?: unknown }).code === "MODULE_NOT_FOUND") return undefined;
    throw error;
  }
}
