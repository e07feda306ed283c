import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { expect, test } from "vitest";
import { root } from "./blocks.js";
import {
  bannedIdentifierWords,
  bannedIn,
  bannedWords,
  commentsOf,
  hasBannedWord,
  identifiersOf,
  longSentencesIn,
  programsIn,
  proseOfSource,
  sourcesIn,
  titlesOf,
} from "./prose.js";

/**
 * What is left of the words that the house language replaces, by folder or page. A number may only fall: write the
 * text in other words, then run `LOWER=1 npx vitest run test/docs/language.test.ts`, which lowers the numbers here.
 */
interface Remaining {
  readonly [place: string]: { readonly count: number; readonly reason: string };
}
interface Allowed {
  readonly words: Remaining;
  readonly longSentences: Remaining;
}

const listPath = `${root}test/docs/language.json`;
const allowed = JSON.parse(readFileSync(listPath, "utf8")) as Allowed;

const pages = [
  "README.md",
  "CONTRIBUTING.md",
  ...readdirSync(`${root}docs`)
    .filter((name) => name.endsWith(".md"))
    .map((name) => `docs/${name}`),
];
const texts = new Map<string, readonly string[]>();
for (const path of sourcesIn("src")) add(placeOf(path), proseOfSource(path));
for (const path of sourcesIn("test")) add(`titles: ${placeOf(path)}`, titlesOf(path));
for (const folder of ["test", "scripts", "bench", "examples", "playground"]) {
  for (const path of sourcesIn(folder)) {
    // These two quote the words that are banned.
    if (/docs\/(?:prose|language\.test)\.ts$/u.test(path)) continue;
    add(`comments: ${placeOf(path)}`, commentsOf(path));
  }
}
for (const page of pages) add(page, [readFileSync(`${root}${page}`, "utf8")]);

const found = new Map([...texts].map(([place, prose]) => [place, prose.flatMap(bannedIn)]));
const long = new Map(
  pages.map((page) => [page, longSentencesIn(readFileSync(`${root}${page}`, "utf8"))]),
);
const { LOWER } = process.env;
if (LOWER === "1") lower();

test.each([...found.keys()])("%s has no new word of the old dialect", (place) => {
  const words = found.get(place) ?? [];
  const limit = allowed.words[place]?.count ?? 0;
  expect(words.length > limit ? words : [], advice(limit)).toEqual([]);
});

test.each(pages)("%s has no new sentence of more than 35 words", (page) => {
  const sentences = long.get(page) ?? [];
  const limit = allowed.longSentences[page]?.count ?? 0;
  expect(sentences.length > limit ? sentences : []).toEqual([]);
});

/** Names that others chose, by the file that has to use them. */
const foreignNames: readonly (readonly [reason: string, path: RegExp, name: RegExp])[] = [
  [
    "the identity service and groups call an account a tenant",
    /^(?:src\/(?:http|wire)|test\/(?:http|clients))\//u,
    /^tenants?(?:Id|Name|Body|_id|_links)?$/u,
  ],
];

test.each(["src", "test", "scripts", "bench", "examples", "playground"])(
  "no file or identifier in %s has a word of the old dialect",
  (folder) => {
    const terms = bannedIdentifierWords.map(
      ([words, use]) => `  ${words.replaceAll("|", ", ")}: ${use}`,
    );
    const found = programsIn(folder).flatMap((path) => [
      ...(hasBannedWord(path.slice(path.lastIndexOf("/") + 1)) ? [path] : []),
      ...identifiersOf(path)
        .filter(hasBannedWord)
        .filter(
          (name) => !foreignNames.some(([, where, what]) => where.test(path) && what.test(name)),
        )
        .map((name) => `${path}: ${name}`),
    ]);
    expect(found, `use the field's terms:\n${terms.join("\n")}\n`).toEqual([]);
  },
);

test("each word of an identifier is read", () => {
  const names = [
    "whatIsTold",
    "told",
    "#heardAt",
    "TOLD_MAX",
    "HTTPVerb",
    "judgeMean",
    "tenant_id",
  ];
  expect(names.filter(hasBannedWord)).toEqual(names);
  const others = ["factor", "action", "playground", "broker", "actor", "display", "newsletter"];
  expect(others.filter(hasBannedWord)).toEqual([]);
  expect(identifiersOf("test/docs/language.test.ts")).toContain("foreignNames");
  for (const [, path, name] of foreignNames) {
    const isUsed = ["src", "test"].some((folder) =>
      programsIn(folder).some(
        (each) => path.test(each) && identifiersOf(each).some((one) => name.test(one)),
      ),
    );
    expect([name.source, isUsed]).toEqual([name.source, true]);
  }
});

test("each place of the list exists, has a number above zero and a reason", () => {
  for (const [place, { count, reason }] of Object.entries(allowed.words)) {
    expect([place, found.has(place), count > 0, reason.length > 10]).toEqual([
      place,
      true,
      true,
      true,
    ]);
  }
  for (const [page, { count, reason }] of Object.entries(allowed.longSentences)) {
    expect([page, long.has(page), count > 0, reason.length > 10]).toEqual([page, true, true, true]);
  }
});

test("comments, messages, titles and pages are read", () => {
  expect(bannedIn("/** Whoever\n * waits is TOLD `nobody` for\n * ever. */")).toEqual([
    "whoever",
    "told",
    "for ever",
  ]);
  expect(bannedIn("Acts on an instance; the factor of `act`; storyline, indoors")).toEqual([]);
  const sentence = Array.from({ length: 36 }, () => "word").join(" ");
  expect(longSentencesIn(`# Title\n\nShort. ${sentence}. Short.`)).toHaveLength(1);
  expect(longSentencesIn(`${sentence.slice(5)}.`)).toEqual([]);
  expect(proseOfSource("src/index.ts").length).toBeGreaterThan(0);
  expect(titlesOf("test/docs/language.test.ts")).toContain(
    "comments, messages, titles and pages are read",
  );
});

function add(place: string, prose: readonly string[]): void {
  texts.set(place, [...(texts.get(place) ?? []), ...prose]);
}

/** The folder that a file is counted in: two levels, `src/simulator/methods` apart. */
function placeOf(path: string): string {
  if (path.startsWith("src/simulator/methods/")) return "src/simulator/methods";
  const parts = path.split("/");
  return parts.length > 2 ? parts.slice(0, 2).join("/") : (parts[0] ?? path);
}

function advice(limit: number): string {
  const terms = bannedWords.map(([words, use]) => `  ${words.replaceAll("|", ", ")}: ${use}`);
  return `at most ${String(limit)} words of this kind are left here; use the field's terms:\n${terms.join("\n")}\n`;
}

/** Writes lower numbers into the list, never higher ones. */
function lower(): void {
  const lowered = (list: Remaining, counts: ReadonlyMap<string, readonly string[]>): Remaining =>
    Object.fromEntries(
      Object.entries(list)
        .map(([place, entry]) => {
          const count = Math.min(entry.count, counts.get(place)?.length ?? 0);
          return [place, { ...entry, count }] as const;
        })
        .filter(([, { count }]) => count > 0),
    );
  const words = lowered(allowed.words, found);
  const longSentences = lowered(allowed.longSentences, long);
  writeFileSync(listPath, `${JSON.stringify({ words, longSentences }, null, 2)}\n`);
}
