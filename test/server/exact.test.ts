import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseScenarioFile } from "replication-simulator/scenario-file";
import { runCli } from "replication-simulator/server";
import { exploreScenario, solveScenario } from "replication-simulator/whatif";
import { afterAll, expect, test } from "vitest";

const dir = mkdtempSync(join(tmpdir(), "exact-"));
afterAll(() => {
  rmSync(dir, { recursive: true });
});

async function cli(command: string, text: string, ...flags: readonly string[]) {
  const file = join(dir, "question.yaml");
  writeFileSync(file, text);
  let [out, err] = ["", ""];
  const code = await runCli(["whatif", command, file, ...flags], {
    out: (shown) => {
      out += shown;
    },
    err: (shown) => {
      err += shown;
    },
    interrupted: new AbortController().signal,
  });
  return { code, out, err };
}

function onOneLine(text: string): string {
  return text.replaceAll(/\s+/g, " ");
}

const pair = `scenario: 1
topology: { orders: { kind: set, replicas: 1 } }
random:
  crashes: { fault: crash, of: orders, every: { exponential: 10d }, timeToRepair: { exponential: 2h } }
horizon: 30d
expect:
  a copy: { never: noCopy, of: orders }
`;

test("reachable prints its bounds, the states, and the shortest way to a bad one", async () => {
  const { code, out } = await cli("reachable", pair);
  expect(code).toBe(1);
  expect(out).toMatch(/^at most 20,000 states/);
  expect(out).toContain("a copy: BROKEN after 2 events\n  crash of orders.");
  const bounded = await cli("reachable", pair, "--faults", "1");
  expect(bounded.code).toBe(0);
  expect(bounded.out).toContain("a copy: HOLDS in every state");
});

test("reachable prints and writes the way as a scenario that whatif runs, and as a test", async () => {
  const folder = join(dir, "out");
  const { out } = await cli("reachable", pair, "--out", folder);
  const text = readFileSync(join(folder, "a-copy.yaml"), "utf8");
  expect(out).toContain(text);
  expect(readFileSync(join(folder, "a-copy.test.ts"), "utf8")).toContain("./a-copy.yaml");
  const run = await cli("run", text, "--futures", "2", "--workers", "0");
  expect(run.code).toBe(1);
  const shrunk = await cli("shrink", text, "--seed", "0");
  expect(shrunk.out).toContain("seed 0 breaks a copy");
});

const written = pair.replace("replicas: 1", "replicas: 1, writes: { perSecond: 10 }");

test("exact names the measures that it leaves out, with the reason", async () => {
  const hours = `${written}measures:
  hours: { measure: instanceHours, of: orders }
  lost: { measure: lostTransactions, of: orders }
`;
  const { code, out } = await cli("exact", hours);
  expect(code).toBe(1); // a copy
  expect(out).toContain("hours: left out: instanceHours counts instances that are being deleted");
  expect(out).toContain("lost: left out: lostTransactions is neither");
});

const several = `${written}  in time: { never: writesDown, of: orders, for: 6h }
  in step: { never: lagAbove, of: orders, limit: 1h }
  seldom: { share: down, above: 12h, atMost: 1 % }
measures:
  down: { measure: writesDown, of: orders }
`;

test("what exact and reachable do not check is undecided, by name and with the reason", async () => {
  const { code, out } = await cli("exact", several);
  expect(code).toBe(1); // a copy
  const text = onOneLine(out);
  expect(text).toContain("a copy: within the horizon");
  expect(text).toContain("NOT MET a copy: probability 4.7 %");
  expect(text).toContain(
    "UNDECIDED in time: for: 6h asks how long a state lasts, and a state has no age",
  );
  expect(text).toContain("UNDECIDED in step: lagAbove is no condition of states alone");
  expect(text).toContain("UNDECIDED seldom: the time of down in one future: states and rates give");
  const reachable = await cli("reachable", several);
  expect(reachable.code).toBe(1);
  expect(reachable.out).toContain("a copy: BROKEN");
  const named = onOneLine(reachable.out);
  expect(named).toContain("UNDECIDED in time: for: 6h asks");
  expect(named).toContain("UNDECIDED seldom: a share of many futures");
  const json = await cli("reachable", several, "--json");
  expect(JSON.parse(json.out)).toMatchObject({
    expectations: [{ name: "a copy" }],
    undecided: [{ name: "in time" }, { name: "in step" }, { name: "seldom" }],
  });
  const alone = several.replace(/ {2}a copy:.*\n/, "");
  expect((await cli("exact", alone)).code).toBe(3);
  expect((await cli("reachable", alone)).code).toBe(3);
});

const figures = `scenario: 1
topology: { orders: { kind: instance } }
random:
  crashes: { fault: crash, of: orders, every: { exponential: 10d }, timeToRepair: { exponential: 2h } }
warmUp: 5d
horizon: 30d
measures:
  down: { measure: writesDown, of: orders }
  faults: { measure: faults, of: orders }
  times: { measure: interruptions, of: orders }
expect:
`;

/** Verdicts of `exact` on expectations of figures, by name. */
async function verdictsOn(expectations: string) {
  const { code, out } = await cli("exact", figures + expectations, "--json");
  const { expectations: found } = JSON.parse(out) as {
    expectations: { name: string; verdict: string; value: number | null; reason?: string }[];
  };
  return { code, found };
}

test("exact checks means, shares of futures and quantiles of counts, and ends with their code", async () => {
  // Down 2 of 242 h; a cycle of failure and repair takes 242 h.
  const met = await verdictsOn(`  mean: { mean: down, atMost: 5h }
  mean of a list: { mean: times, atMost: 5h }
  count: { mean: faults, atMost: 3, atLeast: 2 }
  any: { share: down, above: 0, atMost: 95 % }
  many: { share: faults, above: 6, atMost: 2 % }
  most: { quantile: 0.95, of: faults, atMost: 5 }
  least: { quantile: 0.05, of: faults, atLeast: 0 }
`);
  expect(met.found.map(({ name, verdict }) => `${name}: ${verdict}`)).toEqual([
    "mean: met",
    "mean of a list: met",
    "count: met",
    "any: met",
    "many: met",
    "most: met",
    "least: met",
  ]);
  expect(met.code).toBe(0);
  const value = (name: string) => met.found.find((one) => one.name === name)?.value;
  expect(value("mean")).toBeCloseTo((25 * 24 * 3_600_000 * 2) / 242, -1);
  expect(value("mean of a list")).toBe(value("mean"));
  // Up at the end of the warm-up, and no failure within 25 d.
  expect(value("any")).toBeCloseTo(1 - (240 / 242) * Math.exp(-2.5), 9);
  expect(value("most")).toBe(5);
  // The mean of a count is the sum of the shares above 0, 1, 2, ..., from the end of the warm-up as well.
  const above = await verdictsOn(
    Array.from(
      { length: 30 },
      (_, k) => `  above ${String(k)}: { share: faults, above: ${String(k)}, atMost: 1 }\n`,
    ).join(""),
  );
  const sum = above.found.reduce((total, one) => total + (one.value ?? Number.NaN), 0);
  expect(sum).toBeCloseTo(value("count") ?? Number.NaN, 9);
  const notMet = await verdictsOn("  mean: { mean: down, atMost: 4h }\n");
  expect(notMet).toMatchObject({ code: 1, found: [{ verdict: "not met" }] });
  const both = await verdictsOn(
    "  most: { quantile: 0.95, of: faults, atMost: 4 }\n  at least: { share: faults, above: 6, atLeast: 2 % }\n",
  );
  expect(both.found.map(({ verdict }) => verdict)).toEqual(["not met", "not met"]);
  const undecided = await verdictsOn(`  mean: { mean: down, atMost: 5h }
  quick: { quantile: 0.95, of: times, atMost: 3h }
  recovers: { holds: recovers }
  many: { share: faults, above: 200, atMost: 2 % }
`);
  expect(undecided.code).toBe(3);
  expect(undecided.found.map(({ name, reason }) => `${name}: ${reason ?? "none"}`)).toEqual([
    "mean: none",
    "quick: single durations of times in one future: states and rates give its mean alone; whatif run estimates it",
    "recovers: a property of whole futures, which states do not hold; whatif run estimates it",
    "many: up to 200 events in each state are 404 states, and 300 are allowed by --states; whatif run estimates it",
  ]);
  const { out } = await cli("exact", `${figures}  mean: { mean: down, atMost: 4h }\n`);
  expect(out).toContain("NOT MET   mean: 4.96 h, expected at most 4 h\n");
});

test("exact prints probabilities", async () => {
  const { code, out } = await cli("exact", pair);
  expect(code).toBe(1); // it must never happen
  expect(onOneLine(out)).toContain(`in the long run ${((2 / 242) ** 2).toExponential(6)}`);
});

test("exact refuses other durations, with the name of what is not exponential", async () => {
  const { code, err } = await cli(
    "exact",
    pair.replace("exponential: 2h", "lognormal: 2h, sigma: 1"),
  );
  expect(code).toBe(2);
  expect(err).toContain("repair of orders.");
});

const designs = `${pair}measures:
  down: { measure: writesDown, of: orders }
  times: { measure: interruptions, of: orders }
designs:
  alone: { topology: { orders: { kind: instance, replicas: null } } }
`;

test("exact prints what is expected of measures, of the design that is asked for", async () => {
  const { code, out } = await cli("exact", designs, "--design", "alone");
  expect(code).toBe(1); // a copy
  expect(out).toMatch(/^at most 300 states, 5 MB/);
  // 30 d of a share of 2 / 242, less what a healthy beginning saves.
  expect(out).toContain("down: 5.93 h expected; in the long run 5.95 h in as much time");
  expect(out).toContain("times: 2.98 expected");
});

test("a bound of states that no memory holds is refused by name, before anything is found", async () => {
  for (const [command, states, allowed] of [
    ["exact", "1000000000", "an integer from 1 to 3000: 432 MB of matrices"],
    ["exact", "3001", "an integer from 1 to 3000"],
    ["reachable", "1000001", "an integer from 1 to 1000000: a state takes some 10 kB"],
  ] as const) {
    const { code, out, err } = await cli(command, designs, "--states", states);
    expect(code).toBe(2);
    expect(out).toBe("");
    expect(err.replaceAll(/\s+/g, " ")).toContain(`maxStates must be ${allowed}`);
    expect(err.replaceAll(/\s+/g, " ")).toContain(states);
  }
  const largest = await cli("exact", designs, "--design", "alone", "--states", "3000");
  expect(largest.out).toMatch(/^at most 3,000 states, 432 MB; /);
  expect((await cli("reachable", designs, "--states", "1000000")).out).toMatch(
    /^at most 1,000,000 states/,
  );
  const scenario = parseScenarioFile(designs);
  expect(() => solveScenario(scenario, { maxStates: 3001 })).toThrow(
    "maxStates must be an integer from 1 to 3000",
  );
  expect(() => exploreScenario(scenario, { maxStates: 0.5 })).toThrow(
    "maxStates must be an integer from 1 to 1000000",
  );
});

test("exact and reachable print JSON alone to standard output", async () => {
  const exact = await cli("exact", designs, "--json");
  const answer = JSON.parse(exact.out) as { figures: { name: string }[]; measures: unknown[] };
  expect(answer.figures.map(({ name }) => name)).toEqual(["a copy"]);
  expect(answer.measures).toHaveLength(2);
  expect(exact.err).toContain("at most 300 states");
  const reachable = await cli("reachable", designs, "--json");
  expect(reachable.code).toBe(1);
  expect(JSON.parse(reachable.out)).toMatchObject({
    states: 4,
    expectations: [
      { name: "a copy", isBroken: true, way: [expect.any(String), expect.any(String)] },
    ],
  });
});

test("a design that is not in the file is refused with those that are", async () => {
  const { code, err } = await cli("reachable", designs, "--design", "none");
  expect(code).toBe(2);
  expect(err).toContain("allowed: as it is, alone");
});

test("reachable makes the commands of steps at any moment, up to a bound", async () => {
  const commands = `scenario: 1
topology: { orders: { kind: set, replicas: 1 } }
steps:
  - { at: 1h, do: { command: detachReplica, of: orders.replicas } }
  - { at: 2h, do: { fault: crash, of: orders.source } }
expect:
  up: { never: writesDown, of: orders }
`;
  const one = await cli("reachable", commands, "--commands", "1");
  expect(onOneLine(one.out)).toContain("at most 1 commands of its steps");
  expect(one.out).toContain("up: BROKEN after 1 events\n  crash orders.1\n");
  const none = await cli("reachable", commands, "--commands", "0");
  expect(none.out).toContain("up: HOLDS in every state");
});

test("reachable writes a file for each broken expectation, also where their names are alike", async () => {
  const folder = join(dir, "alike");
  const alike = `${pair}  a-copy: { never: readsDown, of: orders }
  A copy: { never: degraded, of: orders, copies: 0 }
`;
  const { err } = await cli("reachable", alike, "--out", folder);
  expect(readdirSync(folder).sort()).toEqual(
    ["A-copy-3", "a-copy", "a-copy-2"]
      .flatMap((name) => [`${name}.test.ts`, `${name}.yaml`])
      .sort(),
  );
  expect(err).toContain("a-copy-2.yaml");
  expect(readFileSync(join(folder, "a-copy-2.test.ts"), "utf8")).toContain('test("a-copy"');
});

test("what exact and show print fits 80 columns", async () => {
  const refused = await cli("exact", pair.replace("exponential: 2h", "lognormal: 2h, sigma: 1"));
  expect(refused.code).toBe(2);
  const group = `scenario: 1
topology: { orders: { kind: group, replicas: 2 } }
steps: [{ at: 1h, do: { fault: crash, of: orders.source } }, { at: 2h, do: { command: restartGroup, of: orders } }]
horizon: 1d
measures: { interruptions: { measure: interruptions, of: orders } }
expect: { a statement with a name that is long enough for two lines: { never: writesDown, of: orders } }
`;
  const shown = await cli("show", group, "--seed", "1");
  const lines = [refused.err, shown.out].flatMap((text) => text.split("\n"));
  expect(lines.length).toBeGreaterThan(20);
  expect(lines.filter((line) => line.length > 80)).toEqual([]);
});
