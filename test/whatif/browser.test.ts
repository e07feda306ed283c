import { fileURLToPath } from "node:url";
import { buildSync } from "esbuild";
import { chromium } from "playwright-core";
import type { ScenarioInput } from "replication-simulator/scenario";
import * as here from "replication-simulator/whatif";
import { expect, test } from "vitest";

const question: ScenarioInput = {
  scenario: 1,
  world: { jitter: 0.3 },
  topology: { orders: { kind: "group", replicas: 2 } },
  random: {
    crashes: {
      fault: "crash",
      of: "orders.any",
      every: { exponential: "10d" },
      timeToRepair: { lognormal: "20m", sigma: 1 },
    },
  },
  horizon: "60d",
  measures: { down: { measure: "writesDown", of: "orders" } },
  expect: {
    "ten minutes": { mean: "down", atMost: "10m" },
    "no copy left": { never: "noCopy", of: "orders" },
  },
};

/** What both runtimes are asked; as text, every digit counts. */
const answerIn = async (
  { whatIf, estimateRare, summaryJson, rareText }: typeof here,
  scenario: ScenarioInput,
): Promise<string> => {
  const answer = await whatIf(scenario).run({ futures: 60 });
  const rare = await estimateRare(scenario, { roots: 100, until: null });
  const engines = JSON.stringify([answer.engines, rare.engine, rare.figure]);
  return `${summaryJson(answer.summary())}\n${rareText(rare)}\n${engines}`;
};

test("questions have the same answers in a browser, digit for digit", async () => {
  const built = buildSync({
    entryPoints: [fileURLToPath(new URL("../../src/whatif/index.ts", import.meta.url))],
    bundle: true,
    write: false,
    platform: "browser",
    format: "iife",
    globalName: "whatIfModule",
    target: "es2022",
    logLevel: "error",
  });
  const browser = await chromium.launch({
    executablePath: "/usr/bin/chromium",
    args: ["--no-sandbox"],
  });
  try {
    const page = await browser.newPage();
    await page.addScriptTag({ content: built.outputFiles[0]?.text ?? "" });
    const text = await page.evaluate<unknown>(
      `(${answerIn.toString()})(whatIfModule, ${JSON.stringify(question)})`,
    );
    expect(text).toContain("forced excursions");
    expect(text).toBe(await answerIn(here, question));
  } finally {
    await browser.close();
  }
}, 120_000);
