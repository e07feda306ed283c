import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ReplicationSimulator } from "replication-simulator";
import { openSqliteStore, runCli, startServer } from "replication-simulator/server";
import { expect, test } from "vitest";

const folder = mkdtempSync(join(tmpdir(), "view-"));

function world(seed: number): ReplicationSimulator {
  const sim = new ReplicationSimulator({ seed });
  sim.createInstance({ name: `orders-${String(seed)}`, flavorId: 2, volumeGb: 10 });
  sim.settle();
  return sim;
}

function file(name: string, content: unknown): string {
  const path = join(folder, name);
  writeFileSync(path, typeof content === "string" ? content : JSON.stringify(content));
  return path;
}

test("view makes a page of a journal and of a snapshot", async () => {
  for (const [name, content] of [
    ["journal.json", world(1).journal()],
    ["snapshot.json", world(1).snapshot()],
  ] as const) {
    const { code, out } = await typed("view", file(name, content));
    expect(code).toBe(0);
    expect(out).toMatch(/^<!doctype html>/);
    expect(out).toContain("orders-1");
    expect(out).toContain(`<title>${name}</title>`);
  }
});

test("view makes a page of a state file", async () => {
  const path = join(folder, "world.db");
  const server = await startServer({ port: 0, speed: 0, store: await openSqliteStore(path) });
  await fetch(`${server.url}/v1.0/1234/instances`, {
    method: "POST",
    headers: { "X-Auth-Token": "any", "Content-Type": "application/json" },
    body: JSON.stringify({ instance: { name: "kept", flavorRef: "2", volume: { size: 10 } } }),
  });
  await server.stop();
  const { code, out } = await typed("view", path);
  expect(code).toBe(0);
  expect(out).toContain("kept");
});

test("view compares two files, and writes where it is told to", async () => {
  const target = join(folder, "two.html");
  const [one, other] = [
    file("one.json", world(1).journal()),
    file("other.json", world(2).journal()),
  ];
  const { code, out } = await typed("view", one, "--compare", other, "--out", target);
  expect({ code, out }).toEqual({ code: 0, out: `${target}\n` });
  const html = readFileSync(target, "utf8");
  expect(html).toContain("orders-1");
  expect(html).toContain("orders-2");
});

test("view says what is wrong with a file", async () => {
  for (const [content, said] of [
    ["no JSON", "not JSON and not a state file"],
    [{}, "its format is undefined; pass a journal, a snapshot or a state file"],
    [{ format: "replication-simulator/summary" }, "whatif show FILE"],
    [{ format: "replication-simulator/journal", version: 0 }, "wrong.json: not a"],
  ] as const) {
    const { code, err } = await typed("view", file("wrong.json", content));
    expect(code).toBe(1);
    expect(err).toContain(said);
  }
  const { code, err } = await typed("view", join(folder, "missing.json"));
  expect(code).toBe(1);
  expect(err).toContain("no such file");
});

async function typed(...args: readonly string[]) {
  let [out, err] = ["", ""];
  const code = await runCli(args, {
    out: (text) => {
      out += text;
    },
    err: (text) => {
      err += text;
    },
    interrupted: new AbortController().signal,
  });
  return { code, out, err };
}
