import { readFileSync } from "node:fs";
import type { Browser, Page } from "playwright-core";
import { ReplicationSimulator } from "replication-simulator";
import { pageHtml } from "replication-simulator/page";
import { journalTimeline, topologyTree } from "replication-simulator/render";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { packageNotices } from "../../scripts/third-party-notice.js";
import { launchBrowser, openFile, violations } from "./browser.js";
import { failoverTwice, hostileNames } from "./worlds.js";

const { past, documented, slow } = failoverTwice();
const html = pageHtml({
  title: "A failover, twice",
  note: "The same faults under two monitors.",
  past,
  branches: { documented, slow },
});
const journal = documented.journal();
const startAt = past.settings.startAt;

// A browser takes as long as the machine is busy.
vi.setConfig({ testTimeout: 90_000 });

let browser: Browser;
beforeAll(async () => {
  browser = await launchBrowser();
}, 60_000);
afterAll(() => browser.close());

describe("a page from disk, with the network off", () => {
  test("opens with one request, and without an error", async () => {
    await using opened = await openFile(browser, html);
    expect(opened.errors).toEqual([]);
    expect(opened.requests).toHaveLength(1);
    expect(await opened.page.title()).toBe("A failover, twice");
    expect(await opened.page.textContent("h1")).toBe("A failover, twice");
  });

  test("begins with what clients felt: outages and losses", async () => {
    await using opened = await openFile(browser, html);
    const summary = await opened.page.locator(".summary li").allTextContents();
    const resumed = journal.lines
      .flatMap(({ facts }) => facts)
      .filter((fact) => fact.type === "WritesResumed");
    expect(resumed.length).toBeGreaterThan(1);
    expect(summary.join(" ")).toContain("without writes");
    const group = resumed.find(({ replacedId }) => replacedId !== null);
    expect(summary.find((text) => text.includes("HA group"))).toContain(
      `${String((group?.unavailableMs ?? 0) / 1000)} s without writes`,
    );
  });

  test("runs no script but its own, and connects to nowhere", async () => {
    await using opened = await openFile(browser, html);
    const { page } = opened;
    const blocked = await page.evaluate(`(async () => {
      const element = document.createElement("script");
      try {
        element.textContent = "window.wasRun = true";
        document.body.append(element);
      } catch {
        // Trusted types refuse before the policy does.
      }
      const answer = await fetch("data:text/plain,x").then(() => "connected", () => "refused");
      return { wasRun: "wasRun" in window, answer };
    })()`);
    expect(blocked).toEqual({ wasRun: false, answer: "refused" });
  });
});

describe("its size", () => {
  test("is under 152 kB beside its data", () => {
    const empty = pageHtml({ world: new ReplicationSimulator() });
    const data = /<script type="application\/json" id="data">(.*)<\/script>/.exec(empty)?.[1] ?? "";
    expect(data.length).toBeGreaterThan(1000);
    expect(Buffer.byteLength(empty) - data.length).toBeLessThan(152_000);
  });

  test("names the authors and the licence of what it contains, and so does the package", async () => {
    const empty = pageHtml({ world: new ReplicationSimulator() });
    expect(empty).toMatch(/preact [\d.]+, Copyright .*Jason Miller/);
    expect(empty).toContain("THE SOFTWARE IS PROVIDED");
    const file = readFileSync(new URL("../../THIRD-PARTY-NOTICES.txt", import.meta.url), "utf8");
    expect(file).toBe(await packageNotices());
    for (const name of ["preact", "fflate"]) expect(file).toContain(`${name} `);
  });

  test("large data are compressed, and open as others do", async () => {
    const sim = new ReplicationSimulator({ seed: 3 });
    const { id } = sim.createInstance({ name: "busy", flavorId: 2, volumeGb: 10 });
    sim.settle();
    for (let round = 0; round < 600; round++) {
      sim.restartInstance(id);
      sim.settle();
    }
    const large = pageHtml({ world: sim });
    expect(large.length).toBeLessThan(150_000 + JSON.stringify(sim.journal()).length / 3);
    expect(large).toContain('type="application/gzip"');
    await using opened = await openFile(browser, large);
    await opened.page.locator(".journal h2 small", { hasText: "1202 entries" }).waitFor();
    expect(opened.errors).toEqual([]);
  });
});

describe("travels in time, truly", () => {
  test("at every moment its tree is the one that the replayed world prints", async () => {
    await using opened = await openFile(browser, html);
    const { page } = opened;
    await page.getByRole("button", { name: "text", exact: true }).click();
    const moments = [...new Set(past.lines.map(({ at }) => at))];
    expect(moments.length).toBeGreaterThan(5);
    await page.keyboard.press("Home");
    for (const at of moments) {
      if (at > startAt) await page.keyboard.press("ArrowRight");
      const upTo = past.lines.filter((line) => line.at <= at);
      const world = ReplicationSimulator.replay({ ...past, lines: upTo, now: at });
      expect(await page.textContent("pre.tree")).toBe(topologyTree(world.topology, { ids: true }));
    }
  });

  test("at the end of a branch its tree is that of the branch", async () => {
    await using opened = await openFile(browser, html);
    const { page } = opened;
    await page.getByRole("button", { name: "text", exact: true }).click();
    await page.keyboard.press("End");
    expect(await page.textContent("pre.tree")).toBe(
      topologyTree(documented.topology, { ids: true }),
    );
    await page.keyboard.press("b");
    await page.keyboard.press("End");
    expect(await page.textContent("pre.tree")).toBe(topologyTree(slow.topology, { ids: true }));
  });

  test("its journal says what journalTimeline prints, entry by entry", async () => {
    await using opened = await openFile(browser, html);
    const { page } = opened;
    const printed = journalTimeline(journal).replace(/\s+/g, " ").toLowerCase();
    for (const key of ["Home", "End"]) {
      await page.keyboard.press(key);
      const entries = await page.locator(".entries .texts > span").allTextContents();
      expect(entries.length).toBeGreaterThan(10);
      for (const text of entries) {
        const words = text.replace(/\s+/g, " ").trim();
        for (const part of words.split(/[:;] /)) {
          expect(printed.replaceAll(/[_-]/g, " ")).toContain(
            part.toLowerCase().replaceAll(/[_-]/g, " ").trim(),
          );
        }
      }
    }
  });

  test("a link leads to a moment and to what is selected", async () => {
    await using opened = await openFile(browser, html, { hash: "#t=35000&select=orders-2" });
    const { page } = opened;
    expect(await page.textContent("p.now b")).toBe("0:00:35");
    expect(await page.textContent(".details h2 .cut")).toBe("orders-2");
  });
});

describe("explains", () => {
  test("the chain of causes is the one that explain gives, and each cause can be visited", async () => {
    await using opened = await openFile(browser, html);
    const { page } = opened;
    await page.keyboard.press("End");
    const group = documented.listGroups().items[0];
    await page.locator(".frame").first().click();
    expect(await page.textContent(".details h2 .cut")).toBe(group?.name);
    const shown = (await page.locator(".chain .seq").allTextContents()).map((text) =>
      Number(text.slice(1)),
    );
    const explained = documented.explain(group?.id ?? "").map(({ line }) => line.seq);
    expect(shown).toEqual(explained);
    expect(shown.length).toBeGreaterThan(2);
    const root = page.locator(".chain li").last();
    expect(await root.textContent()).toContain("root cause");
    const time = await root.locator("time").textContent();
    await root.locator("button").click();
    expect(await page.textContent("p.now b")).toBe(time);
  });

  test("searches and filters the journal", async () => {
    await using opened = await openFile(browser, html);
    const { page } = opened;
    const all = await countOf(page);
    await page.keyboard.press("/");
    await page.keyboard.type("crashes orders-1");
    expect(await countOf(page)).toBe(1);
    await page.keyboard.press("Escape");
    expect(await countOf(page)).toBe(all);
    await page.getByLabel("Kinds of entries").selectOption("fault");
    expect(await countOf(page)).toBe(2);
    await page.getByLabel("Kinds of entries").selectOption("all");
    await page.getByRole("checkbox").check();
    const own = await countOf(page);
    expect(own).toBeGreaterThan(1);
    expect(own).toBeLessThan(all);
  });

  test("compares two branches from their first difference", async () => {
    await using opened = await openFile(browser, html);
    const { page } = opened;
    await page.keyboard.press("c");
    const rows = await page.locator("tbody tr").allTextContents();
    expect(rows).toContain("latency.detectFailure9 s1 min 9 s+1 min");
    const lost = (sim: ReplicationSimulator): number =>
      sim
        .journal()
        .lines.flatMap(({ facts }) => facts)
        .reduce((sum, fact) => {
          const isGroup = fact.type === "WritesResumed" && fact.replacedId !== null;
          return isGroup ? sum + fact.unavailableMs : sum;
        }, 0);
    const apart = (lost(slow) - lost(documented)) / 60_000;
    expect(apart).toBe(1);
    expect(rows.find((row) => row.startsWith("orders: without writes"))).toMatch(/\+1 min$/);
    const parted = slow.journal().lines[0]?.at ?? 0;
    const clock = new Date(parted - startAt).toISOString().slice(12, 19);
    expect(await page.textContent(".compare h2 small")).toBe(`at ${clock}`);
  });
});

describe("for every reader", () => {
  const views = ["light", "dark"].flatMap((scheme) =>
    [1440, 420].flatMap((width) =>
      [[], ["c"], ["?"]].map((keys) => ({ scheme, width, keys: keys.join("") || "world" })),
    ),
  );
  test.each(views)("axe finds nothing: $scheme, $width px, $keys", async (view) => {
    const { scheme, width, keys } = view;
    await using opened = await openFile(browser, html, {
      colorScheme: scheme as "light" | "dark",
      viewport: { width, height: 900 },
    });
    if (keys !== "world") await opened.page.keyboard.press(keys);
    expect(await violations(opened.page)).toEqual([]);
  });

  test("every key does what the sheet says", async () => {
    await using opened = await openFile(browser, html);
    const { page } = opened;
    const now = (): Promise<string | null> => page.textContent("p.now");
    await page.keyboard.press("Home");
    expect(await now()).toContain("0:00:00");
    await page.keyboard.press("ArrowRight");
    expect(await now()).toContain("0:00:35");
    await page.keyboard.press("ArrowLeft");
    expect(await now()).toContain("0:00:00");
    await page.keyboard.press("Shift+ArrowRight");
    const ten = await now();
    expect(ten).not.toContain("0:00:35");
    await page.keyboard.press("Home");
    await page.keyboard.press("]");
    const fault = await now();
    await page.keyboard.press("End");
    await page.keyboard.press("[");
    expect(await now()).toBe(fault);
    await page.keyboard.press("l");
    expect(await page.getByRole("button", { name: "linear" }).getAttribute("aria-pressed")).toBe(
      "true",
    );
    const out = page.getByRole("button", { name: "Zoom out" });
    expect(await out.isDisabled()).toBe(true);
    await page.keyboard.press("+");
    expect(await out.isDisabled()).toBe(false);
    await page.keyboard.press("0");
    expect(await out.isDisabled()).toBe(true);
    await page.keyboard.press("p");
    expect(await page.getByRole("button", { name: "Play" }).getAttribute("aria-pressed")).toBe(
      "true",
    );
    await page.keyboard.press("Escape");
    expect(await page.getByRole("button", { name: "Play" }).getAttribute("aria-pressed")).toBe(
      "false",
    );
    await page.keyboard.press("?");
    await page.getByRole("dialog").waitFor();
    await page.keyboard.press("Escape");
    await page.getByRole("dialog").waitFor({ state: "detached" });
  });

  test("every control is reached by Tab, and has a name", async () => {
    await using opened = await openFile(browser, html);
    const { page } = opened;
    const reached = new Set<string>();
    for (let stop = 0; stop < 150; stop++) {
      await page.keyboard.press("Tab");
      const name = String(
        await page.evaluate(`(() => {
          const element = document.activeElement;
          if (element === null || element === document.body) return "";
          const label = element.closest("label")?.textContent ?? "";
          return ((element.getAttribute("aria-label") ?? "") + element.textContent + label).trim();
        })()`),
      );
      if (name === "" || reached.has("end")) break;
      reached.add(name);
    }
    for (const name of [
      "Beginning",
      "Play",
      "Moment",
      "logarithmic time",
      "Search the journal",
      "compare",
    ])
      expect(
        [...reached].some((each) => each.includes(name)),
        name,
      ).toBe(true);
  });

  test("labels inside blocks do not leave them, and those of the axis do not touch", async () => {
    for (const width of [1440, 900, 420]) {
      await using opened = await openFile(browser, html, { viewport: { width, height: 900 } });
      const boxes = (await opened.page.evaluate(`
        [...document.querySelectorAll(".axis text")].map((text) => {
          const { left, right } = text.getBoundingClientRect();
          return { left, right };
        })`)) as readonly { readonly left: number; readonly right: number }[];
      expect(boxes.length).toBeGreaterThan(1);
      for (const [at, box] of boxes.slice(1).entries())
        expect(box.left).toBeGreaterThan(boxes[at]?.right ?? 0);
    }
  });
});

describe("names that mean harm", () => {
  const world = new ReplicationSimulator();
  for (const name of hostileNames) world.createInstance({ name, flavorId: 2, volumeGb: 10 });
  world.settle();

  test("stay text, and marks of direction are seen", async () => {
    const title = hostileNames.join(" ");
    await using opened = await openFile(browser, pageHtml({ title, note: title, world }));
    const { page, errors } = opened;
    await page.keyboard.press("End");
    expect(errors).toEqual([]);
    expect(await page.locator("#app img, #app b[onmouseover], #app script").count()).toBe(0);
    const text = (await page.textContent("body")) ?? "";
    expect(text).toContain("admin\\u{202e}gnp.exe");
    expect(await page.textContent("#app")).not.toMatch(/[\u202E\u0000\u0007]/);
    for (const node of await page.locator(".node b").allTextContents())
      expect(node).not.toContain("\n");
  });

  test("cannot end the data that stand in the file", () => {
    const page = pageHtml({ world });
    expect(page.match(/<\/script>/g)).toHaveLength(2);
    expect(page).not.toContain("<img");
  });
});

/** How many entries the journal says that it shows. */
async function countOf(page: Page): Promise<number> {
  return Number((await page.textContent(".journal h2 small"))?.split(" ")[0]);
}
