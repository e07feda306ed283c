import { readFileSync } from "node:fs";
import { expect, test } from "vitest";

const root = new URL("../../", import.meta.url);
const page = readFileSync(new URL("README.md", import.meta.url), "utf8");
const rows = page.split("\n").filter((line) => /^\| (?!---|item |what \|)/.test(line));

/** The rows by the item that they are about. */
const items = rows.flatMap((row) => /^\| ([A-Z]\d+) \|/.exec(row)?.[1] ?? []);

test("each item of the reports has one row", () => {
  const counts = { K: [1, 8], F: [1, 15], B: [1, 11], S: [1, 28], C: [29, 44] } as const;
  const expected = Object.entries(counts).flatMap(([letter, [from, to]]) =>
    Array.from({ length: to - from + 1 }, (_, n) => `${letter}${String(from + n)}`),
  );
  expect([...items].sort()).toEqual(expected.sort());
});

test.each(rows)("%s", (row) => {
  const named = [...row.matchAll(/`(test\/[^`]+)` "([^"]+)"/g)];
  if (named.length === 0) expect(row).toContain("declined");
  for (const [, file = "", title = ""] of named) {
    expect(readFileSync(new URL(file, root), "utf8")).toContain(title);
  }
});
