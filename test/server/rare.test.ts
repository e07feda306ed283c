import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { runCli } from "replication-simulator/server";
import { afterAll, describe, expect, test } from "vitest";

const dir = mkdtempSync(join(tmpdir(), "rare-"));
afterAll(() => {
  rmSync(dir, { recursive: true });
});

async function cli(text: string, flags: readonly string[], signal?: AbortSignal) {
  const file = join(dir, "question.yaml");
  writeFileSync(file, text);
  let [out, err] = ["", ""];
  const code = await runCli(["whatif", "rare", file, ...flags], {
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
    expect(code).toBe(0);
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
    expect(split.code).toBe(0);
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
