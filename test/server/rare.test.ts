import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { runCli } from "replication-simulator/server";
import { afterAll, describe, expect, test } from "vitest";

const dir = mkdtempSync(join(tmpdir(), "rare-"));
afterAll(() => {
  rmSync(dir, { recursive: true });
});

interface RareJson {
  readonly rare: readonly [{ readonly figure: unknown; readonly engine: unknown }];
}

function cli(text: string, flags: readonly string[], signal?: AbortSignal) {
  const file = join(dir, "question.yaml");
  writeFileSync(file, text);
  return whatIf(["rare", file, ...flags], signal);
}

async function whatIf(argv: readonly string[], signal?: AbortSignal) {
  let [out, err] = ["", ""];
  const code = await runCli(["whatif", ...argv], {
    out: (shown) => {
      out += shown;
    },
    err: (shown) => {
      err += shown;
    },
    interrupted: signal ?? new AbortController().signal,
  });
  return { code, out, err };
}

const pair = `scenario: 1
topology: { orders: { kind: set, replicas: 1 } }
random:
  crashes: { fault: crash, of: orders, every: { exponential: 30d }, timeToRepair: { exponential: 20m } }
horizon: 60d
measures:
  none: { measure: noCopy, of: orders }
expect:
  no copy left: { never: noCopy, of: orders }
`;

const few = ["--roots", "120", "--until", "all", "--workers", "0"];

describe("whatif rare", { timeout: 120_000 }, () => {
  test("prints a probability with its interval in 80 columns", async () => {
    const { code, out } = await cli(pair, few);
    expect(out).toMatch(/^no copy left: noCopy of orders, within 60d\n {2}0\.\d+ % \(0\.\d+ % to /);
    expect(out).toMatch(/once in \d{3} futures: once in \d+ years of time/);
    expect(out).toMatch(/120 roots, 1\d\d not zero, the largest has \d.* of the sum/);
    expect(out).toMatch(/forced excursions: .* departures a root, 4 copies each, scale \d/);
    for (const line of out.split("\n")) expect(line.length, line).toBeLessThanOrEqual(80);
    expect(out.replaceAll(/\s+/g, " ")).toContain(
      "NOT MET: expected never (a share of futures allows some)",
    );
    expect(code).toBe(1);
  });

  test("has the same figures in threads, and goes on from what is kept", async () => {
    const out = join(dir, "kept");
    const inline = await cli(pair, [...few, "--json"]);
    const stop = new AbortController();
    stop.abort();
    const interrupted = await cli(pair, [...few, "--out", out], stop.signal);
    expect(interrupted.code).toBe(130);
    expect(interrupted.err).toContain("the same command goes on");
    const threads = await cli(pair, [...few.slice(0, -1), "2", "--json", "--out", out]);
    expect(threads.out).toBe(inline.out);
    expect(readFileSync(join(out, "rare.json"), "utf8")).toBe(inline.out);
    const again = await cli(pair, [...few, "--json", "--out", out]);
    expect(again.out).toBe(inline.out);
    const lines = readFileSync(join(out, "roots-1.ndjson"), "utf8").trim().split("\n");
    expect(lines).toHaveLength(1 + 3);
  });

  test("parts in any order are merged to the bytes of the whole, of several events at once", async () => {
    const two = pair.replace(
      "expect:\n",
      "expect:\n  none for long: { share: none, above: 1m, atMost: 1 % }\n",
    );
    const whole = join(dir, "whole");
    const requested = ["--roots", "200", "--workers", "0"];
    const { code, out } = await cli(two, [...requested, "--until", "all", "--out", whole]);
    expect(out).toContain("none for long: none above 1m, within 60d\n");
    const parts: string[] = [];
    for (const shard of ["2/3", "3/3", "1/3"]) {
      const part = join(dir, `part ${shard[0] ?? ""}`);
      const ran = await cli(two, [...requested, "--shard", shard, "--out", part]);
      expect(ran).toMatchObject({ code: 0, out: "" });
      expect(ran.err).toContain(`no copy left: part ${shard[0] ?? ""} of 3 (--shard ${shard})`);
      parts.push(join(part, "roots-1.ndjson"), join(part, "roots-2.ndjson"));
    }
    const merged = join(dir, "merged");
    const all = await whatIf(["merge", ...parts, "--out", merged]);
    expect(all).toMatchObject({ code, out });
    for (const name of ["rare.json", "roots-1.ndjson", "roots-2.ndjson"]) {
      expect(readFileSync(join(merged, name), "utf8"), name).toBe(
        readFileSync(join(whole, name), "utf8"),
      );
    }
    const report = readFileSync(join(whole, "report.html"), "utf8");
    const again = report.replaceAll("question.yaml", "FILE").replaceAll(`${dir}/`, "");
    expect(readFileSync(join(merged, "report.html"), "utf8") === again).toBe(true);
    const some = await whatIf(["merge", ...parts.slice(2)]);
    expect(some.code).toBe(3);
    expect(some.err).toContain("none for long: 1 of 4 shards are missing: seeds 50 to 99");
  });

  test("a part of one event is printed, and of several events it needs a folder", async () => {
    const shard = ["--roots", "100", "--workers", "0", "--shard", "1/2"];
    const { code, out } = await cli(pair, shard);
    expect(code).toBe(0);
    expect(out.trim().split("\n")).toHaveLength(1 + 1);
    const two = pair.replace("expect:\n", "expect:\n  none: { never: readsDown, of: orders }\n");
    const refused = await cli(two, shard);
    expect(refused.code).toBe(2);
    expect(refused.err).toContain(
      "name it with --event (none, no copy left), or write all with --out",
    );
  });

  test("writes a report with guards, levels and ways to the event", async () => {
    const out = join(dir, "reported");
    await cli(`title: Is <one> replica enough?\n${pair}`, [...few, "--seed", "7", "--out", out]);
    const html = readFileSync(join(out, "report.html"), "utf8");
    for (const part of [
      "<h1>Is &lt;one&gt; replica enough?</h1>",
      "One rare event within 60d; intervals at 95 %.",
      "noCopy of orders",
      "✓ holds",
      "share of the sum that the largest root has",
      "departures a root, 4 copies each",
      "Level: copies. Engine: compiled.",
      "the path that counts for most",
      "--event &quot;no copy left&quot; --roots 120 --seed 7 --until all",
      "seeds from 7 on",
    ])
      expect(html.includes(part), part).toBe(true);
    expect(html.match(/<svg /g)).toHaveLength(1 + 1 + 3);
    // Each picture begins while all is well and ends with both instances down.
    expect(html.match(/crash of orders/g)?.length).toBeGreaterThanOrEqual(3);
    expect(/<script|https?:\/\/(?!www\.w3\.org)/.test(html)).toBe(false);
    const guards = await cli(pair, [
      "--roots",
      "50",
      "--until",
      "all",
      "--out",
      join(dir, "short"),
    ]);
    expect(guards.code).toBe(3);
    const short = readFileSync(join(dir, "short", "report.html"), "utf8");
    for (const part of [
      "no figure",
      "50 roots, at least 100 are needed: run more",
      "✕ falls short",
    ])
      expect(short.includes(part), part).toBe(true);
  });

  test("--engine says which engine it was, and refuses one that is not possible with 2", async () => {
    const compiled = await cli(pair, [...few, "--json"]);
    const simulated = await cli(pair, [...few, "--json", "--engine", "simulator"]);
    const engineOf = (text: string): unknown => (JSON.parse(text) as RareJson).rare[0].engine;
    const figureOf = (text: string): unknown => (JSON.parse(text) as RareJson).rare[0].figure;
    expect(engineOf(compiled.out)).toEqual({ engine: "compiled" });
    expect(engineOf(simulated.out)).toEqual({ engine: "simulator", reason: "asked for" });
    expect(figureOf(simulated.out)).toEqual(figureOf(compiled.out));
    const lost = pair
      .replace("replicas: 1", "replicas: 1, writes: { perSecond: 10 }")
      .replace("measure: noCopy", "measure: lostTransactions")
      .replace("never: noCopy, of: orders", "share: none, above: 0, atMost: 1 %");
    const refused = await cli(lost, [...few, "--engine", "compiled"]);
    expect(refused.code).toBe(2);
    expect(refused.err).toContain(
      "roots cannot be compiled: measure none (lostTransactions) needs facts",
    );
  });

  test("stops when the probability is known well enough", async () => {
    const flags = ["--roots", "3000", "--until", "40%", "--workers", "0", "--json"];
    const { out } = await cli(pair, flags);
    const { rare } = JSON.parse(out) as { rare: [{ figure: { roots: number } }] };
    expect(rare[0].figure.roots).toBe(100);
  });

  test.each([
    ["MET", "1 %", 0],
    ["NOT MET", "0.01 %", 1],
    ["UNDECIDED", "0.19 %", 3],
  ])("applies the bounds of an expectation: %s", async (word, atMost, code) => {
    const bounded = pair.replace(
      "never: noCopy, of: orders",
      `share: none, above: 0, atMost: ${atMost}`,
    );
    const found = await cli(bounded, few);
    expect(found.out).toContain(`  ${word}: expected at most ${atMost}\n`);
    expect(found.code).toBe(code);
  });

  test("gives no figure where the level never rises, and asks for one", async () => {
    const hangs = pair
      .replace("replicas: 1", "replicas: 1, writes: { perSecond: 1 }")
      .replace("never: noCopy", "never: lagAbove, limit: 2h")
      .replace("fault: crash, of: orders,", "fault: cutLink, of: orders.replicas,")
      .replace("exponential: 30d", "exponential: 4d");
    const { code, out } = await cli(hangs, few);
    expect(code).toBe(3);
    expect(out).toContain("no figure:\n  - the level never rose in 200 natural futures\n");
    expect(out).toMatch(/--level/);
    for (const line of out.split("\n")) expect(line.length, line).toBeLessThanOrEqual(80);
    const levels = ["--level", "lagAbove=30m", "--level", "lagAbove=1h", "--method", "restart"];
    const split = await cli(hangs, [...few, ...levels]);
    expect(split.out).toMatch(/RESTART: .* departures a root, factors \d+, \d+/);
    expect(split.code).toBe(1);
  });

  test.each([
    ["a level that is none", ["--level", "slow"], /copies alone, or conditions: writesDown/],
    ["a level without its bound", ["--level", "lagAbove"], /lagAbove=DURATION/],
    ["an event that no expectation has", ["--event", "up"], /one of no copy left/],
    ["a design that is none", ["--design", "other"], /allowed: as it is/],
  ])("refuses %s", async (_, flags, message) => {
    const { code, err } = await cli(pair, flags);
    expect(code).toBe(2);
    expect(err).toMatch(message);
  });

  test.each([
    ["no expectation of an event", pair.replace(/expect:[^]*/, ""), /never: \.\.\./],
    ["no random faults", pair.replace(/random:\n.*\n/, ""), /random/],
    ["no horizon", pair.replace("horizon: 60d\n", ""), /horizon/],
    [
      "steps that move time",
      `${pair}steps: [{ do: settle }]\n`,
      /steps\[0\]\.do must be a command or a fault/,
    ],
  ])("refuses a scenario with %s", async (_, text, message) => {
    const { code, err } = await cli(text, few);
    expect(err).toMatch(message);
    expect(code).toBe(2);
  });
});
