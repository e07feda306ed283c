import { createHash } from "node:crypto";
import { existsSync, linkSync, readFileSync, statSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { openSqliteStore, type SqliteDriverName, StoreError } from "replication-simulator/server";
import { describe, expect, test } from "vitest";
import { openWorld } from "../../src/server/restoreWorld.js";
import { folder } from "./tempDir.js";

const drivers: SqliteDriverName[] = ["libsql"];
if (process.getBuiltinModule("node:sqlite") !== undefined) drivers.push("node:sqlite");

describe.each(drivers)("a damaged state file, by %s", (driver) => {
  /** A closed file with two snapshots and entries after the last one. */
  async function written(): Promise<string> {
    const file = join(folder(), "world.db");
    const store = await openSqliteStore(file, { driver });
    const { sim } = await openWorld(store, {});
    for (let n = 0; n < 3; n++) sim.createInstance({ name: "orders", flavorId: 2, volumeGb: 1 });
    await store.append({ lines: sim.history.entries(), now: sim.now });
    await store.snapshot(sim.snapshot());
    await store.close();
    return file;
  }

  async function read(file: string): Promise<unknown> {
    const store = await openSqliteStore(file, { driver });
    try {
      const stored = await store.read("latest");
      return [...(stored?.lines ?? [])].length;
    } finally {
      await store.close();
    }
  }

  test("that lacks its last bytes is a StoreError, and no byte of it changes", async () => {
    const file = await written();
    truncateSync(file, statSync(file).size - 1);
    const before = hash(file);
    const refused = await read(file).catch((error: unknown) => error);
    if (refused instanceof Error) expect(refused).toBeInstanceOf(StoreError);
    expect(hash(file)).toBe(before);
  });

  test("with a broken page of entries or snapshots never ends in another error", async () => {
    const whole = readFileSync(await written());
    const pageSize = whole.readUInt16BE(16);
    const outcomes = new Set<string>();
    for (let at = pageSize; at < whole.length; at += pageSize) {
      const file = join(folder(), "world.db");
      const bytes = Buffer.from(whole);
      bytes[at] = 0xff ^ (bytes[at] ?? 0);
      writeFileSync(file, bytes);
      const before = hash(file);
      const outcome = await read(file).catch((error: unknown) => error);
      if (outcome instanceof Error) {
        expect(outcome).toBeInstanceOf(StoreError);
        expect(hash(file)).toBe(before);
        outcomes.add("refused");
      } else outcomes.add("read");
    }
    expect(outcomes).toContain("refused");
  });

  test("with text that is not UTF-8 is refused, or read from the snapshot before", async () => {
    const file = await written();
    const bytes = readFileSync(file);
    const at = bytes.lastIndexOf("orders");
    bytes[at] = 0xef;
    writeFileSync(file, bytes);
    const outcome = await read(file).catch((error: unknown) => error);
    if (outcome instanceof Error) expect(outcome).toBeInstanceOf(StoreError);
    else expect(outcome).toBeGreaterThanOrEqual(0);
  });

  test("drafts of servers that were killed are gone after the next start", async () => {
    const file = await written();
    const draft = `${file}.${String(2 ** 22 + 1)}.new`;
    linkSync(file, draft);
    const own = `${file}.${String(process.pid)}.new`;
    linkSync(file, own);
    await read(file);
    expect([existsSync(draft), existsSync(own)]).toEqual([false, true]);
  });
});

describe("a world with an id factory", () => {
  test.each([
    ["that counts by itself", () => counting()],
    [
      "that goes by kind and ordinal",
      () => (kind: string, ordinal: number) => `${kind}-${ordinal}`,
    ],
  ])("%s starts again, and goes on with it", async (_, factory) => {
    const file = join(folder(), "world.db");
    const first = await openSqliteStore(file);
    const { sim } = await openWorld(first, { createId: factory() });
    const group = sim.createHaGroup({
      name: "ha",
      datastore: { type: "MYSQL", version: "5.6" },
      source: { name: "s", flavorId: 2, volumeGb: 1 },
      replicas: [{ name: "r", flavorId: 2, volumeGb: 1 }],
    } as never);
    sim.settle();
    sim.forceFailover(group.id);
    sim.settle();
    sim.inject({ kind: "slowTasks", factor: 2 });
    await first.append({ lines: sim.history.entries(), now: sim.now });
    await first.close();

    const second = await openSqliteStore(file);
    const opened = await openWorld(second, { createId: factory() });
    expect(opened.sim.fingerprint()).toBe(sim.fingerprint());
    await second.close();
  });

  test("uses the factory for what comes after a snapshot of everything", async () => {
    const file = join(folder(), "world.db");
    const createId = (kind: string, ordinal: number): string => `${kind}-${ordinal}`;
    const first = await openSqliteStore(file);
    const { sim } = await openWorld(first, { createId });
    sim.createInstance({ flavorId: 2, volumeGb: 1 });
    await first.append({ lines: sim.history.entries(), now: sim.now });
    await first.snapshot(sim.snapshot());
    await first.close();
    const second = await openSqliteStore(file);
    const opened = await openWorld(second, { createId });
    expect(opened.sim.createInstance({ flavorId: 2, volumeGb: 1 }).id).toBe("instance-1");
    expect(opened.ignored).toEqual([]);
    await second.close();
  });
});

function counting(): (kind: string) => string {
  let count = 0;
  return (kind) => `${kind}-${String(count++)}`;
}

function hash(file: string): string {
  return createHash("sha256").update(readFileSync(file)).digest("hex");
}
