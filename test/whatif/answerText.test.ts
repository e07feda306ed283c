import type { ScenarioInput } from "replication-simulator/scenario";
import {
  answerText,
  type OwnParts,
  reportHtml,
  shardsOf,
  type WhatIfAnswer,
  whatIf,
} from "replication-simulator/whatif";
import { describe, expect, test } from "vitest";

const crashing: ScenarioInput = {
  scenario: 1,
  topology: { orders: { kind: "set", replicas: 1 } },
  random: {
    crashes: { fault: "crash", of: "orders", every: { exponential: "5d" }, timeToRepair: "1h" },
  },
  horizon: "30d",
  measures: { down: { measure: "writesDown", of: "orders" } },
};
const twoReplicas = { two: { topology: { orders: { replicas: 2 } } } };

/** Returns the line of a text that begins with some words. */
function lineOf(text: string, words: string): string {
  return text.split("\n").find((line) => line.trim().startsWith(words)) ?? "";
}

function reportOf(answer: WhatIfAnswer): string {
  return reportHtml({
    title: "down",
    summary: answer.summary(),
    results: answer.results,
    measures: { down: { unit: "duration" } },
    scenario: "",
    command: "",
    showCommand: () => "",
  });
}

/** An own measure: minus the number of changes. */
const margin: OwnParts = {
  measures: {
    margin: () => {
      let changes = 0;
      return {
        after: ({ facts }) => {
          changes += facts.length;
        },
        end: () => -changes,
      };
    },
  },
};

describe("the text of an answer", () => {
  test("gives a negative measure the interval that it has", async () => {
    const answer = await whatIf({ ...crashing, designs: twoReplicas }, margin).run({ futures: 60 });
    const figures = answer.figures("margin");
    expect(figures.kind === "number" && figures.mean.interval?.low).toBeLessThan(-1);
    const line = lineOf(answerText(answer), "margin");
    expect(line).toMatch(/margin +-\d[\d.]* \(-\d[\d.]* to -\d[\d.]*\)/);
    // Time without writes is never negative, so its interval is not either.
    const rare = { ...crashing, horizon: "2d" };
    const few = await whatIf(rare).run({ futures: 60 });
    expect(answerText(few)).not.toMatch(/\(-/);
  });

  test("names the seeds that ran where only some shards did", async () => {
    const question = whatIf(crashing);
    const { spec } = (await question.run({ futures: 30, shardSize: 5 })).results;
    const all = shardsOf(spec);
    const some = [1, 2, 5].flatMap((at) => all[at] ?? []);
    const answer = await question.run({ futures: 30, shardSize: 5, shards: some });
    expect(answerText(answer)).toMatch(
      /^15 futures of 30d of each design, seeds 5 to 14, 25 to 29$/m,
    );
    expect(answer.summary()).toMatchObject({
      seeds: { first: 5, count: 15 },
      seedRanges: [
        { first: 5, count: 10 },
        { first: 25, count: 5 },
      ],
    });
    const whole = await question.run({ futures: 30, shardSize: 5 });
    expect(answerText(whole)).toMatch(/^30 futures of 30d of each design, seeds 0 to 29$/m);
    expect(whole.summary()).toMatchObject({ seeds: { first: 0, count: 30 } });
    expect(whole.summary()).not.toHaveProperty("seedRanges");
    expect(answerText(whole)).not.toContain("Incomplete");
  });

  test("says that a run was interrupted", async () => {
    const stop = new AbortController();
    const answer = await whatIf(crashing).run({
      futures: 30,
      shardSize: 5,
      signal: stop.signal,
      onResult: () => {
        stop.abort();
      },
    });
    expect(answer.isComplete).toBe(false);
    expect(answer.futures).toBeLessThan(30);
    const incomplete = `Incomplete: ${String(answer.futures)} of 30 futures of each design`;
    expect(answerText(answer)).toContain(incomplete);
  });

  test.each([
    ["the first design", 2],
    ["the second design", 3],
  ])("says that there is no pair where all futures of %s threw", async (_, copies) => {
    const boom: OwnParts = {
      measures: {
        boom: ({ names }) => ({
          end: () => {
            if (names.things[0]?.plannedCopies === copies) throw new Error("boom");
            return 1;
          },
        }),
      },
    };
    const answer = await whatIf({ ...crashing, designs: twoReplicas }, boom).run({ futures: 20 });
    const text = answerText(answer);
    const [, comparison = ""] = text.split("beside as it is");
    expect(lineOf(comparison, "down")).toMatch(/down +no pair: no seed has a value in both$/);
    expect(comparison).not.toContain("the same\n");
    expect(reportOf(answer)).toContain("no pair: no seed has a value in both");
  });

  test("prints a figure apart from a limit that it misses by little", async () => {
    const { mean } = (await whatIf(crashing).run({ futures: 60 })).figures("down") as {
      readonly mean: { readonly value: number };
    };
    const limit = Math.round(mean.value) - 1;
    const question: ScenarioInput = {
      ...crashing,
      expect: { up: { mean: "down", atMost: limit } },
    };
    const text = answerText(await whatIf(question).run({ futures: 60 }));
    const [, value, bound] =
      /up: ([\d.]+) h .* at most ([\d.]+) h/s.exec(text.replaceAll(/\s+/g, " ")) ?? [];
    expect(Number(value)).toBeGreaterThan(Number(bound));
    expect(Number(value)).toBeCloseTo(Number(bound), 2);
  });

  test("says that the mean of a list is that of the sum of a future", async () => {
    const answer = await whatIf({
      ...crashing,
      measures: { ...crashing.measures, times: { measure: "interruptions", of: "orders" } },
      expect: { short: { mean: "times", atMost: "20h" }, up: { mean: "down", atMost: "20h" } },
    }).run({ futures: 40 });
    const text = answerText(answer);
    expect(lineOf(text, "MET       short")).toMatch(/short: [\d.]+ h a future \(/);
    expect(lineOf(text, "MET       up")).toMatch(/up: [\d.]+ h \(/);
    expect(reportOf(answer)).toContain("mean of a value");
  });
});
