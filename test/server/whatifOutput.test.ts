import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { runCli } from "replication-simulator/server";
import { afterAll, describe, expect, test } from "vitest";

const dir = mkdtempSync(join(tmpdir(), "output-"));
afterAll(() => {
  rmSync(dir, { recursive: true });
});

async function cli(
  ...argv: readonly string[]
): Promise<{ code: number; out: string; err: string }> {
  let out = "";
  let err = "";
  const code = await runCli(["whatif", ...argv], {
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

function fileOf(name: string, text: string): string {
  const path = join(dir, name);
  writeFileSync(path, text);
  return path;
}

const inOneLine = (text: string): string => text.replaceAll(/\s+/g, " ");

describe("figures", { timeout: 120_000 }, () => {
  const file = fileOf(
    "units.yaml",
    `scenario: 1
topology: { orders: { kind: set, replicas: 1 } }
random: { crashes: { fault: crash, of: orders, every: { exponential: 2d }, timeToRepair: 1h } }
horizon: 30d
measures:
  hours: { measure: instanceHours }
  interruptions: { measure: interruptions, of: orders }
  faults: { measure: faults }
expect:
  paid: { mean: hours, atMost: 2000 }
designs:
  slow repair: { random: { crashes: { timeToRepair: 2h } } }
`,
  );

  test("of instance hours have their unit, in run, in show and in the report", async () => {
    const folder = join(dir, "units");
    const { out } = await cli("run", file, "--futures", "30", "--workers", "0", "--out", folder);
    expect(out).toMatch(/^ {2}hours +1,440 h \(1,440 to 1,440 h\)$/m);
    expect(inOneLine(out)).toContain(
      "paid: 1,440 h (1,440 h to 1,440 h), expected at most 2,000 h",
    );
    expect((await cli("show", file, "--seed", "1")).out).toMatch(/^hours: 1,440 h$/m);
    expect(readFileSync(join(folder, "report.html"), "utf8")).toContain("1,440 h");
  });

  test("of lists are compared by their sum, and say so", async () => {
    const { out } = await cli("run", file, "--futures", "30", "--workers", "0");
    const compared = out.slice(out.indexOf("beside as it is"));
    expect(compared).toMatch(/^ {2}interruptions +sum: [12]\.\d+ times/m);
    expect(compared).toMatch(/^ {2}faults +0\.\d+ times/m);
    const swept = await cli(
      ...["run", file, "--futures", "30", "--workers", "0", "--design", "as it is"],
      ...["--vary", "random.crashes.every.exponential=1d..4d", "--grid", "2"],
    );
    expect(swept.code).toBe(0);
  });
});

describe("a step that does not do what it says", { timeout: 120_000 }, () => {
  // A source has at most two replicas, so the third is refused, and with it all that is said about it.
  const file = fileOf(
    "migrate.yaml",
    `scenario: 1
topology: { old: { kind: set, replicas: 2, writes: { perSecond: 10 } }, alone: { kind: instance } }
steps:
  - { at: 1h, label: target, do: { command: createReplica, flavorId: 4, volumeGb: 20, replicaOf: old } }
  - { at: 2h, do: { command: detachReplica, of: target } }
  - { at: 3h, do: { expect: old, status: SHUTDOWN } }
  - { at: 4h, do: { command: detachReplica, of: alone.freshest } }
random: { crashes: { fault: crash, of: alone, every: 1h, timeToRepair: 10m } }
horizon: 6h
measures: { lost: { measure: lostTransactions, of: old } }
designs:
  one replica: { topology: { old: { replicas: 1 } } }
`,
  );
  const third =
    "step 1 (createReplica), 1h after time 0: instance old.1 already has 2 replicas, the maximum";
  const idle =
    "step 4 (detachReplica), 4h after time 0: its reference stands for nothing at that time, so nothing is done";

  test("is named by run, beside the figures of its design", async () => {
    const { out, code } = await cli("run", file, "--futures", "20", "--workers", "0");
    const [whole = "", other = ""] = out.split("\none replica\n").map(inOneLine);
    expect(whole).toContain(`WITHOUT EFFECT, although nothing fails at random: ${third}`);
    expect(whole).toContain("step 2 (detachReplica), 2h after time 0: instance target not found");
    expect(whole).toMatch(/step 3 \(expect\), 3h after time 0: .*SHUTDOWN/);
    expect(other).not.toContain("step 1");
    expect(other).not.toContain("step 2");
    expect(other).toContain(idle);
    // Its check is not met.
    expect(whole).toContain("NOT MET step 3: 100 %");
    expect(code).toBe(1);
    for (const line of out.split("\n")) expect(line.length).toBeLessThanOrEqual(80);
  });

  test("is named by check, by run --json and in the report", async () => {
    const { out, code } = await cli("check", file);
    expect(inOneLine(out)).toContain(third);
    expect(inOneLine(out)).toContain(`one replica: ${idle}`);
    expect(code).toBe(0);
    const folder = join(dir, "answer");
    const flags = ["run", file, "--futures", "20", "--workers", "0", "--out", folder, "--json"];
    const { withoutEffect } = JSON.parse((await cli(...flags)).out) as {
      withoutEffect: Readonly<Record<string, readonly { by: string; at: number }[]>>;
    };
    expect(withoutEffect["as it is"]?.[0]).toMatchObject({
      by: "step 1 (createReplica)",
      at: 3_600_000,
    });
    expect(withoutEffect["one replica"]?.map(({ by }) => by)).toEqual([
      "step 3 (expect)",
      "step 4 (detachReplica)",
    ]);
    expect(readFileSync(join(folder, "report.html"), "utf8")).toContain(third);
  });

  test("is named by show, for the future that it shows", async () => {
    const { out } = await cli("show", file, "--seed", "3");
    expect(inOneLine(out)).toContain(`REFUSED ${third}`);
    const { refusals } = JSON.parse((await cli("show", file, "--seed", "3", "--json")).out) as {
      refusals: readonly unknown[];
    };
    expect(refusals[0]).toEqual({
      by: "step 1 (createReplica)",
      at: 3_600_000,
      message: "instance old.1 already has 2 replicas, the maximum",
    });
  });

  test("is not a step that a fault prevents, nor one of a file without mistakes", async () => {
    const fine = fileOf(
      "fine.yaml",
      `scenario: 1
topology: { old: { kind: set, replicas: 1 } }
steps:
  - { at: 1h, label: second, do: { command: createReplica, flavorId: 4, volumeGb: 20, replicaOf: old } }
random: { crashes: { fault: crash, of: old.1, every: 50m, timeToRepair: 1h } }
horizon: 3h
measures: { refused: { measure: refused } }
`,
    );
    const { out } = await cli("run", fine, "--futures", "30", "--workers", "0");
    expect(out).toMatch(/refused +1 \(1 to 1\)/);
    expect(out).not.toContain("WITHOUT EFFECT");
    expect((await cli("check", fine)).out.trimEnd().split("\n")).toHaveLength(1);
  });
});
