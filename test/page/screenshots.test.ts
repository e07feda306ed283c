import { mkdirSync, mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Browser, Page } from "playwright-core";
import { pageHtml } from "replication-simulator/page";
import { timelineSvg } from "replication-simulator/render";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { launchBrowser, openFile } from "./browser.js";
import { failoverTwice } from "./worlds.js";

// A browser takes as long as the machine is busy.
vi.setConfig({ testTimeout: 120_000 });

const { past, documented, slow } = failoverTwice();
const html = pageHtml({
  title: "A failover, twice",
  note: "The same faults under two monitors.",
  past,
  branches: { documented, slow },
});
const picture = timelineSvg(documented.journal(), { title: "A failover", scale: "logarithmic" });

interface View {
  /** Path from the root of the project. Those of the docs are shown there. */
  readonly reference: string;
  readonly scheme: "light" | "dark";
  readonly width: number;
  readonly height: number;
  readonly content: string;
  readonly keys: readonly string[];
  readonly media?: "print";
  /** Selector of an element to hide. */
  readonly hidden?: string;
}

const page = { scheme: "light", width: 1280, height: 860, content: html, keys: [] } as const;
const views: readonly View[] = [
  { ...page, reference: "docs/images/page.png" },
  { ...page, reference: "docs/images/page-compare.png", keys: ["c"], height: 640 },
  { ...page, reference: "test/page/references/dark.png", scheme: "dark", keys: ["]"] },
  { ...page, reference: "test/page/references/narrow.png", width: 420, keys: ["Home"] },
  { ...page, reference: "test/page/references/print.png", scheme: "dark", media: "print" },
  {
    ...page,
    reference: "test/page/references/timeline.png",
    width: 980,
    height: 560,
    content: `<main>${picture}</main>`,
  },
];

let browser: Browser;
beforeAll(async () => {
  browser = await launchBrowser();
}, 60_000);
afterAll(() => browser.close());

describe("a view looks as its reference (UPDATE_SCREENSHOTS=1 writes them)", () => {
  test.each(views)("$reference", async (view) => {
    const file = fileURLToPath(new URL(`../../${view.reference}`, import.meta.url));
    const taken = await screenshot(view);
    if (process.env["UPDATE_SCREENSHOTS"] === "1") {
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(file, taken);
    }
    await using opened = await openFile(browser, "<main>blank</main>");
    const differing = await difference(opened.page, taken, readFileSync(file));
    if (differing > tolerance) {
      const seen = join(mkdtempSync(join(tmpdir(), "screenshot-")), "seen.png");
      writeFileSync(seen, taken);
      expect.fail(`${percent(differing)} of the tiles differ; this was seen: ${seen}`);
    }
  });

  test("another view, and a view without its lanes, would be seen", async () => {
    const [first, compared, dark] = await Promise.all(
      views.slice(0, 3).map((view) => screenshot({ ...view, height: page.height })),
    );
    const without = await screenshot({
      ...page,
      reference: "",
      hidden: ".rows",
    });
    await using opened = await openFile(browser, "<main>blank</main>");
    for (const other of [compared, dark, without])
      expect(
        await difference(opened.page, first ?? Buffer.alloc(0), other ?? Buffer.alloc(0)),
      ).toBeGreaterThan(2 * tolerance);
  });
});

/** Part of the tiles that may differ: fonts of another machine move words by a few pixels. */
const tolerance = 0.04;

async function screenshot({
  content,
  scheme,
  width,
  height,
  keys,
  media,
  hidden,
}: View): Promise<Buffer> {
  await using opened = await openFile(browser, content, {
    colorScheme: scheme,
    viewport: { width, height },
  });
  for (const key of keys) await opened.page.keyboard.press(key);
  if (media !== undefined) await opened.page.emulateMedia({ media, colorScheme: scheme });
  if (hidden !== undefined)
    await opened.page.evaluate(
      `document.querySelector(${JSON.stringify(hidden)}).style.visibility = "hidden"`,
    );
  // The next frame has what the keys and the medium have changed.
  await opened.page.evaluate(
    "new Promise((done) => requestAnimationFrame(() => setTimeout(done)))",
  );
  return await opened.page.screenshot();
}

/** The part of the tiles of 20 pixels whose mean colours are not alike; 1 for pictures of another size. */
async function difference(blank: Page, one: Buffer, other: Buffer): Promise<number> {
  const [a, b] = [one, other].map((png) => `data:image/png;base64,${png.toString("base64")}`);
  return Number(
    await blank.evaluate(`(async () => {
      const tile = 20;
      const read = async (url) => {
        const image = new Image();
        image.src = url;
        await image.decode();
        const canvas = document.createElement("canvas");
        [canvas.width, canvas.height] = [image.width, image.height];
        const context = canvas.getContext("2d");
        context.drawImage(image, 0, 0);
        return context.getImageData(0, 0, image.width, image.height);
      };
      const [a, b] = await Promise.all([read(${JSON.stringify(a)}), read(${JSON.stringify(b)})]);
      if (a.width !== b.width || a.height !== b.height) return 1;
      const [columns, rows] = [Math.floor(a.width / tile), Math.floor(a.height / tile)];
      let differing = 0;
      for (let row = 0; row < rows; row++)
        for (let column = 0; column < columns; column++) {
          const sums = [0, 0, 0];
          for (let y = row * tile; y < (row + 1) * tile; y++)
            for (let x = column * tile; x < (column + 1) * tile; x++)
              for (let channel = 0; channel < 3; channel++) {
                const at = 4 * (y * a.width + x) + channel;
                sums[channel] += a.data[at] - b.data[at];
              }
          if (sums.some((sum) => Math.abs(sum) > 12 * tile * tile)) differing++;
        }
      return differing / (columns * rows);
    })()`),
  );
}

function percent(share: number): string {
  return `${String(Math.round(share * 1000) / 10)} %`;
}
