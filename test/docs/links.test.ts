import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join, normalize } from "node:path";
import { expect, test } from "vitest";
import { pages, root } from "./blocks.js";

const reference = readdirSync(`${root}docs/api`, { recursive: true, encoding: "utf8" })
  .filter((path) => path.endsWith(".md"))
  .map((path) => `docs/api/${path.replaceAll("\\", "/")}`);
const own = [...pages, ...reference, "CONTRIBUTING.md", "CHANGELOG.md", "llms.txt"];

test.each(own)("every link in %s leads to something that is there", (page) => {
  expect(linksOf(page).filter((link) => !isThere(page, link))).toEqual([]);
});

test("a link to nothing would be seen", () => {
  expect(isThere("README.md", "docs/time.md#how-random-draws-work")).toBe(true);
  expect(isThere("README.md", "docs/time.md#no-such-heading")).toBe(false);
  expect(isThere("README.md", "docs/no-such-page.md")).toBe(false);
  expect(isThere("README.md", "docs/api/scenario/README.md#scenario")).toBe(true);
  expect(isThere("README.md", "docs/api/scenario/README.md#scenario-9")).toBe(false);
});

function linksOf(page: string): readonly string[] {
  const text = readFileSync(`${root}${page}`, "utf8").replaceAll(/^```[\s\S]*?^```$/gm, "");
  return [...text.matchAll(/\]\(([^)\s]+)\)/g)]
    .map(([, link]) => link ?? "")
    .filter((link) => !/^[a-z]+:/.test(link));
}

function isThere(page: string, link: string): boolean {
  const [path = "", anchor] = link.split("#");
  const target = path === "" ? page : normalize(join(dirname(page), path));
  if (!existsSync(`${root}${target}`)) return false;
  return anchor === undefined || anchorsOf(target).includes(anchor);
}

/** Anchors as Markdown renderers make them from headings: repeated ones are numbered. */
function anchorsOf(page: string): readonly string[] {
  const text = readFileSync(`${root}${page}`, "utf8").replaceAll(/^```[\s\S]*?^```$/gm, "");
  const times = new Map<string, number>();
  return [...text.matchAll(/^#+ (.+)$/gm)].map(([, heading = ""]) => {
    const anchor = heading
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N}\s_-]/gu, "")
      .replaceAll(" ", "-");
    const before = times.get(anchor) ?? 0;
    times.set(anchor, before + 1);
    return before === 0 ? anchor : `${anchor}-${String(before)}`;
  });
}
