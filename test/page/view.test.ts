import { mkdirSync, mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { gunzipSync } from "node:zlib";
import { ReplicationSimulator } from "replication-simulator";
import { parseScenarioFile } from "replication-simulator/scenario-file";
import { openSqliteStore, runCli, startServer } from "replication-simulator/server";
import { whatIf } from "replication-simulator/whatif";
import { expect, test, vi } from "vitest";
import type { PageData } from "../../src/page/pageData.js";

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

test("view compares two files, and writes to the given file", async () => {
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

test("view shows the results of a what-if: its measures, and its worst futures with their worlds", async () => {
  const scenario = file("shop.yaml", shop);
  const out = join(folder, "results");
  const run = await typed(
    "whatif",
    "run",
    scenario,
    "--futures",
    "40",
    "--seed",
    "5",
    "--out",
    out,
  );
  expect(run.code).toBe(0);
  const { code, out: html } = await typed("view", join(out, "results.ndjson"));
  expect(code).toBe(0);
  const { futures, branches } = dataIn(html);
  expect(futures?.measures).toEqual([
    { name: "down", unit: "ms" },
    { name: "lost", unit: "count" },
  ]);
  expect(futures?.futures).toHaveLength(40);
  const down = futures?.futures.map(({ values: [value] }) => value ?? 0) ?? [];
  const opened = futures?.futures.filter(({ branch }) => branch !== null) ?? [];
  expect(opened.map(({ values: [value] }) => value).sort()).toEqual(
    [...down]
      .sort((a, b) => b - a)
      .slice(0, 3)
      .sort(),
  );
  // The world of the worst future is the one that is measured.
  const [worst] = opened;
  const name = `${String(worst?.design)}, seed ${String(worst?.seed)}`;
  expect(branches.map((branch) => branch.name)).toContain(name);
  const { future } = whatIf(parseScenarioFile(shop));
  expect(future(Number(worst?.seed)).outcome["down"]).toBe(worst?.values[0]);
});

test("whatif show writes a page of its future, and opens it", async () => {
  const scenario = file("shop.yaml", shop);
  const out = join(folder, "shown");
  const shown = await typed("whatif", "show", scenario, "--seed", "3", "--json", "--out", out);
  expect(shown.code).toBe(0);
  expect(() => JSON.parse(shown.out) as unknown).not.toThrow();
  expect(shown.err).toBe(`${join(out, "page.html")}\n`);
  expect(dataIn(readFileSync(join(out, "page.html"), "utf8")).title).toBe("A shop, seed 3");

  const bin = join(folder, "bin");
  mkdirSync(bin);
  const opened = join(folder, "opened");
  for (const command of ["xdg-open", "open"])
    writeFileSync(join(bin, command), `#!/bin/sh\necho "$1" > "${opened}"\n`, { mode: 0o755 });
  vi.stubEnv("PATH", `${bin}:${String(process.env["PATH"])}`);
  const { err } = await typed("whatif", "show", scenario, "--seed", "3", "--open");
  await vi.waitFor(() => {
    expect(readFileSync(opened, "utf8")).toBe(`${pathToFileURL(err.trim()).href}\n`);
  }, 10_000);
  vi.unstubAllEnvs();
});

test("without a browser, view says where the page is", async () => {
  vi.stubEnv("PATH", folder);
  const { code, out, later } = await typed("view", file("one.json", world(1).journal()), "--open");
  expect(code).toBe(0);
  await vi.waitFor(() => {
    expect(later()).toContain(`no browser found; open ${out.trim()} yourself`);
  }, 10_000);
  vi.unstubAllEnvs();
});

test("view says what is wrong with a file", async () => {
  for (const [content, expected] of [
    ["no JSON", "not JSON and not a state file"],
    [{}, "its format is undefined; pass a journal, a snapshot, a state file or results"],
    [{ format: "replication-simulator/summary" }, "pass results.ndjson"],
    ['{"spec":{"seeds":{}}}\n{', "wrong.json"],
    [{ format: "replication-simulator/journal", version: 0 }, "wrong.json: not a"],
  ] as const) {
    const { code, err } = await typed("view", file("wrong.json", content));
    expect(code).toBe(1);
    expect(err).toContain(expected);
  }
  const { code, err } = await typed("view", join(folder, "missing.json"));
  expect(code).toBe(1);
  expect(err).toContain("no such file");
});

const shop = `scenario: 1
title: A shop
world: { jitter: 0.5 }
topology:
  shop: { kind: group, replicas: 1, writes: { perSecond: 10 } }
steps:
  - { at: 5m, do: { fault: crash, of: shop.source } }
horizon: 30m
measures:
  down: { measure: writesDown, of: shop }
  lost: { measure: lostTransactions, of: shop }
`;

/** The data that stand in a page. */
function dataIn(html: string): PageData {
  const [, type, content = ""] = /<script type="([^"]*)" id="data">(.*)<\/script>/.exec(html) ?? [];
  const json =
    type === "application/gzip" ? gunzipSync(Buffer.from(content, "base64")).toString() : content;
  return JSON.parse(json) as PageData;
}

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
  // A program that cannot be started says so later.
  return { code, out, err, later: () => err };
}
