import "../matchers.js";
import { describe, expect, test, vi } from "vitest";
import { EnsembleResults } from "../../../src/whatif/ensemble/ensembleResults.js";
import { type Shard, shardsOf } from "../../../src/whatif/ensemble/ensembleSpec.js";
import { summarize, summaryJson } from "../../../src/whatif/ensemble/ensembleSummary.js";
import type { Executor } from "../../../src/whatif/ensemble/executor.js";
import type { Expectation } from "../../../src/whatif/ensemble/expectation.js";
import {
  type EnsembleProgress,
  runEnsemble,
  untilDecided,
  untilHalfWidth,
} from "../../../src/whatif/ensemble/runEnsemble.js";
import { runShard } from "../../../src/whatif/ensemble/shardResult.js";
import { draw, prepareToy, shuffled, toyScenario } from "./toyScenario.js";

// A loaded machine takes several times as long.
vi.setConfig({ testTimeout: 60_000 });

/** Runs shards in any order, some twice, as a cluster does. */
const inOrder = (order: (shards: readonly Shard[]) => readonly Shard[]): Executor => ({
  name: "reordered",
  async *run(prepared, shards) {
    for (const shard of order(shards)) yield await Promise.resolve(runShard(prepared, shard));
  },
});

const executors = {
  inline: undefined,
  backwards: inOrder((shards) => shards.toReversed()),
  shuffled: inOrder((shards) => shuffled(shards, 1)),
  "with duplicates": inOrder((shards) => shuffled([...shards, ...shards], 2)),
};

describe.each(Object.entries(executors))("an ensemble that runs %s", (_, executor) => {
  const options = executor === undefined ? {} : { executor };

  test("comes to the same bytes", async () => {
    const prepared = await prepareToy();
    const { results, isComplete } = await runEnsemble(prepared, options);
    expect(isComplete).toBe(true);
    const expected = await runEnsemble(prepared);
    expect(summaryJson(summarize(results))).toBe(summaryJson(summarize(expected.results)));
  });

  test("stops at the same prefix, and has the same figures there", async () => {
    const prepared = await prepareToy({ futures: 6400, shardSize: 100 });
    const stopWhen = untilHalfWidth({ halfWidth: 0.05, measures: ["down"] });
    const { results, shards, isComplete } = await runEnsemble(prepared, { ...options, stopWhen });
    expect({ shards, isComplete }).toEqual({ shards: 16, isComplete: true });
    const expected = await runEnsemble(await prepareToy({ futures: 6400, shardSize: 100 }), {
      stopWhen,
    });
    expect(summaryJson(summarize(results, { shards }))).toBe(
      summaryJson(summarize(expected.results, { shards })),
    );
    const { mean } = summarize(results, { shards }).designs["slow"]?.measures["down"] ?? {};
    const { low, high } = mean?.interval ?? {};
    expect(((high ?? Infinity) - (low ?? 0)) / 2 / (mean?.value ?? 1)).toBeLessThanOrEqual(0.05);
  });
});

describe("a run", () => {
  test("goes on from results that are there, and runs nothing twice", async () => {
    const prepared = await prepareToy();
    const results = new EnsembleResults(prepared.spec);
    for (const shard of shardsOf(prepared.spec).filter((_, at) => at % 3 === 0))
      results.add(runShard(prepared, shard));
    const run: number[] = [];
    await runEnsemble(prepared, { results, onResult: ({ index }) => run.push(index) });
    expect(run).toEqual([1, 2, 4, 5, 7, 8]);
    const whole = await runEnsemble(prepared);
    expect(summaryJson(summarize(results))).toBe(summaryJson(summarize(whole.results)));
  });

  test("that is aborted keeps what is there and says that it is not complete", async () => {
    const prepared = await prepareToy();
    const stop = new AbortController();
    const { results, isComplete } = await runEnsemble(prepared, {
      signal: stop.signal,
      onResult: ({ index }) => {
        if (index === 3) stop.abort();
      },
    });
    expect({ done: results.done, isComplete }).toEqual({ done: 4, isComplete: false });
    const before = AbortSignal.abort();
    expect((await runEnsemble(prepared, { signal: before })).results.done).toBe(0);
  });

  test("of a part runs that part alone", async () => {
    const prepared = await prepareToy();
    const shards = shardsOf(prepared.spec).filter(({ index }) => index % 4 === 1);
    const { results, isComplete } = await runEnsemble(prepared, { shards });
    expect({ done: results.done, isComplete }).toEqual({ done: 3, isComplete: true });
  });

  test("reports its progress after each shard", async () => {
    const prepared = await prepareToy();
    const progress: EnsembleProgress[] = [];
    await runEnsemble(prepared, { onProgress: (each) => progress.push(each) });
    expect(progress.map(({ shards, of, futures }) => [shards, of, futures]).slice(-2)).toEqual([
      [9, 10, 180],
      [10, 10, 200],
    ]);
    expect(progress.at(-1)).toMatchObject({ leftMs: 0, duplicates: 0 });
    expect(progress.every(({ futuresPerSecond }) => futuresPerSecond > 0)).toBe(true);
  });
});

describe("expectations", () => {
  const expectations: Readonly<Record<string, Expectation>> = {
    "down on average": { mean: "down", atMost: 90_000 },
    "most are short": { quantile: 0.9, of: "interruptions", atMost: 60_000 },
    "seldom lost": { share: "lost", above: 0, atMost: 0.2 },
    "never lost": { share: "lost", above: 0, atMost: 0 },
  };

  test("are checked for each design", async () => {
    const prepared = await prepareToy({ futures: 2000, shardSize: 100 });
    const { results } = await runEnsemble(prepared);
    const { designs } = summarize(results, { expectations });
    const verdicts = (design: string) =>
      Object.fromEntries(
        Object.entries(designs[design]?.expectations ?? {}).map(([name, { verdict }]) => [
          name,
          verdict,
        ]),
      );
    expect(verdicts("as it is")).toEqual({
      "down on average": "met",
      "most are short": "met",
      "seldom lost": "met",
      "never lost": "not met",
    });
    expect(verdicts("slow")).toMatchObject({
      "down on average": "not met",
      "most are short": "not met",
    });
  });

  test("end a run as soon as all are decided", async () => {
    const prepared = await prepareToy({ futures: 6400, shardSize: 100 });
    const { shards } = await runEnsemble(prepared, {
      stopWhen: untilDecided(Object.values(expectations)),
    });
    expect(shards).toBeLessThanOrEqual(16);
    const close: Expectation = { share: "lost", above: 0, atMost: 0.1 };
    const all = await runEnsemble(prepared, { stopWhen: untilDecided([close]) });
    expect(all.shards).toBe(64);
  });

  test("on a list of a hundred values a future need fewer futures than values", async () => {
    const scenario = toyScenario({
      simulate: (_, seed) => ({
        waits: Array.from({ length: 100 }, (_each, at) => draw(seed, at)),
      }),
    });
    const prepared = await prepareToy({ futures: 60, designs: ["slow"] }, scenario);
    const { results } = await runEnsemble(prepared);
    const { expectations: checked } = summarize(results, {
      expectations: { short: { quantile: 0.9, of: "waits", atMost: 0.903 } },
    }).designs["slow"] as NonNullable<ReturnType<typeof summarize>["designs"][string]>;
    expect(checked["short"]?.verdict).toBe("undecided");
    expect(checked["short"]?.futuresToDecide).toBeLessThan(6000);
  });
});
