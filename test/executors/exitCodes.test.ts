import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { buildExecutors } from "./built.js";

const { folder, remove } = buildExecutors();
const home = mkdtempSync(join(tmpdir(), "exit-codes-"));
afterAll(() => {
  remove();
  rmSync(home, { recursive: true, force: true });
});

function start(argv: readonly string[], preload?: string) {
  const before = preload === undefined ? [] : ["--import", `data:text/javascript,${preload}`];
  const words = [...before, `${folder}/cliProcess.js`, "whatif", ...argv];
  const child = spawn(process.execPath, words, {
    stdio: ["ignore", "pipe", "pipe"],
  });
  let [out, err] = ["", ""];
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    out += text;
  });
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    err += text;
  });
  const ended = once(child, "close").then(([code, signal]: (number | string | null)[]) => ({
    code: code ?? signal,
    out,
    err,
  }));
  return { child, ended, firstOutput: once(child.stdout, "data") };
}

/** Runs a command as a process, and returns its exit code and what it printed, on one line. */
async function run(...argv: readonly string[]) {
  const { code, out, err } = await start(argv).ended;
  return { code, out: out.replaceAll(/\s+/g, " "), err };
}

function fileOf(name: string, text: string): string {
  const path = join(home, name);
  writeFileSync(path, text);
  return path;
}

const pair = `scenario: 1
topology: { orders: { kind: set, replicas: 1 } }
random:
  crashes: { fault: crash, of: orders, every: { exponential: 10d }, timeToRepair: { exponential: 2h } }
horizon: 30d
measures:
  down: { measure: writesDown, of: orders }
  none: { measure: noCopy, of: orders }
expect:
`;

const expecting = (name: string, ...lines: readonly string[]): string =>
  fileOf(`${name}.yaml`, `${pair}${lines.map((line) => `  ${line}\n`).join("")}`);

const hopeful = "a day: { mean: down, atMost: 24h }";
const harsh = "a second: { mean: down, atMost: 1s }";
const holding = "reads: { never: writesDown, of: orders, for: 29d }";
const broken = "writes: { never: writesDown, of: orders }";
const seldom = "seldom: { share: none, above: 0, atMost: 50 % }";
const often = "often: { share: none, above: 0, atMost: 0.01 % }";
const wrong = fileOf("wrong.yaml", pair.replace("kind: set", "kind: sett"));

const [few, roots] = [
  ["--futures", "60", "--workers", "0"],
  ["--roots", "120", "--until", "all", "--workers", "0"],
] as const;

describe("exit codes of the command as a process", { timeout: 240_000 }, () => {
  test.each([
    ["run", 0, ["run", expecting("run met", hopeful, holding), ...few], "MET a day"],
    ["run", 1, ["run", expecting("run not met", harsh), ...few], "NOT MET a second"],
    ["run", 2, ["run", wrong], ""],
    ["run", 2, ["run", expecting("run option", hopeful), "--futures", "none"], ""],
    ["run", 2, ["run", expecting("run flag", hopeful), "--future", "3"], ""],
    ["run", 3, ["run", expecting("run few", hopeful), "--futures", "10"], "UNDECIDED a day"],
    ["check", 0, ["check", expecting("checked", hopeful)], "1 expectation"],
    ["check", 2, ["check", wrong], ""],
    ["exact", 0, ["exact", expecting("exact met", hopeful, seldom)], "MET a day: "],
    ["exact", 1, ["exact", expecting("exact not met", hopeful, often)], "NOT MET often: "],
    ["exact", 2, ["exact", wrong], ""],
    ["exact", 3, ["exact", expecting("exact few", hopeful, holding)], "UNDECIDED reads: "],
    [
      "reachable",
      0,
      ["reachable", expecting("bound", "copy: { never: noCopy, of: orders }"), "--faults", "1"],
      "copy: HOLDS",
    ],
    ["reachable", 1, ["reachable", expecting("reached", broken, hopeful)], "writes: BROKEN"],
    ["reachable", 2, ["reachable", wrong], ""],
    [
      "reachable",
      3,
      ["reachable", expecting("mean", hopeful)],
      "UNDECIDED a day: a mean over many",
    ],
    ["rare", 0, ["rare", expecting("rare met", seldom), ...roots], "MET: expected at most 50 %"],
    ["rare", 1, ["rare", expecting("rare not met", often), ...roots], "NOT MET: expected at most"],
    [
      "rare",
      1,
      ["rare", expecting("rare never", "copy: { never: noCopy, of: orders }"), ...roots],
      "NOT MET: expected never",
    ],
    ["rare", 2, ["rare", wrong], ""],
    ["rare", 2, ["rare", expecting("no event", hopeful)], ""],
    [
      "rare",
      3,
      ["rare", expecting("rare few", seldom), "--roots", "20", "--until", "all"],
      "no figure",
    ],
    [
      "rare",
      3,
      ["rare", expecting("rare beside", seldom, hopeful), ...roots],
      "UNDECIDED a day: it is no event",
    ],
    ["show", 0, ["show", expecting("shown", holding), "--seed", "1"], "HOLDS reads"],
    [
      "show",
      1,
      ["show", expecting("shown broken", broken, hopeful), "--seed", "1"],
      "BROKEN writes",
    ],
    ["show", 2, ["show", wrong, "--seed", "1"], ""],
    ["show", 2, ["show", expecting("unseeded", hopeful)], ""],
    ["show", 2, ["show", expecting("other design", hopeful), "--seed", "1", "--design", "b"], ""],
    [
      "show",
      3,
      ["show", expecting("shown mean", hopeful), "--seed", "1"],
      "UNDECIDED a day: a mean over many",
    ],
    ["shrink", 0, ["shrink", expecting("whole", holding), "--seed", "1"], "breaks no expectation"],
    ["shrink", 1, ["shrink", expecting("shrunk", broken), "--seed", "1"], "breaks writes"],
    ["shrink", 2, ["shrink", wrong, "--seed", "1"], ""],
    [
      "shrink",
      3,
      ["shrink", expecting("whole mean", hopeful), "--seed", "1"],
      "UNDECIDED a day: a mean over many",
    ],
    ["merge", 2, ["merge", join(home, "missing.ndjson")], ""],
    ["merge", 2, ["merge", wrong], ""],
    ["merge", 2, ["merge"], ""],
    ["nothing", 2, [], ""],
    ["something else", 2, ["rnu"], ""],
  ] as const)("%s ends with %i: %j", async (_, code, argv, printed) => {
    const ended = await run(...argv);
    expect(ended).toMatchObject({ code });
    if (code === 2) {
      expect(ended.out).toBe("");
      expect(ended.err).not.toMatch(/^\s*at .*:\d+:\d+/m);
      expect(ended.err).not.toBe("");
    }
    expect(ended.out).toContain(printed);
  });

  test.each([
    ["in a command", "process.stdout.write=()=>{throw new Error('boom')}"],
    [
      "that nothing awaits",
      // As soon as the command listens for it.
      "const t=setInterval(()=>{if(process.listenerCount('uncaughtException')>0){clearInterval(t);throw new Error('boom')}},1)",
    ],
  ])("an internal error %s ends with 70, and says that it is a defect", async (_, preload) => {
    const file = expecting("crashed", hopeful);
    const ended = await start(["run", file, "--futures", "5000", "--workers", "0"], preload).ended;
    expect(ended).toMatchObject({ code: 70, out: "" });
    const reports = ended.err.split("\n").filter((line) => line.startsWith("internal error"));
    expect(reports).toEqual([
      "internal error: boom; this is a defect of replication-simulator; report it with the command and its files",
    ]);
    expect(ended.err).toMatch(/^ +at /m);
  });

  test("a module that throws while it is loaded is wrong: 2, without a stack", async () => {
    const thrown = fileOf("thrown.mjs", "throw new Error('no database');\n");
    for (const argv of [
      ["check", thrown],
      ["run", thrown],
      ["show", thrown, "--seed", "1"],
    ]) {
      const ended = await run(...argv);
      expect(ended).toMatchObject({ code: 2, out: "" });
      expect(ended.err).toMatch(/^module file:.*thrown\.mjs cannot be loaded: no database\n$/);
    }
  });

  test("merge counts shards once, names missing seeds, and refuses what is of another run", async () => {
    const file = expecting("merged", hopeful);
    const part = async (name: string, shard: string, ...more: readonly string[]) => {
      const argv = ["run", file, "--futures", "60", "--workers", "0", "--shard", shard, ...more];
      return fileOf(name, (await start(argv).ended).out);
    };
    const [first, second] = [await part("1.ndjson", "1/2"), await part("2.ndjson", "2/2")];
    expect(await run("merge", second, first)).toMatchObject({ code: 0, err: "" });
    expect(await run("merge", second, first, second)).toMatchObject({ code: 0, err: "" });
    const missing = await run("merge", first);
    expect(missing.code).toBe(3);
    expect(missing.out).toContain("5 futures of 30d of each design, seeds 0 to 4");
    const named = missing.err.replaceAll(/\s+/g, " ");
    expect(named).toContain("6 of 12 shards are missing: seeds 5 to 9, 15 to 19,");
    expect(named).toContain(
      "figures are of the first 1 shards; run the parts of these seeds again",
    );
    const gap = await run("merge", second);
    expect(gap).toMatchObject({ code: 3, out: "" });
    expect(gap.err).toContain("there are no figures, since the first one is missing");
    const text = readFileSync(second, "utf8");
    const others = [
      await part("seed.ndjson", "2/2", "--seed", "7"),
      fileOf("version.ndjson", text.replace(/"version":"[^"]+"/, '"version":"0.0.1"')),
    ];
    for (const other of others) {
      const refused = await run("merge", first, other);
      expect(refused).toMatchObject({ code: 2, out: "" });
      expect(refused.err).toContain("holds results of another scenario, seed range or version");
    }
    const [header = "", shard = ""] = text.split("\n");
    const changed = fileOf(
      "changed.ndjson",
      `${header}\n${shard.replace(/"values":\[\d+/, (found) => `${found}1`)}\n`,
    );
    const torn = fileOf("torn.ndjson", text.slice(0, -20));
    expect((await run("merge", first, torn)).code).toBe(3);
    expect((await run("merge", first, torn, second)).code).toBe(0);
    expect(readFileSync(changed, "utf8")).not.toContain(shard);
    const contrary = await run("merge", first, second, changed);
    expect(contrary).toMatchObject({ code: 2, out: "" });
  });

  test("an interrupt ends work that holds the thread", async () => {
    const large = fileOf(
      "large.yaml",
      `scenario: 1
world: { latency: { detectFailure: { exponential: 9s }, failover: { exponential: 11s }, buildReplica: { exponential: 74s }, startMemberBuild: { exponential: 1s }, leaveGroup: { exponential: 1s }, build: { exponential: 35s }, delete: { exponential: 10s }, restart: { exponential: 10s } } }
topology: { orders: { kind: group, replicas: 2 } }
random:
  crashes: { fault: crash, of: orders.any, every: { exponential: 9d }, timeToRepair: { exponential: 1h } }
  hangs: { fault: hang, of: orders.any, every: { exponential: 9d }, timeToRepair: { exponential: 1h } }
  cuts: { fault: partition, of: orders.any, every: { exponential: 9d }, timeToRepair: { exponential: 1h } }
horizon: 30d
expect: { copy: { never: noCopy, of: orders } }
`,
    );
    for (const [command, states] of [
      ["reachable", "1000000"],
      ["exact", "3000"],
    ] as const) {
      const { child, ended, firstOutput } = start([command, large, "--states", states]);
      await firstOutput; // the bounds, before it starts
      child.kill("SIGINT");
      expect((await ended).code).toBe("SIGINT");
    }
  });
});
