import { brotliCompressSync } from "node:zlib";
import type { Browser } from "playwright-core";
import { topologyTree } from "replication-simulator/render";
import { runScenario } from "replication-simulator/scenario";
import { parseScenarioFile } from "replication-simulator/scenario-file";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { playgroundHtml } from "../../scripts/build-playground.js";
import { launchBrowser, openFile, violations } from "./browser.js";

// A browser takes as long as the machine is busy.
vi.setConfig({ testTimeout: 90_000 });

const own = `scenario: 1
title: Mine
world: { jitter: 0.3 }
topology:
  shop: { kind: group, replicas: 1, writes: { perSecond: 10 } }
steps:
  - { at: 5m, do: { fault: crash, of: shop.source } }
horizon: 30m
measures:
  down: { measure: writesDown, of: shop }
`;

let browser: Browser;
let html = "";
beforeAll(async () => {
  browser = await launchBrowser();
  html = await playgroundHtml();
}, 90_000);
afterAll(() => browser.close());

test("a scenario is run in the page, from disk, and comes out as in Node", async () => {
  await using opened = await openFile(browser, html);
  const { page } = opened;
  await page.getByLabel("Scenario, as YAML or JSON").fill(own);
  await page.getByLabel("seed").fill("7");
  await page.getByRole("button", { name: "Run", exact: true }).click();
  await page.getByRole("heading", { name: "Mine" }).waitFor();
  await page.getByRole("button", { name: "text", exact: true }).click();
  await page.getByRole("button", { name: "End", exact: true }).click();
  const { sim } = runScenario(parseScenarioFile(own), { seed: 7 });
  expect(await page.textContent("pre.tree")).toBe(topologyTree(sim.topology, { ids: true }));
  expect(opened.errors).toEqual([]);
  expect(opened.requests).toHaveLength(1);
});

test("problems stand where they are, and what cannot run is not run", async () => {
  await using opened = await openFile(browser, html);
  const { page } = opened;
  await page
    .getByLabel("Scenario, as YAML or JSON")
    .fill(own.replace("kind: group", "kind: grupo"));
  const problem = page.locator(".problems li");
  expect(await problem.textContent()).toMatch(/^line 5.*grupo/);
  expect(await page.locator(".gutter .wrong").textContent()).toBe("5");
  expect(await page.getByRole("button", { name: "Run", exact: true }).isDisabled()).toBe(true);
});

test("hundreds of futures are run in a worker, and the worst one opens", async () => {
  await using opened = await openFile(browser, html);
  const { page, errors } = opened;
  await page.getByLabel("Scenario, as YAML or JSON").fill(own);
  await page.getByLabel("futures", { exact: true }).fill("200");
  await page.getByRole("button", { name: "What if" }).click();
  await page.getByRole("heading", { name: "200 futures" }).waitFor();
  const row = page.locator("section", { hasText: "Worst by down" }).locator("tbody tr").first();
  const [seed, worst] = await Promise.all([
    row.locator("th").textContent(),
    row.locator("td").first().textContent(),
  ]);
  await row.getByRole("button", { name: "open" }).click();
  await page.locator(".summary", { hasText: `${worst ?? ""} without writes` }).waitFor();
  expect(Number(seed)).toBeGreaterThan(0);
  expect(errors).toEqual([]);
});

test("a link holds the scenario and its seed", async () => {
  await using opened = await openFile(browser, html);
  const { page } = opened;
  await page.getByLabel("Scenario, as YAML or JSON").fill(own);
  await page.getByLabel("seed").fill("12");
  // A change of the place that is still to be written does not take the scenario out of the address again.
  await page.getByRole("button", { name: "Beginning", exact: true }).click();
  await page.getByRole("button", { name: "Link" }).click();
  await expect
    .poll(() => page.evaluate("location.hash"), { timeout: 20_000 })
    .toMatch(/scenario=.*&t=/);
  const hash = String(await page.evaluate("location.hash"));
  await using other = await openFile(browser, html, { hash });
  expect(await other.page.getByLabel("Scenario, as YAML or JSON").inputValue()).toBe(own);
  expect(await other.page.getByLabel("seed").inputValue()).toBe("12");
  await other.page.getByRole("heading", { name: "Mine" }).waitFor();
});

test("every example runs", async () => {
  await using opened = await openFile(browser, html);
  const { page, errors } = opened;
  const examples = page.getByLabel("example");
  const names = await examples.locator("option").allTextContents();
  expect(names.length).toBeGreaterThan(5);
  for (const name of names) {
    await examples.selectOption(name);
    expect(await page.locator(".problems").count(), name).toBe(0);
    await page.getByRole("button", { name: "Run", exact: true }).click();
    await page.getByText(/^ran \d+ worlds?$/).waitFor();
  }
  expect(errors).toEqual([]);
});

test("axe finds nothing", async () => {
  for (const colorScheme of ["light", "dark"] as const) {
    await using opened = await openFile(browser, html, { colorScheme });
    expect(await violations(opened.page)).toEqual([]);
  }
});

test("it is at most 187 kB over the wire", () => {
  expect(brotliCompressSync(html).length).toBeLessThan(187_000);
});
