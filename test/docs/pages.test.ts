import { readdirSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { root } from "./blocks.js";
import { sourcesIn } from "./prose.js";

const pages = readdirSync(`${root}docs`).filter((name) => name.endsWith(".md"));
const textOf = (page: string): string => readFileSync(`${root}docs/${page}`, "utf8");

/** Pages of the reference and of the project: they have no task that a first example could show. */
const withoutExample: readonly string[] = [
  "README.md",
  "architecture.md",
  "fidelity.md",
  "glossary.md",
  "lifecycles.md",
  "performance.md",
  "rules.md",
  "versioning.md",
];

test.each(pages.filter((page) => !withoutExample.includes(page)))(
  "docs/%s has one quick example",
  (page) => {
    expect(textOf(page).match(/^## Quick example$/gmu)).toHaveLength(1);
  },
);

test("pages that need no quick example exist and have none", () => {
  for (const page of withoutExample) {
    expect([page, pages.includes(page)]).toEqual([page, true]);
    expect([page, /^## Quick example$/mu.test(textOf(page))]).toEqual([page, false]);
  }
});

/** Ids that a page gives as rules: behind the word, and in the first column of a table of rules. */
function rulesIn(text: string): readonly string[] {
  const named = [...text.matchAll(/\brules?\s+`([a-z]+(?:-[a-z]+)*)`/giu)].map(([, id]) => id);
  const tables = [...text.matchAll(/^\| *rule *\|.*\n\|[-| :]+\|\n((?:\|.*\n)+)/gimu)];
  const rows = tables.flatMap(([, body = ""]) =>
    [...body.matchAll(/^\| *`([a-z]+(?:-[a-z]+)*)`/gmu)].map(([, id]) => id),
  );
  return [...named, ...rows].filter((id) => id !== undefined);
}

test("every rule that a page names is a rule of the code", () => {
  const code = sourcesIn("src")
    .map((path) => readFileSync(`${root}${path}`, "utf8"))
    .join("\n");
  const named = [...pages.map((page) => `docs/${page}`), "README.md"].flatMap((page) =>
    rulesIn(readFileSync(`${root}${page}`, "utf8")).map((id) => [page, id] as const),
  );
  expect(named.length).toBeGreaterThan(10);
  expect(new Set(named.map(([page]) => page)).size).toBeGreaterThan(3);
  expect(named.filter(([, id]) => !code.includes(`"${id}"`))).toEqual([]);
  expect(rulesIn("The rule `no-such-rule`.\n\n| rule | x |\n|---|---|\n| `other` | y |\n")).toEqual(
    ["no-such-rule", "other"],
  );
});
