import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { runCli } from "replication-simulator/server";
import { afterAll, describe, expect, test } from "vitest";

const dir = mkdtempSync(join(tmpdir(), "whatif-refusals-"));
afterAll(() => {
  rmSync(dir, { recursive: true });
});

const scenario = {
  scenario: 1,
  topology: { orders: { kind: "set", replicas: 1 } },
  random: {
    crashes: { fault: "crash", of: "orders", every: { exponential: "5d" }, timeToRepair: "1h" },
  },
  horizon: "30d",
  measures: { down: { measure: "writesDown", of: "orders" } },
  expect: { band: { mean: "down", atMost: "100h" }, up: { never: "noCopy", of: "orders" } },
};

function fileOf(name: string, text: string): string {
  const path = join(dir, name);
  writeFileSync(path, text);
  return path;
}

async function cli(argv: readonly string[]): Promise<{ code: number; out: string; err: string }> {
  let out = "";
  let err = "";
  const code = await runCli(["whatif", ...argv], {
    out: (text) => {
      out += text;
    },
    err: (text) => {
      err += text.replaceAll(/\s+/g, " ");
    },
    interrupted: new AbortController().signal,
  });
  return { code, out, err };
}

describe("whatif refuses what it would not do", () => {
  const file = fileOf("question.json", JSON.stringify(scenario));
  const module = fileOf(
    "question.mjs",
    `export default ${JSON.stringify(scenario)};\nexport const measures = { x: () => ({ end: () => 1 }) };\n`,
  );
  const repair = "random.crashes.timeToRepair";

  test.each([
    ["tables for a module with functions", ["run", module, "--engine", "compiled"], "--engine out"],
    ["--until of a part", ["run", file, "--shard", "1/2", "--until", "5%"], "--until"],
    ["--json of a part", ["run", file, "--shard", "1/2", "--json"], "whatif merge"],
    ["a range with three ends", ["run", file, "--vary", "horizon=1d..5d..9d"], "PATH=FROM..TO"],
    ["a grid of nothing", ["run", file, "--grid", "7"], "--vary PATH=FROM..TO"],
    ["a grid of a list", ["run", file, "--vary", "horizon=1d,2d", "--grid", "7"], "no range"],
    [
      "a grid and samples",
      ["run", file, "--vary", "horizon=1d..2d", "--grid", "7", "--samples", "4"],
      "left out beside --samples",
    ],
    [
      "a parameter twice",
      ["run", file, "--vary", `${repair}=1h,2h`, "--vary", `${repair}=3h,4h`],
      `one flag for ${repair}`,
    ],
    [
      "an unknown expectation",
      ["shrink", file, "--seed", "1", "--expect", "bnad"],
      "one of band, up, exception; did you mean band?",
    ],
    [
      "a level with two bounds",
      ["rare", file, "--event", "up", "--level", "degraded=1=2"],
      "degraded=COPIES",
    ],
    [
      "a level with a bound that it does not have",
      ["rare", file, "--event", "up", "--level", "replicationBroken=1"],
      "without a bound",
    ],
  ])("%s", async (_, argv, message) => {
    const { code, out, err } = await cli(argv);
    expect(err).toContain(message);
    expect(code).toBe(2);
    expect(out).toBe("");
  });

  test("and takes the same flags where they mean something", async () => {
    const few = ["--futures", "10", "--workers", "0"];
    const simulated = await cli(["run", module, "--engine", "simulator", ...few]);
    expect(simulated.code).not.toBe(2);
    const varied = [...few, "--vary", "horizon=1d..5d", "--grid", "3"];
    const { out } = await cli(["run", file, ...varied]);
    expect(out).toContain("horizon 3d");
    const shrunk = await cli(["shrink", file, "--seed", "1", "--expect", "band"]);
    expect(shrunk.code).not.toBe(2);
  });
});
