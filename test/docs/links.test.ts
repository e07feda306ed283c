import { existsSync, readFileSync } from "node:fs";
import { dirname, join, normalize } from "node:path";
import { expect, test } from "vitest";
import { pages, root } from "./blocks.js";

const own = [...pages, "CONTRIBUTING.md", "CHANGELOG.md"];

test.each(own)("every link in %s leads to something that is there", (page) => {
  expect(linksOf(page).filter((link) => !isThere(page, link))).toEqual([]);
});

test("a link to nothing would be seen", () => {
  expect(isThere("README.md", "docs/time.md#luck-is-drawn-by-key")).toBe(true);
  expect(isThere("README.md", "docs/time.md#no-such-heading")).toBe(false);
  expect(isThere("README.md", "docs/no-such-page.md")).toBe(false);
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

/** Anchors as Markdown renderers make them from headings. */
function anchorsOf(page: string): readonly string[] {
  const headings = readFileSync(`${root}${page}`, "utf8").matchAll(/^#+ (.+)$/gm);
  return [...headings].map(([, heading = ""]) =>
    heading
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N}\s_-]/gu, "")
      .replaceAll(" ", "-"),
  );
}
