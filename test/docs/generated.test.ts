import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { generatedPages } from "../../scripts/generate-docs.js";
import { pages, root } from "./blocks.js";

test.each(Object.entries(generatedPages()))(
  "%s is what `npm run docs` writes now",
  (path, content) => {
    expect(readFileSync(`${root}${path}`, "utf8")).toBe(content);
  },
);

test("llms.txt names every page of docs and every entry point", () => {
  const index = readFileSync(`${root}llms.txt`, "utf8");
  const own = pages.filter((page) => page.startsWith("docs/") && page !== "docs/README.md");
  expect(own.length).toBeGreaterThan(20);
  expect(own.filter((page) => !index.includes(`](${page})`))).toEqual([]);
  expect(index).toContain("- `replication-simulator/testing/fast-check`");
});
