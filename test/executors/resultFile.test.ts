import "../whatif/matchers.js";
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { appendFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import { mergeFiles, missingShards, ResultFile } from "../../src/executors/resultFile.js";
import { selectShards, shardsOfPart } from "../../src/executors/shardSelection.js";
import type { EnsembleResults } from "../../src/whatif/ensemble/ensembleResults.js";
import { shardsOf } from "../../src/whatif/ensemble/ensembleSpec.js";
import { summarize, summaryJson } from "../../src/whatif/ensemble/ensembleSummary.js";
import { runShard } from "../../src/whatif/ensemble/shardResult.js";
import { draw, prepareToy, shuffled } from "../whatif/ensemble/toyScenario.js";
import { buildExecutors, moduleUrl } from "./built.js";

// A loaded machine takes several times as long.
vi.setConfig({ testTimeout: 60_000 });

const { folder, remove } = buildExecutors();
const home = mkdtempSync(join(tmpdir(), "replication-simulator-results-"));
afterAll(() => {
  remove();
  rmSync(home, { recursive: true, force: true });
});

let file: string;
let count = 0;
beforeEach(() => {
  count += 1;
  file = join(home, `${String(count)}.ndjson`);
});

const bytesOf = (results: EnsembleResults): string => summaryJson(summarize(results));

interface Run {
  readonly child: ChildProcess;
  /** Lines so far. */
  readonly lines: string[];
  readonly ended: Promise<number | string>;
}

function start(
  options: {
    readonly to?: string;
    readonly workers?: number;
    readonly shard?: string;
    readonly env?: NodeJS.ProcessEnv;
  } = {},
): Run {
  const { to = file, workers = 0, shard, env = {} } = options;
  const args = [
    `${folder}/runProcess.js`,
    moduleUrl("ending.mjs"),
    to,
    String(workers),
    ...(shard === undefined ? [] : [shard]),
  ];
  // An option of V8, which a thread refuses where it is handed on by name.
  const child = spawn(process.execPath, ["--max-old-space-size=2000", ...args], {
    stdio: ["ignore", "pipe", "inherit"],
    env: { ...process.env, ...env },
  });
  const lines: string[] = [];
  child.stdout.on("data", (text: Buffer) => lines.push(...text.toString().trim().split("\n")));
  return {
    child,
    lines,
    ended: once(child, "exit").then(
      ([code, signal]: (number | string | null)[]) => signal ?? code ?? -1,
    ),
  };
}

/** Waits until a run has finished some shards. */
async function untilLines(run: Run, lines: number): Promise<void> {
  while (run.lines.length < lines)
    await once(run.child.stdout as NonNullable<ChildProcess["stdout"]>, "data");
}

describe("a run that is ended goes on by the same command", { timeout: 60_000 }, () => {
  let whole: string;
  beforeAll(async () => {
    const to = join(home, "whole.ndjson");
    expect(await start({ to }).ended).toBe(0);
    whole = bytesOf(mergeFiles([to]));
  });

  test.each([0, 2])(
    "after an interruption, with %i threads: whole lines alone, exit code 130",
    async (workers) => {
      const first = start({ workers });
      await untilLines(first, 6);
      first.child.kill("SIGINT");
      expect(await first.ended).toBe(130);
      const text = readFileSync(file, "utf8");
      expect(text.endsWith("\n")).toBe(true);
      const kept = text.trimEnd().split("\n").length - 1;
      expect(kept).toBeGreaterThanOrEqual(5);
      expect(kept).toBeLessThan(20);
      const second = start({ workers });
      expect(await second.ended).toBe(0);
      expect(second.lines).toContain(`had ${String(kept)}`);
      expect(second.lines.length).toBe(20 - kept + 2);
      expect(bytesOf(mergeFiles([file]))).toBe(whole);
    },
  );

  test.each([0, 2])("after SIGKILL, with %i threads", async (workers) => {
    const first = start({ workers });
    await untilLines(first, 6);
    first.child.kill("SIGKILL");
    expect(await first.ended).toBe("SIGKILL");
    const second = start({ workers });
    expect(await second.ended).toBe(0);
    expect(second.lines.length).toBeLessThan(20);
    expect(bytesOf(mergeFiles([file]))).toBe(whole);
  });

  test("after a line was torn off, which is cut away", async () => {
    writeFileSync(file, readFileSync(join(home, "whole.ndjson"), "utf8").slice(0, -60));
    const second = start();
    expect(await second.ended).toBe(0);
    expect(second.lines[0]).toBe("had 19, torn");
    expect(bytesOf(mergeFiles([file]))).toBe(whole);
  });

  test("in seven parts on machines that know each other not", async () => {
    const systems: readonly ((part: number) => NodeJS.ProcessEnv)[] = [
      (part) => ({ JOB_COMPLETION_INDEX: String(part), REPLICATION_SIMULATOR_SHARDS: "7" }),
      (part) => ({ AWS_BATCH_JOB_ARRAY_INDEX: String(part), AWS_BATCH_JOB_ARRAY_SIZE: "7" }),
      (part) => ({
        SLURM_ARRAY_TASK_ID: String(part + 3),
        SLURM_ARRAY_TASK_MIN: "3",
        SLURM_ARRAY_TASK_COUNT: "7",
      }),
      (part) => ({ CI_NODE_INDEX: String(part + 1), CI_NODE_TOTAL: "7" }),
    ];
    const files: string[] = [];
    for (let part = 0; part < 7; part++) {
      const to = join(home, `part-${String(part)}.ndjson`);
      files.push(to);
      const system = systems[part];
      const run = start(
        system === undefined ? { to, shard: `${String(part + 1)}/7` } : { to, env: system(part) },
      );
      expect(await run.ended).toBe(0);
    }
    expect(bytesOf(mergeFiles(files))).toBe(whole);
    expect(bytesOf(mergeFiles([...files.toReversed(), ...files]))).toBe(whole);
    expect(missingShards(mergeFiles(files.slice(1)))).toBe(
      "3 of 20 shards are missing: seeds 0 to 4, 35 to 39, 70 to 74",
    );
    expect(missingShards(mergeFiles(files))).toBeUndefined();
  });
});

describe("a file of results", () => {
  const written = async (): Promise<{
    readonly prepared: Awaited<ReturnType<typeof prepareToy>>;
    readonly lines: readonly string[];
  }> => {
    const prepared = await prepareToy();
    const opened = ResultFile.open(file, prepared.spec);
    for (const shard of shardsOf(prepared.spec)) opened.append(runShard(prepared, shard));
    opened.close();
    return { prepared, lines: readFileSync(file, "utf8").trimEnd().split("\n") };
  };

  test("of another ensemble is refused and stays as it is", async () => {
    await written();
    const before = readFileSync(file, "utf8");
    const other = await prepareToy({ futures: 400 });
    expect(() => ResultFile.open(file, other.spec)).toThrowRule("other-ensemble");
    const to = `${file}.other`;
    ResultFile.open(to, other.spec).close();
    expect(() => mergeFiles([file, to])).toThrowRule("other-ensemble");
    expect(readFileSync(file, "utf8")).toBe(before);
  });

  test("with one value changed is refused where the shard is there twice, naming its seeds", async () => {
    const { lines } = await written();
    const changed = (lines[3] as string).replace(/"lost":\{"values":\[0/, '"lost":{"values":[7');
    expect(changed).not.toBe(lines[3]);
    appendFileSync(file, `${changed}\n`);
    expect(() => mergeFiles([file])).toThrow("seeds 40 to 59");
    expect(() => mergeFiles([file])).toThrowRule("not-deterministic");
  });

  test("cut into files anyhow, in any order, with duplicates, merges to the same bytes", async () => {
    const { lines } = await written();
    const expected = bytesOf(mergeFiles([file]));
    const [header, ...results] = lines;
    for (let seed = 0; seed < 20; seed++) {
      const files = [0, 1, 2].map((part) => `${file}.${String(part)}`);
      const again = shuffled(
        [...results, ...results.filter((_, at) => draw(seed, at) < 0.4)],
        seed,
      );
      for (const [part, path] of files.entries())
        writeFileSync(
          path,
          [
            header,
            ...again.filter(
              (_, at) => draw(seed, at + 99) * 3 < part + 1 && draw(seed, at + 99) * 3 >= part,
            ),
            "",
          ].join("\n"),
        );
      expect(bytesOf(mergeFiles(files))).toBe(expected);
    }
  });

  test("that is empty, or missing, is said by name", () => {
    writeFileSync(file, "");
    expect(() => mergeFiles([file])).toThrow(`${file} has no whole line`);
    expect(() => mergeFiles([`${file}.none`])).toThrow("ENOENT");
    expect(() => mergeFiles([])).toThrowRule("spec-input");
  });
});

describe("the part of a process", () => {
  test("is named from 1 to n, or refused", () => {
    expect(selectShards("2/7", {})).toMatchObject({ part: 1, parts: 7 });
    expect(selectShards("1/1", { CI_NODE_INDEX: "4", CI_NODE_TOTAL: "9" })).toMatchObject({
      part: 0,
      parts: 1,
    });
    for (const flag of ["0/7", "8/7", "1/0", "x", "1/2/3", "-1/3", ""])
      expect(() => selectShards(flag, {})).toThrowRule("spec-input");
    expect(selectShards(undefined, {})).toBeUndefined();
    expect(selectShards(undefined, { CI_NODE_INDEX: "" })).toBeUndefined();
  });

  test("needs the number of parts from somewhere", () => {
    expect(() => selectShards(undefined, { JOB_COMPLETION_INDEX: "3" })).toThrow(
      "set REPLICATION_SIMULATOR_SHARDS",
    );
    expect(() => selectShards(undefined, { CI_NODE_INDEX: "9", CI_NODE_TOTAL: "4" })).toThrowRule(
      "spec-input",
    );
  });

  test("together with the others is the whole, each shard once", async () => {
    const { spec } = await prepareToy({ futures: 1000, shardSize: 10 });
    const shards = shardsOf(spec);
    const parts = Array.from({ length: 7 }, (_, part) =>
      shardsOfPart(shards, { part, parts: 7, from: "" }),
    );
    expect(
      parts
        .flat()
        .map(({ index }) => index)
        .sort((a, b) => a - b),
    ).toEqual(shards.map(({ index }) => index));
    expect(
      Math.max(...parts.map(({ length }) => length)) -
        Math.min(...parts.map(({ length }) => length)),
    ).toBeLessThanOrEqual(1);
  });
});
