import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { runCli } from "replication-simulator/server";
import { afterAll, describe, expect, test, vi } from "vitest";

const dir = mkdtempSync(join(tmpdir(), "whatif-"));
afterAll(() => {
  rmSync(dir, { recursive: true });
});

const question = `scenario: 1
title: Does the second replica pay?
world: { jitter: 0.3 }
topology:
  orders: { kind: group, replicas: 2 }
random:
  crashes: { fault: crash, of: orders, every: { exponential: 3d }, timeToRepair: { lognormal: 20m, sigma: 1 } }
horizon: 20d
measures:
  down: { measure: writesDown, of: orders }
  interruptions: { measure: interruptions, of: orders }
expect:
  a quarter of an hour: { mean: down, atMost: 15m }
designs:
  one replica: { topology: { orders: { replicas: 1 } } }
`;

async function cli(
  argv: readonly string[],
  signal?: AbortSignal,
): Promise<{ code: number; out: string; err: string }> {
  let out = "";
  let err = "";
  const interrupted = signal ?? new AbortController().signal;
  const code = await runCli(["whatif", ...argv], {
    out: (text) => {
      out += text;
    },
    err: (text) => {
      err += text;
    },
    interrupted,
  });
  return { code, out, err };
}

function fileOf(name: string, text: string): string {
  const path = join(dir, name);
  writeFileSync(path, text);
  return path;
}

// A loaded machine takes several times as long.
describe("whatif", { timeout: 240_000 }, () => {
  const file = fileOf("question.yaml", question);

  test("run prints figures, verdicts and comparisons in 80 columns; 0 when all is met", async () => {
    const { code, out } = await cli(["run", file, "--futures", "60", "--workers", "0"]);
    expect(code).toBe(0);
    expect(out).toContain(
      "Does the second replica pay?\n60 futures of 20d of each design, seeds 0 to 59\n",
    );
    expect(out).toMatch(/\nas it is\n {2}down +[\d.]+ min \([\d.]+ to [\d.]+ min\)\n/);
    expect(out).toMatch(/MET {7}a quarter of an hour: /);
    expect(out).toMatch(
      /\none replica, beside as it is, on the same seeds\n {2}down +[\d.]+ times \(/,
    );
    expect(out).toContain("whatif show");
    expect(out.split("\n").filter((line) => line.length > 80)).toEqual([]);
  });

  test("run is 1 when an expectation is not met, 3 when one is undecided", async () => {
    const harsh = fileOf("harsh.yaml", question.replace("atMost: 15m", "atMost: 1s"));
    expect((await cli(["run", harsh, "--futures", "60", "--workers", "0"])).code).toBe(1);
    const few = await cli(["run", file, "--futures", "10", "--workers", "0"]);
    expect(few.code).toBe(3);
    expect(few.out).toContain("UNDECIDED");
  });

  test("run names the seeds that break what must hold in every future", async () => {
    const text = question.replace(
      "expect:",
      "expect:\n  quick: { never: writesDown, of: orders, for: 15s }",
    );
    const { code, out } = await cli([
      "run",
      fileOf("quick.yaml", text),
      "--futures",
      "20",
      "--workers",
      "0",
    ]);
    expect(code).toBe(1);
    const [, seed = ""] =
      /NOT MET {3}quick: .* of futures break\s+it; seeds (\d+)/s.exec(out) ?? [];
    const shown = await cli(["show", join(dir, "quick.yaml"), "--seed", seed]);
    expect(shown.code).toBe(1);
    expect(shown.out).toContain("BROKEN quick");
  });

  test("run --json prints the summary with the verdicts", async () => {
    const { out } = await cli([
      "run",
      file,
      "--futures",
      "30",
      "--workers",
      "0",
      "--json",
      "--design",
      "one replica",
    ]);
    const summary = JSON.parse(out) as Record<string, unknown>;
    expect(summary).toMatchObject({
      format: "replication-simulator/summary",
      seeds: { first: 0, count: 30 },
      verdicts: [{ name: "a quarter of an hour", design: "one replica" }],
    });
    expect(Object.keys(summary["designs"] as object)).toEqual(["one replica"]);
  });

  test("run --vary tries a parameter on a grid, says what the means depend on, and puts it into the report", async () => {
    const out = join(dir, "varied");
    const grid = ["--vary", "world.latency.detectFailure=9s..69s", "--grid", "3"];
    const ran = await cli([
      "run",
      file,
      "--futures",
      "60",
      "--workers",
      "0",
      ...grid,
      "--out",
      out,
    ]);
    expect(ran.out).toContain("detectFailure 39s");
    expect(ran.out).toMatch(/down {20}latency\.detectFailure: 0\.\d\d % \(/);
    const report = readFileSync(join(out, "report.html"), "utf8");
    expect(report).toContain("What down depends on");
    expect(report).toContain("down over time");
  });

  test("run --samples draws a Latin hypercube, and refuses what it cannot vary with 2", async () => {
    const ranges = [
      "--vary",
      "world.jitter=0..1",
      "--vary",
      "random.crashes.every.exponential=1d..9d",
    ];
    const few = ["--futures", "25", "--workers", "0"];
    const { out } = await cli(["run", file, ...few, ...ranges, "--samples", "4", "--json"]);
    const { designs } = JSON.parse(out) as { designs: Record<string, unknown> };
    expect(
      Object.keys(designs).filter((name) => /^jitter .*, exponential /.test(name)),
    ).toHaveLength(4);
    for (const [flags, message] of [
      [["--samples", "4"], "ranges to draw from"],
      [["--vary", "jitter"], "PATH=FROM..TO"],
      [["--vary", "world.jitter=0..2"], "from 0 to 1"],
      [["--vary", "world.jitter=0,1", "--samples", "4"], "a range"],
    ] as const) {
      const refused = await cli(["run", file, ...few, ...flags]);
      expect(refused.code).toBe(2);
      expect(refused.err).toContain(message);
    }
  });

  test("run takes a module that exports a scenario, and one with measures of its own", async () => {
    const few = ["--futures", "20", "--workers", "0"];
    const data = `export default ${JSON.stringify({
      scenario: 1,
      topology: { orders: { kind: "set", replicas: 1 } },
      random: {
        crashes: {
          fault: "crash",
          of: "orders",
          every: { exponential: "2d" },
          timeToRepair: "20m",
        },
      },
      horizon: "20d",
      measures: { down: { measure: "writesDown", of: "orders" } },
    })};\n`;
    const plain = fileOf("plain.mjs", data);
    const ran = await cli(["run", plain, ...few]);
    expect(ran.code).toBe(0);
    expect(ran.out).toContain("Engine: compiled");
    expect((await cli(["check", plain])).out).toContain("1 design, 1 measure");
    const typed = fileOf("typed.ts", data.replace("export default", "const question: object ="));
    writeFileSync(typed, `${readFileSync(typed, "utf8")}export default question;\n`);
    expect((await cli(["run", typed, ...few])).out).toContain("down");
    const own = `${data}export const measures = {
      entries: () => {
        let count = 0;
        return { after: () => { count += 1; }, end: () => count };
      },
    };\n`;
    const withMeasures = fileOf("own.mjs", own);
    const out = join(dir, "own");
    const counted = await cli(["run", withMeasures, ...few, "--out", out]);
    expect(counted.out).toContain("Engine: simulator (own functions need facts)");
    expect(counted.out).toMatch(/entries {17}\d/);
    expect((await cli(["show", withMeasures, "--seed", "3"])).out).toMatch(/entries: \d/);
    const merged = await cli(["merge", join(out, "results.ndjson")]);
    expect(merged.out).toMatch(/entries {17}\d/);
    expect((await cli(["run", withMeasures, ...few, "--vary", "world.jitter=0..1"])).code).toBe(2);
  });

  test("run takes a module that exports a function", async () => {
    const future = `export default (sim) => {
      const { id } = sim.createInstance({ flavorId: 2, volumeGb: 10 });
      sim.settle();
      return { built: sim.now - sim.getInstance(id).createdAt };
    };\n`;
    const file = fileOf("future.mjs", future);
    const ran = await cli([
      "run",
      file,
      "--futures",
      "20",
      "--workers",
      "0",
      "--out",
      join(dir, "function"),
    ]);
    expect(ran.code).toBe(0);
    expect(ran.out).toMatch(/built {19}35,000/);
    for (const [command, ...flags] of [["show", "--seed", "1"], ["exact"], ["check"]] as const) {
      const refused = await cli([command, file, ...flags]);
      expect(refused.code).toBe(2);
      expect(refused.err).toContain("exports a function");
    }
    const nothing = await cli(["run", fileOf("nothing.mjs", "export const a = 1;\n")]);
    expect(nothing.code).toBe(2);
    expect(nothing.err).toContain("export a scenario, or a function");
  });

  test("run --engine says which engine it was, and refuses one that is not possible with 2", async () => {
    const few = ["run", file, "--futures", "20", "--workers", "0"];
    expect((await cli(few)).out).toContain("Engine: compiled\n");
    expect((await cli([...few, "--engine", "simulator"])).out).toContain(
      "Engine: simulator (asked for)",
    );
    const lost = fileOf(
      "lost.yaml",
      question
        .replace("replicas: 2", "replicas: 2, writes: { perSecond: 10 }")
        .replace(
          "measures:",
          "measures:\n  acknowledged and then gone: { measure: lostTransactions }",
        ),
    );
    const refused = await cli(["run", lost, "--futures", "20", "--engine", "compiled"]);
    expect(refused.code).toBe(2);
    expect(refused.err).toContain("acknowledged and then gone (lostTransactions) needs facts");
    const folder = join(dir, "lost");
    await cli(["run", lost, "--futures", "20", "--workers", "0", "--out", folder]);
    // One paragraph, however long the reason is.
    expect(readFileSync(join(folder, "report.html"), "utf8")).toContain(
      "Engine: simulator (measure acknowledged and then gone (lostTransactions) needs facts)<",
    );
  });

  test("run points to rare where a mean has too few futures for an interval", async () => {
    const measured = `${question}  # in none of the few futures\n`.replace(
      "measures:\n",
      "measures:\n  none: { measure: noCopy, of: orders }\n",
    );
    const { out } = await cli(["run", fileOf("seldom.yaml", measured), "--futures", "20"]);
    expect(out).toMatch(/none .*too few for an\s+interval/);
    expect(out.split("\n").filter((line) => line.length > 80)).toEqual([]);
    expect(out).toMatch(/Rare events, by their expectations: replication-simulator whatif rare\s/);
  });

  test("run --until ends at a checkpoint", async () => {
    const { out } = await cli([
      "run",
      file,
      "--futures",
      "2000",
      "--workers",
      "0",
      "--until",
      "30%",
    ]);
    const [, futures] = /\n([\d,]+) futures of 20d/.exec(out) ?? [];
    expect(Number(futures?.replace(",", ""))).toBeLessThan(2000);
  });

  test("parts in any order are merged to the bytes of the whole, and --out goes on where it was interrupted", async () => {
    const whole = join(dir, "whole");
    const flags = ["--futures", "60", "--workers", "0"];
    expect((await cli(["run", file, ...flags, "--out", whole])).code).toBe(0);
    const parts: string[] = [];
    for (const shard of ["2/3", "3/3", "1/3"]) {
      const { out } = await cli(["run", file, ...flags, "--shard", shard]);
      parts.push(fileOf(`part${shard[0] ?? ""}.ndjson`, out));
    }
    const merged = join(dir, "merged");
    expect((await cli(["merge", ...parts, "--out", merged])).code).toBe(0);
    for (const name of ["results.ndjson", "summary.json", "futures.csv"]) {
      expect(readFileSync(join(merged, name), "utf8")).toBe(
        readFileSync(join(whole, name), "utf8"),
      );
    }
    const report = readFileSync(join(whole, "report.html"), "utf8");
    expect(report).toContain("Does the second replica pay?");
    expect(report).toContain("Engine: compiled");
    // Results do not say which file they came from.
    const again = report.replaceAll(file, "FILE");
    expect(readFileSync(join(merged, "report.html"), "utf8") === again).toBe(true);

    const resumed = join(dir, "resumed");
    const stop = new AbortController();
    stop.abort();
    const first = await cli(["run", file, ...flags, "--out", resumed], stop.signal);
    expect(first.code).toBe(130);
    expect(first.err).toContain("the same command goes on");
    const lines = readFileSync(join(whole, "results.ndjson"), "utf8").split("\n").slice(0, 3);
    writeFileSync(join(resumed, "results.ndjson"), `${lines.join("\n")}\n{"torn`);
    expect((await cli(["run", file, ...flags, "--out", resumed])).code).toBe(0);
    expect(readFileSync(join(resumed, "summary.json"), "utf8")).toBe(
      readFileSync(join(whole, "summary.json"), "utf8"),
    );
  });

  test("results of which some shards have come twice count once, in the file as well", async () => {
    const flags = ["--futures", "40", "--workers", "0"];
    const whole = join(dir, "once");
    await cli(["run", file, ...flags, "--out", whole]);
    const results = join(whole, "results.ndjson");
    const [header = "", ...shards] = readFileSync(results, "utf8").trimEnd().split("\n");
    const twice = fileOf(
      "twice.ndjson",
      `${[header, ...shards.reverse(), ...shards].join("\n")}\n`,
    );
    const out = join(dir, "merged twice");
    expect((await cli(["merge", twice, results, "--out", out])).code).toBe(0);
    for (const name of ["results.ndjson", "summary.json", "futures.csv"]) {
      expect(readFileSync(join(out, name), "utf8"), name).toBe(
        readFileSync(join(whole, name), "utf8"),
      );
    }
  });

  test("the report has figures, worst futures, the scenario and the command that gives it again", async () => {
    const out = join(dir, "reported");
    const flags = ["--futures", "50", "--seed", "7", "--workers", "0", "--design", "one replica"];
    const { code, out: printed } = await cli(["run", file, ...flags, "--out", out]);
    const html = readFileSync(join(out, "report.html"), "utf8");
    const command = `whatif run ${file} --futures 50 --seed 7 --design &quot;one replica&quot;`;
    for (const part of [
      "<h1>Does the second replica pay?</h1>",
      "50 futures of one design; intervals at 95 %.",
      "Each future lasts 20d and is measured from a topology at rest on.",
      "a quarter of an hour",
      `replication-simulator ${command}`,
      "crashes: { fault: crash, of: orders, every: { exponential: 3d }",
      "seeds 7 to 56",
    ])
      expect(html.includes(part), part).toBe(true);
    // Distributions, and the timelines of three worst futures.
    expect(html.match(/<svg /g)?.length).toBeGreaterThan(3);
    const [, worst = ""] = /Worst futures of down: seed (\d+)/.exec(printed) ?? [];
    const show = `whatif show ${file} --seed ${worst} --design &quot;one replica&quot; --open`;
    expect(html.includes(show), show).toBe(true);
    expect(printed.replaceAll(/\s+/g, " ")).toContain(
      `whatif show ${file} --seed ${worst} --design "one replica"`,
    );
    // The command has the same bytes again.
    const again = join(dir, "reported again");
    const same = ["--futures", "50", "--seed", "7", "--design", "one replica"];
    expect((await cli(["run", file, ...same, "--out", again])).code).toBe(code);
    expect(readFileSync(join(again, "report.html"), "utf8") === html).toBe(true);
    const rows = readFileSync(join(out, "futures.csv"), "utf8").trimEnd().split("\n");
    expect(rows[0]).toBe("seed,design,down,interruptions (count),interruptions (sum)");
    expect(rows).toHaveLength(1 + 50);
    expect(rows[1]).toMatch(/^7,one replica,\d+,\d+,\d+$/);
  });

  test("futures after the checkpoint that ended a run are in no file of figures", async () => {
    const counted = fileOf(
      "counted.yaml",
      question.replace(/measures:[^]*/, "measures:\n  faults: { measure: faults }\n"),
    );
    const out = join(dir, "until");
    const all = ["--futures", "200", "--workers", "0", "--out", out];
    expect((await cli(["run", counted, ...all])).code).toBe(0);
    // The file has results behind the checkpoint as well.
    const { out: printed } = await cli(["run", counted, ...all, "--until", "40%"]);
    expect(printed).toContain("\n100 futures of 20d");
    const rows = readFileSync(join(out, "futures.csv"), "utf8").trimEnd().split("\n");
    expect(rows).toHaveLength(1 + 100);
    const report = readFileSync(join(out, "report.html"), "utf8");
    expect(report).toContain("100 futures of one design");
    expect(report).toContain("--futures 100 ");
  });

  test("a future that fails is counted, named by its seed, and makes the exit code 1", async () => {
    const failing = fileOf(
      "failing.mjs",
      `export default (sim) => {
        const { id } = sim.createInstance({ flavorId: 2, volumeGb: 10 });
        if (id.length > 3 && sim.settings.seed === 4) throw new Error("no such thing");
        return { one: 1 };
      };\n`,
    );
    const { code, out } = await cli(["run", failing, "--futures", "20", "--workers", "0"]);
    expect(out).toContain("1 futures failed; seed 4: no such thing");
    expect(code).toBe(1);
  });

  test("show and shrink take a design of the file, or one of --vary, and the commands that are printed run", async () => {
    const never = fileOf(
      "varied.yaml",
      question
        .replace("expect:", "expect:\n  quick: { never: writesDown, of: orders, for: 60s }")
        .replace(/designs:[^]*/, ""),
    );
    const vary = ["--vary", "world.latency.detectFailure=9s,69s"];
    const few = ["--futures", "20", "--workers", "0"];
    const { out } = await cli(["run", never, ...few, ...vary]);
    const text = out.replaceAll(/\s+/g, " ");
    const words = `whatif shrink ${never} --vary world.latency.detectFailure=9s,69s --seed`;
    const [, seed = "", design = ""] =
      new RegExp(`${words} (\\d+) --design "([^"]+)" --expect "quick"`).exec(text) ?? [];
    expect(design).toContain("69s");
    const shrunk = await cli(["shrink", never, ...vary, "--seed", seed, "--design", design]);
    expect(shrunk.code).toBe(1);
    expect(shrunk.out).toContain("breaks quick");
    const shown = await cli(["show", never, ...vary, "--seed", seed, "--design", design, "--json"]);
    expect(JSON.parse(shown.out)).toMatchObject({ violations: [{ expectation: "quick" }] });
    const wrong = await cli(["show", never, "--vary", "world.jitter=0..2", "--seed", "1"]);
    expect(wrong.code).toBe(2);
    expect(wrong.err).toContain("from 0 to 1");
    // Designs of the file differ in what their futures come to.
    const outcomes = await Promise.all(
      [[], ["--design", "one replica"]].map((of) =>
        cli(["show", file, "--seed", "3", "--json", ...of]),
      ),
    );
    expect(outcomes[0]?.out).not.toBe(outcomes[1]?.out);
    const unknown = await cli(["shrink", file, "--seed", "1", "--design", "three"]);
    expect(unknown).toMatchObject({ code: 2 });
    expect(unknown.err).toContain("design three not found; allowed: as it is, one replica");
  });

  test("shrink keeps to the expectation that is asked for", async () => {
    const two = fileOf(
      "two.yaml",
      question.replace(
        "expect:",
        "expect:\n  quick: { never: writesDown, of: orders, for: 15s }\n  whole: { never: degraded, of: orders }",
      ),
    );
    for (const name of ["quick", "whole"]) {
      const { out } = await cli(["shrink", two, "--seed", "1", "--expect", name]);
      expect(out).toContain(`breaks ${name}, `);
      expect(out).not.toContain(name === "quick" ? "whole:" : "quick:");
    }
  });

  test("results of another question are refused with 2, and stay as they are", async () => {
    const out = join(dir, "kept");
    const run = (futures: string) =>
      cli(["run", file, "--futures", futures, "--workers", "0", "--out", out]);
    expect((await run("60")).code).toBe(0);
    const before = readFileSync(join(out, "results.ndjson"), "utf8");
    const { code, err } = await run("80");
    expect(code).toBe(2);
    expect(err).toContain("holds results of another scenario");
    const other = join(dir, "other");
    await cli(["run", file, "--futures", "80", "--workers", "0", "--out", other]);
    const merged = await cli(["merge", join(out, "results.ndjson"), join(other, "results.ndjson")]);
    expect(merged.code).toBe(2);
    expect(merged.err).toContain("holds results of another scenario, seed range or version");
    expect(readFileSync(join(out, "results.ndjson"), "utf8")).toBe(before);
  });

  test("a batch system says which part it is, and merge names the seeds that are missing", async () => {
    const parts: string[] = [];
    for (const index of ["1", "2", "3"]) {
      vi.stubEnv("CI_NODE_INDEX", index);
      vi.stubEnv("CI_NODE_TOTAL", "3");
      const { out, err } = await cli(["run", file, "--futures", "60", "--workers", "0"]);
      expect(err).toContain(
        `part ${index} of 3 (parallel CI job, CI_NODE_INDEX=${index}): 4 shards`,
      );
      parts.push(fileOf(`ci${index}.ndjson`, out));
    }
    vi.unstubAllEnvs();
    expect((await cli(["merge", ...parts])).code).toBe(0);
    const { code, err } = await cli(["merge", parts[0] ?? "", parts[2] ?? ""]);
    expect(code).toBe(3);
    expect(err).toContain("4 of 12 shards are missing: seeds 5 to 9, 20 to 24");
  });

  test("show runs one future with its journal", async () => {
    const { code, out } = await cli(["show", file, "--seed", "3", "--out", join(dir, "shown")]);
    expect(code).toBe(3); // one future does not decide a mean
    expect(out.replaceAll(/\s+/g, " ")).toContain(
      "UNDECIDED a quarter of an hour: a mean over many futures; whatif run checks it",
    );
    expect(out).toContain("crash");
    expect(out).toMatch(/\ndown: [\d.]+ /);
    expect(readFileSync(join(dir, "shown", "timeline.svg"), "utf8")).toContain("<svg");
    const json = await cli(["show", file, "--seed", "3", "--json"]);
    expect(JSON.parse(json.out)).toMatchObject({
      violations: [],
      undecided: [{ name: "a quarter of an hour" }],
    });
  });

  test("check says what is there, and 2 with every problem when the file is wrong", async () => {
    expect(await cli(["check", file])).toMatchObject({
      code: 0,
      out: `${file}: 2 designs, 2 measures, 1 expectation\n`,
    });
    const broken = fileOf("broken.yaml", question.replace("kind: group", "kind: gruop"));
    for (const command of ["check", "run"]) {
      const { code, err } = await cli([command, broken]);
      expect(code).toBe(2);
      expect(err).toContain("broken.yaml:5:19 topology.orders.kind");
      expect(err).toContain("did you mean group?");
    }
    const missing = await cli(["check", join(dir, "missing.yaml")]);
    expect(missing).toMatchObject({ code: 2 });
    expect(missing.err).toContain("cannot be read: ENOENT");
  });

  test("check and run refuse a topology that the service does not accept, by its place", async () => {
    const many = fileOf("many.yaml", question.replace("replicas: 1 } } }", "replicas: 5 } } }"));
    const checked = await cli(["check", many]);
    expect(checked).toMatchObject({ code: 2, out: "" });
    expect(checked.err).toMatch(
      /many\.yaml: one replica: topology\.orders must be what the service accepts \(an HA group cannot have 5 replicas\)/,
    );
    const ran = await cli(["run", many, "--futures", "10"]);
    expect(ran.code).toBe(2);
    expect(ran.err).toContain("topology.orders must be what the service accepts");
    const unbound = fileOf("unbound.yaml", question.replace("atMost: 15m", "atMst: 15m"));
    expect((await cli(["check", unbound])).err).toContain(
      "expected a bound: atMost, atLeast or both",
    );
  });

  test("schema prints the published schema", async () => {
    const { out } = await cli(["schema"]);
    const published = readFileSync(
      new URL("../../scenario-1.schema.json", import.meta.url),
      "utf8",
    );
    expect(JSON.parse(out)).toEqual(JSON.parse(published));
  });

  test("shrink prints the smallest scenario that still fails, and writes it with its test", async () => {
    const never = fileOf(
      "never.yaml",
      question.replace(
        "expect:",
        "expect:\n  no failover in two minutes: { never: writesDown, of: orders, for: 15s }",
      ),
    );
    const { out, code } = await cli(["shrink", never, "--seed", "1", "--out", join(dir, "shrunk")]);
    expect(code).toBe(1);
    expect(out).toContain("no failover in two minutes");
    const shrunk = readFileSync(join(dir, "shrunk", "shrunk.yaml"), "utf8");
    expect(shrunk.match(/^ {2}- /gm)).toHaveLength(1);
    expect(readFileSync(join(dir, "shrunk", "shrunk.test.ts"), "utf8")).toContain("whatIf");
    expect(await cli(["shrink", file, "--seed", "1"])).toMatchObject({
      code: 3,
      out: expect.stringContaining(
        "seed 1 breaks no expectation; whatif run names seeds that do\n",
      ),
    });
  });

  test.each([
    [["run", file, "--shard", "3/2"], "i from 1 to n"],
    [["run", file, "--until", "soon"], "5%, or decided"],
    [["run", file, "--futures", "0"], "an integer of at least 1"],
    [["run", file, "--workers", "1", "--redis", "redis://x"], "cannot be used with"],
  ])("refuses %j", async (argv, message) => {
    const { code, err } = await cli(argv);
    expect(code).not.toBe(0);
    expect(err).toContain(message);
  });
});
