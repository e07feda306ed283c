import { execFileSync } from "node:child_process";
import {
  linkSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { ReplicationSimulator } from "replication-simulator";
import {
  MemoryStore,
  openSqliteStore,
  type SqliteDriverName,
  type SqliteOptions,
  StoreError,
  type WorldStore,
} from "replication-simulator/server";
import { describe, expect, test } from "vitest";
import { isBusy, sqliteDriver, withoutWarning } from "../../src/server/sqlite/driver.js";
import { folder } from "./tempDir.js";

/*
 * Every store holds to the same contract. What a state file is, when it is refused, and that it is left alone then, is
 * the SQLite store's own.
 */

const size = { flavorId: 2, volumeGb: 1 };
const drivers = (["node:sqlite", "libsql"] as const).filter(
  (name) => name === "libsql" || process.getBuiltinModule("node:sqlite") !== undefined,
);

interface Kind {
  readonly name: string;
  /** A new store, and a function that closes it and opens it again. */
  readonly open: () => Promise<{
    readonly store: WorldStore;
    readonly again: () => Promise<WorldStore>;
  }>;
}

const kinds: readonly Kind[] = [
  {
    name: "in memory",
    open: async () => {
      const store = new MemoryStore();
      return { store, again: async () => store };
    },
  },
  ...drivers.map((driver) => ({
    name: `SQLite by ${driver}`,
    open: async () => {
      const file = join(folder(), "world.db");
      const store = await openSqliteStore(file, { driver });
      const again = async (): Promise<WorldStore> => {
        await store.close();
        return openSqliteStore(file, { driver });
      };
      return { store, again };
    },
  })),
];

describe.each(kinds)("a store $name", ({ open }) => {
  test("has no world until it is given one", async () => {
    const { store, again } = await open();
    expect(await store.read("start")).toBeUndefined();
    const next = await again();
    expect(await next.read("latest")).toBeUndefined();
    await next.close();
  });

  test("gives back what was appended, from the start and from the latest snapshot", async () => {
    const { store, again } = await open();
    const sim = new ReplicationSimulator({ seed: 5 });
    const origin = JSON.parse(JSON.stringify(sim.snapshot()));
    await store.append({ origin: sim.snapshot(), lines: [], now: sim.now });
    sim.createInstance(size);
    sim.settle();
    await store.append({ lines: sim.history.entries(0), now: sim.now });
    const snapshot = sim.snapshot();
    await store.snapshot(snapshot);
    sim.createInstance({ ...size, name: "späte Äpfel 🍎" });
    sim.advance(500);
    await store.append({ lines: sim.history.entries(2), now: sim.now });
    sim.advance(7);
    await store.append({ lines: [], now: sim.now });

    const next = await again();
    const whole = await next.read("start");
    expect(whole?.snapshot).toEqual(origin);
    expect([...(whole?.lines ?? [])]).toEqual(sim.history.entries());
    expect(whole?.now).toBe(sim.now);
    const late = await next.read("latest");
    expect(late?.snapshot).toEqual(JSON.parse(JSON.stringify(snapshot)));
    expect([...(late?.lines ?? [])]).toEqual(sim.history.entries(2));
    await next.close();
  });

  test("puts another world in the place of the old one, all at once", async () => {
    const { store, again } = await open();
    const sim = new ReplicationSimulator();
    await store.append({ origin: sim.snapshot(), lines: [], now: sim.now });
    sim.createInstance(size);
    sim.settle();
    await store.append({ lines: sim.history.entries(), now: sim.now });
    await store.snapshot(sim.snapshot());
    const other = new ReplicationSimulator({ seed: "another" });
    const origin = other.snapshot();
    other.createInstance(size);
    await store.append({ origin, lines: other.history.entries(), now: other.now });
    const next = await again();
    for (const from of ["start", "latest"] as const) {
      const read = await next.read(from);
      expect(read?.snapshot.settings.seed).toBe("another");
      expect([...(read?.lines ?? [])]).toEqual(other.history.entries());
    }
    await next.close();
  });

  test("refuses lines that do not follow, and has nothing of them then", async () => {
    const { store } = await open();
    const sim = new ReplicationSimulator();
    await store.append({ origin: sim.snapshot(), lines: [], now: sim.now });
    sim.createInstance(size);
    sim.createInstance(size);
    const lines = sim.history.entries();
    await store.append({ lines: lines.slice(0, 1), now: sim.now });
    const appendTwice = async (): Promise<void> => {
      await store.append({ lines: [...lines.slice(1), ...lines.slice(1)], now: 5 });
    };
    await expect(appendTwice()).rejects.toThrow(StoreError);
    const read = await store.read("start");
    expect([...(read?.lines ?? [])]).toEqual(lines.slice(0, 1));
    expect(read?.now).toBe(sim.now);
    await store.append({ lines: lines.slice(1), now: sim.now });
    await store.close();
  });
});

describe.each(drivers)("a state file, by %s", (driver) => {
  const opened = (file: string, options: SqliteOptions = {}): Promise<WorldStore> =>
    openSqliteStore(file, { driver, ...options });

  test("is one file, which any SQLite tool reads, when its server has stopped", async () => {
    const { file, sim } = await stateFile(driver);
    expect(readdirSync(join(file, ".."))).toEqual(["world.db"]);
    const { open } = await sqliteDriver(driver);
    const database = open(file, { readOnly: true });
    expect(database.prepare("SELECT format, version FROM meta").get()).toMatchObject({
      format: "replication-simulator/state",
      version: 1,
    });
    expect(
      database.prepare("SELECT count(*) AS n, max(seq) AS last FROM lines").get(),
    ).toMatchObject({ n: 2, last: 1 });
    expect(database.prepare("SELECT now FROM clock").get()).toMatchObject({ now: sim.now });
    expect(database.prepare("PRAGMA integrity_check").get()).toMatchObject({
      integrity_check: "ok",
    });
    expect(database.prepare("PRAGMA user_version").get()).toMatchObject({ user_version: 1 });
    database.close();
    expect(readdirSync(join(file, ".."))).toEqual(["world.db"]);
  });

  test("keeps the first snapshot and the latest, however many there were", async () => {
    const file = join(folder(), "world.db");
    const store = await opened(file);
    const sim = new ReplicationSimulator();
    await store.append({ origin: sim.snapshot(), lines: [], now: sim.now });
    for (let round = 0; round < 4; round++) {
      sim.createInstance(size);
      await store.append({ lines: sim.history.entries(round), now: sim.now });
      await store.snapshot(sim.snapshot());
    }
    await store.close();
    expect(await column(driver, file, "SELECT seq FROM snapshots ORDER BY seq")).toEqual([0, 4]);
  });

  test("is read without a change to a single byte", async () => {
    const { file } = await stateFile(driver);
    const before = readFileSync(file);
    const store = await opened(file, { readOnly: true });
    expect([...((await store.read("start"))?.lines ?? [])]).toHaveLength(2);
    await store.close();
    expect(readFileSync(file)).toEqual(before);
    expect(readdirSync(join(file, ".."))).toEqual(["world.db"]);
  });

  test("with a damaged snapshot: an older one and its entries suffice, and it is reported", async () => {
    const { file, sim } = await stateFile(driver, { snapshot: true });
    await change(driver, file, "UPDATE snapshots SET json = json || ' ' WHERE seq = 2");
    const damage: string[] = [];
    const store = await opened(file, { onCorruption: (line) => damage.push(line) });
    const read = await store.read("latest");
    expect(read?.snapshot.seq).toBe(0);
    expect([...(read?.lines ?? [])]).toEqual(sim.history.entries());
    expect(damage).toEqual([`${file}: the snapshot at entry 2 is damaged and was skipped`]);
    await store.close();
  });

  test.each([
    ["DELETE FROM lines WHERE seq = 0", /has no entry 0/],
    ["UPDATE lines SET json = '{' WHERE seq = 1", /has an entry 1 that is not JSON/],
    ["DELETE FROM snapshots", /has no intact snapshot/],
    ["DROP TABLE meta", /cannot be read/],
  ])("that is damaged (%s) is refused when it is read", async (sql, message) => {
    const { file } = await stateFile(driver);
    await change(driver, file, sql);
    const reading = async (): Promise<unknown> => {
      const store = await opened(file);
      try {
        return [...((await store.read("latest"))?.lines ?? [])];
      } finally {
        await store.close();
      }
    };
    await expect(reading()).rejects.toThrow(message);
    await expect(reading()).rejects.toMatchObject({ code: "damaged" });
  });

  describe("is refused in one line, and left as it was", () => {
    const untouched = async (file: string, message: RegExp, code: string): Promise<void> => {
      const parent = join(file, "..");
      const [before, neighbours] = [readFileSync(file), readdirSync(parent)];
      for (const readOnly of [false, true]) {
        const refused = opened(file, { readOnly });
        await expect(refused).rejects.toThrow(message);
        await expect(refused).rejects.toMatchObject({ name: "StoreError", code });
        await expect(refused).rejects.not.toThrow(/\n/);
      }
      expect(readFileSync(file)).toEqual(before);
      expect(readdirSync(parent)).toEqual(neighbours);
    };

    test.each([
      ["empty", ""],
      ["a text", "hello\n"],
      ["a long text", "x".repeat(10_000)],
      ["the beginning of a database", "SQLite format 3\0"],
    ])("when it is %s", async (_, content) => {
      const file = join(folder(), "notes.txt");
      writeFileSync(file, content);
      await untouched(file, /notes\.txt is .*not changed/, "foreign");
    });

    test.each(["DELETE", "WAL"])(
      "when another process has the database in %s mode",
      async (mode) => {
        const file = join(folder(), "bookmarks.db");
        const { open } = await sqliteDriver(driver);
        const other = open(file, { readOnly: false });
        other.exec(`PRAGMA journal_mode = ${mode}`);
        other.exec("CREATE TABLE meta (format TEXT, version INTEGER)");
        other.exec("CREATE TABLE lines (seq INTEGER PRIMARY KEY, json TEXT)");
        other.close();
        await untouched(file, /a SQLite database of another application/, "foreign");
      },
    );

    test.each([0, 2, 4_000_000_000])("when it is of version %s", async (version) => {
      const { file } = await stateFile(driver);
      const bytes = readFileSync(file);
      bytes.writeUInt32BE(version, 60);
      writeFileSync(file, bytes);
      await untouched(
        file,
        new RegExp(`of version ${version}; this library reads version 1`),
        "version",
      );
    });

    test("when it is a folder", async () => {
      const file = join(folder(), "folder");
      mkdirSync(file);
      await expect(opened(file)).rejects.toThrow(/is not a file/);
    });
  });

  test("in a folder that is not there, or for reading a file that is not, is refused", async () => {
    const missing = join(folder(), "no", "world.db");
    await expect(opened(missing)).rejects.toThrow(/folder .* not found/);
    const file = join(folder(), "world.db");
    await expect(opened(file, { readOnly: true })).rejects.toThrow(/file .* not found/);
    expect(readdirSync(join(file, ".."))).toEqual([]);
  });

  test("that cannot be made, as on a full disk, is refused in one line and leaves nothing behind", async () => {
    const parent = folder();
    // The draft that it is made in has a longer name than a file system takes.
    const file = join(parent, "w".repeat(250));
    await expect(opened(file)).rejects.toMatchObject({
      name: "StoreError",
      code: "write",
      message: expect.stringMatching(/w cannot be created: [^\n]+$/) as unknown,
    });
    expect(readdirSync(parent)).toEqual([]);
  });

  test("is no link that leads nowhere", async () => {
    const file = join(folder(), "world.db");
    symlinkSync("nowhere", file);
    await expect(opened(file)).rejects.toThrow(/is a broken symbolic link/);
    expect(readdirSync(join(file, ".."))).toEqual(["world.db"]);
  });

  test("has one server: a second one in this process is refused, by whatever path it comes", async () => {
    const file = join(folder(), "world.db");
    const store = await opened(file);
    const [symbolic, hard] = [`${file}.symbolic`, `${file}.hard`];
    symlinkSync(file, symbolic);
    linkSync(file, hard);
    for (const path of [file, symbolic, hard]) {
      for (const readOnly of [false, true]) {
        await expect(opened(path, { readOnly })).rejects.toThrow(/is in use by another server/);
      }
    }
    // The refusals have not loosened the lock for other processes.
    expect(elsewhere(file)).toMatch(/in use/);
    await store.close();
    const next = await opened(file);
    await next.close();
    expect(elsewhere(file)).toMatch(/free/);
  });

  test("takes away the drafts of servers that were killed, and nothing else", async () => {
    const parent = folder();
    const file = join(parent, "world.db");
    const dead = Number(
      execFileSync(process.execPath, ["-p", "process.pid"], { encoding: "utf8" }),
    );
    const others = [`other.db.${dead}.new`, `world.db.${process.ppid}.new`, "world.db.x.new"];
    const drafts = [`world.db.${dead}.new`, `world.db.${dead}.new-journal`];
    for (const name of [...others, ...drafts]) writeFileSync(join(parent, name), "");
    const store = await opened(file);
    await store.close();
    expect(readdirSync(parent).sort()).toEqual([...others, "world.db"].sort());
  });
});

test("a file of another process is recognized in every runtime", () => {
  const message = "database is locked";
  const errors = [
    Object.assign(new Error(message), { code: "SQLITE_BUSY" }), // libsql
    Object.assign(new Error(message), { code: "ERR_SQLITE_ERROR", errcode: 5 }), // Node
    Object.assign(new Error(message), { errcode: 5 }), // Bun
    Object.assign(new Error(message), { code: "ERR_SQLITE_ERROR" }), // Deno
  ];
  expect(errors.map(isBusy)).toEqual([true, true, true, true]);
  const others = [new Error("disk I/O error"), Object.assign(new Error("x"), { errcode: 10 })];
  expect(others.map(isBusy)).toEqual([false, false]);
});

test("the runtime's SQLite comes without its useless warning; other warnings are kept", async () => {
  const messages: string[] = [];
  const listener = ({ message }: Error): number => messages.push(message);
  process.on("warning", listener);
  const result = withoutWarning(() => {
    process.emitWarning("SQLite is an experimental feature", "ExperimentalWarning");
    process.emitWarning("something else", "OtherWarning");
    return 7;
  });
  process.emitWarning("later", "ExperimentalWarning");
  await new Promise((resolve) => setImmediate(resolve));
  process.off("warning", listener);
  expect([result, messages]).toEqual([7, ["something else", "later"]]);
});

test("a driver that is not there is named, with what to do", async () => {
  if (drivers.includes("node:sqlite")) return;
  await expect(sqliteDriver("node:sqlite")).rejects.toThrow(/has no node:sqlite; use 22\.13/);
});

/** A file with a world of two lines. */
async function stateFile(driver: SqliteDriverName, { snapshot = false } = {}) {
  const file = join(folder(), "world.db");
  const store = await openSqliteStore(file, { driver });
  const sim = new ReplicationSimulator();
  await store.append({ origin: sim.snapshot(), lines: [], now: sim.now });
  sim.createInstance(size);
  sim.settle();
  await store.append({ lines: sim.history.entries(), now: sim.now });
  if (snapshot) await store.snapshot(sim.snapshot());
  await store.close();
  return { file, sim };
}

async function change(driver: SqliteDriverName, file: string, sql: string): Promise<void> {
  const { open } = await sqliteDriver(driver);
  const database = open(file, { readOnly: false });
  database.exec(sql);
  database.close();
}

async function column(
  driver: SqliteDriverName,
  file: string,
  sql: string,
): Promise<readonly unknown[]> {
  const { open } = await sqliteDriver(driver);
  const database = open(file, { readOnly: true });
  const rows = database.prepare(sql).all() as Readonly<Record<string, unknown>>[];
  database.close();
  return rows.map((row) => row["seq"]);
}

/** Whether another process can have the file. */
function elsewhere(file: string): string {
  const script = `
    const Database = require("libsql");
    const database = new Database(${JSON.stringify(file)});
    try {
      database.exec("BEGIN EXCLUSIVE");
      database.exec("ROLLBACK");
      console.log("free");
    } catch (error) {
      console.log(error.code === "SQLITE_BUSY" ? "in use" : error);
    }`;
  return execFileSync(process.execPath, ["-e", script], { encoding: "utf8" });
}
