import "../matchers.js";
import { describe, expect, test, vi } from "vitest";
import { EnsembleResults } from "../../../src/whatif/ensemble/ensembleResults.js";
import { defaultShardSize, shardsOf } from "../../../src/whatif/ensemble/ensembleSpec.js";
import { summarize, summaryJson } from "../../../src/whatif/ensemble/ensembleSummary.js";
import { compareDesigns, figuresOf } from "../../../src/whatif/ensemble/figures.js";
import { receiveEnsemble } from "../../../src/whatif/ensemble/prepareEnsemble.js";
import {
  headerLine,
  parseResultLines,
  resultLine,
} from "../../../src/whatif/ensemble/resultLines.js";
import { runShard, type ShardResult } from "../../../src/whatif/ensemble/shardResult.js";
import { draw, prepareToy, shuffled, toyScenario } from "./toyScenario.js";

// A loaded machine takes several times as long.
vi.setConfig({ testTimeout: 60_000 });

const summaryOf = (
  spec: Awaited<ReturnType<typeof prepareToy>>["spec"],
  shards: readonly ShardResult[],
): string => {
  const results = new EnsembleResults(spec);
  for (const shard of shards) results.add(shard);
  return summaryJson(summarize(results));
};

describe("results are the same bytes", () => {
  test.each(["values", "sketch"] as const)("in any order, with duplicates (%s)", async (keep) => {
    const prepared = await prepareToy({ keep });
    const shards = shardsOf(prepared.spec).map((shard) => runShard(prepared, shard));
    const expected = summaryOf(prepared.spec, shards);
    for (let seed = 0; seed < 20; seed++) {
      const again = shuffled(
        [...shards, ...shards.filter((_, at) => draw(seed, at + 50) < 0.4)],
        seed,
      );
      expect(summaryOf(prepared.spec, again)).toBe(expected);
    }
  });

  test.each(["values", "sketch"] as const)("however the seeds are cut (%s)", async (keep) => {
    const figures = [];
    for (const shardSize of [1, 7, 20, 200, 1000]) {
      const prepared = await prepareToy({ keep, shardSize });
      const results = new EnsembleResults(prepared.spec);
      for (const shard of shardsOf(prepared.spec)) results.add(runShard(prepared, shard));
      figures.push(JSON.stringify(summarize(results).designs));
    }
    expect(new Set(figures).size).toBe(1);
  });

  test("after they went through JSON", async () => {
    const prepared = await prepareToy();
    const shards = shardsOf(prepared.spec).map((shard) => runShard(prepared, shard));
    const text = [headerLine(prepared.spec), ...shards.map(resultLine), ""].join("\n");
    const parsed = parseResultLines(text, "results.ndjson");
    expect(summaryOf(parsed?.spec ?? prepared.spec, parsed?.results ?? [])).toBe(
      summaryOf(prepared.spec, shards),
    );
  });

  test("means of sketches and of values, to the last bit; quantiles within 0.4 percent", async () => {
    const [values, sketch] = await Promise.all(
      (["values", "sketch"] as const).map(async (keep) => {
        const prepared = await prepareToy({ keep, futures: 2000 });
        const results = new EnsembleResults(prepared.spec);
        for (const shard of shardsOf(prepared.spec)) results.add(runShard(prepared, shard));
        return summarize(results).designs["slow"]?.measures ?? {};
      }),
    );
    expect(sketch?.["down"]?.mean).toEqual(values?.["down"]?.mean);
    expect(sketch?.["lost"]?.worst).toEqual(values?.["lost"]?.worst);
    for (const measure of ["down", "interruptions"])
      for (const at of [0, 1, 2]) {
        const exact = values?.[measure]?.quantiles[at]?.value ?? Number.NaN;
        const found = sketch?.[measure]?.quantiles[at]?.value ?? Number.NaN;
        expect(Math.abs(found - exact)).toBeLessThanOrEqual(0.004 * exact);
      }
  });
});

describe("a result is refused", () => {
  const setUp = async () => {
    const prepared = await prepareToy();
    const results = new EnsembleResults(prepared.spec);
    const shards = shardsOf(prepared.spec).map((shard) => runShard(prepared, shard));
    return { prepared, results, shards, first: shards[0] as ShardResult };
  };

  test("where it belongs to another ensemble", async () => {
    const { results, first } = await setUp();
    expect(() => results.add({ ...first, ensemble: "0".repeat(32) })).toThrowRule("other-ensemble");
  });

  test("where it carries the id of another shard, or none that there is", async () => {
    const { results, shards, first } = await setUp();
    expect(() => results.add({ ...first, id: (shards[1] as ShardResult).id })).toThrowRule(
      "shard-id",
    );
    for (const index of [-1, 10, 0.5])
      expect(() => results.add({ ...first, index })).toThrowRule("shard-id");
    expect(() => results.add({ ...first, count: 19 })).toThrowRule("shard-id");
  });

  test("where the same shard came out otherwise before, naming its seeds", async () => {
    const { results, first, prepared } = await setUp();
    results.add(first);
    const other = runShard(
      {
        ...prepared,
        scenario: toyScenario({ simulate: () => ({ down: 1, interruptions: [], lost: 0 }) }),
      },
      first,
    );
    expect(() => results.add(other)).toThrow("seeds 0 to 19");
    expect(() => results.add(other)).toThrowRule("not-deterministic");
    expect(results.add(first)).toBe(false);
    expect(results.duplicates).toBe(1);
  });

  test("where it measures something else", async () => {
    const { results, shards, prepared } = await setUp();
    results.add(shards[0] as ShardResult);
    const other = { ...prepared, scenario: toyScenario({ simulate: () => ({ up: 1 }) }) };
    expect(() => results.add(runShard(other, shards[1] as ShardResult))).toThrowRule(
      "measure-names",
    );
    expect(results.has(1)).toBe(false);
    const mixed = {
      ...prepared,
      scenario: toyScenario({ simulate: (_, seed) => ({ up: seed === 3 ? [1] : 1 }) }),
    };
    expect(() => runShard(mixed, shards[0] as ShardResult)).toThrowRule("measure-names");
  });

  test("where its line cannot be read, with file and line", async () => {
    const { prepared, first } = await setUp();
    const header = headerLine(prepared.spec);
    expect(() => parseResultLines(`${header}\n{"torn\n`, "a.ndjson")).toThrow("a.ndjson:2");
    expect(() => parseResultLines(`${header}\n{"torn\n`, "a.ndjson")).toThrowRule(
      "unreadable-line",
    );
    expect(() => parseResultLines(`${resultLine(first)}\n`, "a.ndjson")).toThrowRule(
      "unreadable-line",
    );
    expect(() => parseResultLines(`${header}\n${header}\n`, "a.ndjson")).toThrowRule(
      "unreadable-line",
    );
    const torn = `${header}\n${resultLine(first)}\n{"ensemble":"ab`;
    expect(parseResultLines(torn, "a.ndjson")).toMatchObject({
      results: [first],
      wholeLength: torn.lastIndexOf("\n") + 1,
    });
    expect(parseResultLines("", "a.ndjson")).toBeUndefined();
  });

  test("where a sketch is asked for a share near 1, or for pairs", async () => {
    const prepared = await prepareToy(
      { keep: "sketch" },
      toyScenario({ simulate: (_, seed) => ({ available: 1 - draw(seed, 1) / 1000 }) }),
    );
    const results = new EnsembleResults(prepared.spec);
    for (const shard of shardsOf(prepared.spec)) results.add(runShard(prepared, shard));
    expect(() => figuresOf(results, "slow", "available")).toThrowRule("share-in-sketch");
    expect(() =>
      compareDesigns(results, { baseline: "as it is", design: "slow", measure: "available" }),
    ).toThrowRule("spec-input");
  });
});

describe("a worker refuses an ensemble", () => {
  const open = () => toyScenario();

  test("of another format, version or behaviour", async () => {
    const { spec } = await prepareToy();
    const refused = (change: object) => receiveEnsemble({ ...spec, ...change }, open);
    await expect(refused({ version: 2 })).rejects.toThrowRule("spec-format");
    await expect(refused({ engine: { ...spec.engine, version: "0.0.1" } })).rejects.toThrowRule(
      "engine-version",
    );
    await expect(
      refused({ engine: { ...spec.engine, fingerprint: "0".repeat(32) } }),
    ).rejects.toThrowRule("engine-behaviour");
    await expect(refused({ designs: ["fast"] })).rejects.toThrowRule("design-name");
  });

  test("whose scenario was edited, even where its outcomes stayed the same", async () => {
    const { spec } = await prepareToy();
    await expect(receiveEnsemble(spec, () => toyScenario({ source: "toy " }))).rejects.toThrowRule(
      "scenario-source",
    );
  });

  test("whose scenario has other facts, although its text is the same", async () => {
    const { spec } = await prepareToy();
    const changed = toyScenario({ factsOf: (design, seed) => `${design} ${String(seed)}` });
    await expect(receiveEnsemble(spec, () => changed)).rejects.toThrowRule("scenario-behaviour");
    await expect(receiveEnsemble(spec, open)).resolves.toMatchObject({ spec });
  });

  test("that was planned with what cannot be", async () => {
    await expect(prepareToy({ futures: 0 })).rejects.toThrowRule("spec-input");
    await expect(prepareToy({ shardSize: 1.5 })).rejects.toThrowRule("spec-input");
    await expect(prepareToy({ designs: ["fast"] })).rejects.toThrowRule("design-name");
  });
});

describe("a future that throws", () => {
  const failing = toyScenario({
    simulate: (design, seed) => {
      if (seed % 50 === 17) throw new Error(`no such thing in future ${String(seed)}`);
      return toyScenario().simulate(design, seed);
    },
  });

  test("is counted and named by its seed; all others have their figures", async () => {
    const prepared = await prepareToy({}, failing);
    const results = new EnsembleResults(prepared.spec);
    for (const shard of shardsOf(prepared.spec)) results.add(runShard(prepared, shard));
    expect(results.failuresOf("slow").map(({ seed }) => seed)).toEqual([17, 67, 117, 167]);
    const { seeds, values } = results.column("slow", "down");
    expect(seeds.length).toBe(196);
    expect([...values]).toEqual(
      [...seeds].map((seed) => toyScenario().simulate("slow", seed)["down"]),
    );
  });

  test("is left out of a comparison, whichever design it failed in", async () => {
    const inOne = toyScenario({
      simulate: (design, seed) =>
        design === "slow" ? failing.simulate(design, seed) : toyScenario().simulate(design, seed),
    });
    const prepared = await prepareToy({}, inOne);
    const results = new EnsembleResults(prepared.spec);
    for (const shard of shardsOf(prepared.spec)) results.add(runShard(prepared, shard));
    const { pairs, ratio } = compareDesigns(results, {
      baseline: "as it is",
      design: "slow",
      measure: "down",
    });
    expect(pairs).toBe(196);
    expect(ratio).toMatchObject({ gain: "infinite" });
    expect(ratio?.value).toBeCloseTo(3, 9);
  });

  test("because a measure is no finite number is one, too", async () => {
    const prepared = await prepareToy(
      {},
      toyScenario({ simulate: (_, seed) => ({ down: seed === 3 ? Number.NaN : 1 }) }),
    );
    const [shard] = shardsOf(prepared.spec);
    const result = runShard(prepared, shard as NonNullable<typeof shard>);
    expect(result.designs["slow"]?.failures).toEqual([
      { seed: 3, error: "measure down is NaN; a measure is a finite number or a list of them" },
    ]);
  });
});

test("more values than memory should hold are refused, naming the sketch", async () => {
  const prepared = await prepareToy();
  const results = new EnsembleResults(prepared.spec, { valuesMax: 1000 });
  const add = (): void => {
    for (const shard of shardsOf(prepared.spec)) results.add(runShard(prepared, shard));
  };
  expect(add).toThrowRule("too-many-values");
  expect(add).toThrow('keep: "sketch", or with fewer futures');
});

test("shards are cut the same wherever the work is shared", () => {
  expect([1, 60, 300, 1000, 10_000, 1_000_000].map(defaultShardSize)).toEqual([
    5, 5, 5, 20, 200, 1000,
  ]);
});
