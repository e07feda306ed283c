import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { chromium } from "playwright-core";
import { describe, expect, test } from "vitest";
import type { EnsembleResults } from "../../../src/whatif/ensemble/ensembleResults.js";
import { summarize } from "../../../src/whatif/ensemble/ensembleSummary.js";
import { checkExpectation, type Expectation } from "../../../src/whatif/ensemble/expectation.js";
import { runEnsemble } from "../../../src/whatif/ensemble/runEnsemble.js";
import type { ExpectationVerdict } from "../../../src/whatif/expectations.js";
import { futuresCsv } from "../../../src/whatif/report/futuresCsv.js";
import { reportHtml } from "../../../src/whatif/report/reportHtml.js";
import type { ReportInput } from "../../../src/whatif/report/reportInput.js";
import { launchBrowser, openFile } from "../../page/browser.js";
import { prepareToy, toyScenario } from "../ensemble/toyScenario.js";

const hostile = `</script><img src=x onerror="alert(1)">\u202E`;

const expectations: Readonly<Record<string, Expectation>> = {
  "an hour a month": { mean: "down", atMost: 90_000 },
  [hostile]: { quantile: 0.95, of: "interruptions", atMost: 60_000 },
  "seldom lost": { share: "lost", above: 0, atMost: 0.12 },
};

/** The verdict on each expectation in each design. */
const verdictsOf = (results: EnsembleResults): readonly ExpectationVerdict[] =>
  results.spec.designs.flatMap((design) =>
    Object.entries(expectations).map(([name, expectation]) => ({
      name,
      design,
      expectation,
      seeds: [],
      ...checkExpectation(results, design, expectation),
    })),
  );

async function input(change: Partial<ReportInput> = {}, futures = 300): Promise<ReportInput> {
  const slow = toyScenario();
  const scenario = {
    ...slow,
    designs: ["as it is", hostile],
    simulate: (design: string, seed: number) =>
      slow.simulate(design === hostile ? "slow" : design, seed),
  };
  const { results } = await runEnsemble(await prepareToy({ futures }, scenario));
  return {
    title: `Is it ${hostile}?`,
    summary: summarize(results, { expectations }),
    results,
    verdicts: verdictsOf(results),
    measures: {
      down: { unit: "duration", definition: "time in which clients cannot write" },
      interruptions: { unit: "duration" },
      lost: { unit: "number" },
    },
    notes: ["30 days from a healthy start."],
    scenario: `title: ${hostile}\nhorizon: 30d\n`,
    command: "replication-simulator whatif run a.yaml",
    showCommand: (design, seed) =>
      `replication-simulator whatif show a.yaml --design "${design}" --seed ${String(seed)}`,
    ...change,
  };
}

describe("a report", () => {
  test("says the question, the verdicts, the figures and how to run it again", async () => {
    const html = reportHtml(await input());
    for (const part of [
      "300 futures of 2 designs on the same seeds; intervals at 95 %.",
      "30 days from a healthy start.",
      "✓ met",
      "✕ not met",
      "futures would decide",
      "at most 1.50 min",
      "Compared with as it is",
      "3 times",
      "replication-simulator whatif run a.yaml",
      "--seed",
      "horizon: 30d",
    ])
      expect(html).toContain(part);
  });

  test("answers for what must hold in every future, with the seeds that break it", async () => {
    const verdict = {
      value: 0.02,
      interval: { low: 0.01, high: 0.04 },
      futuresToDecide: null,
      confidence: 0.95,
    };
    const html = reportHtml(
      await input({
        verdicts: [
          {
            name: "a copy",
            design: "as it is",
            expectation: { never: "noCopy", of: "orders", for: 60_000 },
            verdict: "not met",
            seeds: [3, 7],
            ...verdict,
          },
          {
            name: "all is well again",
            design: "as it is",
            expectation: { holds: "recovers" },
            verdict: "met",
            seeds: [],
            ...verdict,
            value: 0,
          },
        ],
      }),
    );
    expect(html).toContain("in no future: noCopy of orders for 1 min");
    expect(html).toContain("broken by 2 % of futures");
    expect(html).toContain("seeds 3, 7");
    expect(html).toContain("holds in every future: recovers");
  });

  test("is the same bytes for the same input, and small", async () => {
    const html = reportHtml(await input());
    expect(reportHtml(await input())).toBe(html);
    expect(Buffer.byteLength(html)).toBeLessThan(60_000);
  });

  test("keeps every name text, whatever is in it", async () => {
    const html = reportHtml(await input());
    expect(html).not.toContain("<img");
    expect(html).not.toContain("<script");
    expect(html).not.toContain("\u202E");
    expect(html).toContain("&lt;img src=x");
  });

  test("warns of means that rest on few futures", async () => {
    const html = reportHtml(await input({}, 60));
    expect(html).toMatch(/\d+ of 60 futures have any/);
  });

  test("without values, as of a sketch, has figures and no distributions", async () => {
    const { results: _, ...rest } = await input();
    const html = reportHtml(rest);
    expect(html).toContain("estimate and interval of each design");
    expect(html).not.toContain("distribution of each design");
  });

  test("opens from a disk without a network, in both schemes and on paper, and no label covers another", async () => {
    const folder = mkdtempSync(join(tmpdir(), "replication-simulator-report-"));
    const browser = await chromium.launch({
      executablePath: "/usr/bin/chromium",
      args: ["--no-sandbox"],
    });
    try {
      const file = join(folder, "report.html");
      writeFileSync(file, reportHtml(await input()));
      for (const colorScheme of ["light", "dark"] as const) {
        const page = await browser.newPage({ colorScheme, viewport: { width: 900, height: 900 } });
        const errors: string[] = [];
        const requests: string[] = [];
        page.on("console", (message) => errors.push(message.text()));
        page.on("pageerror", (error) => errors.push(error.message));
        page.on("request", (request) => requests.push(request.url()));
        await page.goto(pathToFileURL(file).href);
        expect(errors).toEqual([]);
        expect(requests.length).toBe(1);
        expect(await page.evaluate(overlaps)).toEqual([]);
        await page.setViewportSize({ width: 420, height: 900 });
        expect(await page.evaluate("document.documentElement.scrollWidth <= innerWidth")).toBe(
          true,
        );
        expect((await page.pdf({ format: "A4" })).length).toBeGreaterThan(1000);
        await page.close();
      }
    } finally {
      await browser.close();
      rmSync(folder, { recursive: true, force: true });
    }
  }, 60_000);
});

const fourDesigns = [
  "as it is",
  "group with one replica",
  "plain set without a failover",
  "an instance alone",
];

test("four designs fit beside each other, on a screen and on paper", async () => {
  const toy = toyScenario();
  const simulate = (_design: string, seed: number) => toy.simulate("slow", seed);
  const scenario = { ...toy, designs: fourDesigns, simulate };
  const { results } = await runEnsemble(await prepareToy({ futures: 300 }, scenario));
  const rest = await input();
  const verdict = { value: 0.0005, interval: { low: 0.00009, high: 0.0028 }, seeds: [1947, 2001] };
  const html = reportHtml({
    ...rest,
    results,
    summary: summarize(results, { expectations }),
    verdicts: [
      ...verdictsOf(results),
      ...fourDesigns.map((design) => ({
        ...verdict,
        name: "never without a copy",
        design,
        expectation: { never: "noCopy", of: "orders", for: 3_600_000 } as const,
        verdict: "not met" as const,
        confidence: 0.95,
        futuresToDecide: null,
      })),
    ],
  });
  const browser = await launchBrowser();
  try {
    await using opened = await openFile(browser, html, {
      viewport: { width: 1200, height: 900 },
    });
    const { page } = opened;
    expect(await page.evaluate(cutTables)).toEqual([]);
    await page.emulateMedia({ media: "print" });
    // The width of a sheet of A4 with the margins that browsers leave.
    await page.setViewportSize({ width: 718, height: 1000 });
    expect(await page.evaluate(cutTables)).toEqual([]);
    const labels = page.locator("svg .name tspan");
    expect((await labels.allTextContents()).filter((text) => text.includes("…"))).toEqual([]);
  } finally {
    await browser.close();
  }
}, 60_000);

/** In the page: the headings of tables that are wider than their place. */
const cutTables = `[...document.querySelectorAll(".scroll")]
  .filter((box) => box.scrollWidth > box.clientWidth)
  .map((box) => box.querySelector("tr").textContent)`;

/** In the page: pairs of labels of one mark that cover each other. */
const overlaps = `[...document.querySelectorAll("svg")].flatMap((svg) => {
  const boxes = [...svg.querySelectorAll("text")].map((text) => ({ text: text.textContent, ...text.getBoundingClientRect().toJSON() }));
  return boxes.flatMap((a, at) => boxes.slice(at + 1)
    .filter((b) => a.width > 0 && b.width > 0 && a.left < b.right && b.left < a.right && a.top + 3 < b.bottom && b.top + 3 < a.bottom)
    .map((b) => a.text + " | " + b.text));
})`;

test("futures as a table have one row each, and open in a spreadsheet as text", async () => {
  const { results } = await input();
  if (results === undefined) throw new Error("no results");
  const [head, first, ...rest] = futuresCsv(results).split("\n");
  expect(head).toBe("seed,design,down,interruptions (count),interruptions (sum),lost");
  expect(first?.split(",").slice(0, 2)).toEqual(["0", "as it is"]);
  const [, , down, , sum] = first?.split(",") ?? [];
  expect(sum).toBe(down);
  expect(rest.length).toBe(600);
  const formula = toyScenario({ designs: ['=1+"2"'] });
  const { results: other } = await runEnsemble(await prepareToy({ futures: 5 }, formula));
  expect(futuresCsv(other).split("\n")[1]).toContain(`"'=1+""2"""`);
});
