import { readdirSync, readFileSync } from "node:fs";
import ts from "typescript";
import { root } from "./blocks.js";

/** Words that the house language replaces, each with the term to use. Matched as whole words in any case. */
export const bannedWords: readonly (readonly [pattern: string, use: string])[] = [
  [
    "nobody|somebody|everybody|anybody|whoever|whom",
    "name the component: the queue, the caller, the server",
  ],
  ["luck|misfortune", "random, draw, fault"],
  ["told|tells?", "receive, return, report, state"],
  ["hears?|heard", "receive, be notified"],
  ["tenants?", "account"],
  ["verbs?", "method, operation"],
  ["doors?", "entry point"],
  ["floors?", "layer"],
  ["agendas?", "event queue"],
  ["for ever", "permanently"],
  ["story|stories", "scenario"],
  ["(?:an?|the|this|one|each|every|of) acts?|acts (?:of|that)", "step"],
  ["scenes?", "step context"],
  ["(?:hangs?|hung|hanging) on", "depend on"],
];

const banned = new RegExp(`\\b(?:${bannedWords.map(([pattern]) => pattern).join("|")})\\b`, "giu");

/** Words that no identifier has, each with the term to use. Matched as whole words of camel case. */
export const bannedIdentifierWords: readonly (readonly [pattern: string, use: string])[] = [
  [
    "nobody|somebody|everybody|anybody|whoever|whom|whose|who",
    "the component: caller, owner, subjectId",
  ],
  ["luck|lucky|misfortunes?", "random, draw, fault"],
  ["told|tells?|telling|hears?|heard|hearing|news", "receive, notify, report, batch"],
  ["says?|said|saying|asks?|asked|asking", "description, message, send, request"],
  ["tenants?", "account"],
  ["verbs?|doors?|agendas?|audiences?", "method, entry point, queue, listeners"],
  ["story|stories|scenes?|acts?|acting|phrases?", "scenario, step, action, fragment"],
  ["plays?|played|playable", "run, simulate, runnable"],
  ["judges?|judged|judging|judgements?|judgments?", "check, verdict"],
  ["strikes?|struck|striking|lifts?|lifted", "activate, effect, clear"],
  ["troubles?", "error, code, problem"],
];

const bannedWord = new RegExp(
  `^(?:${bannedIdentifierWords.map(([pattern]) => pattern).join("|")})$`,
  "iu",
);

/** Returns whether a name in camel case has a word that the house language replaces. */
export function hasBannedWord(name: string): boolean {
  return name
    .split(/(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])|[^A-Za-z0-9]/u)
    .some((word) => bannedWord.test(word));
}

/** The banned words of a text, code spans and code blocks left out. */
export function bannedIn(text: string): readonly string[] {
  const prose = withoutCode(text).replaceAll(/\s*\n\s*\*?\s*/gu, " ");
  return [...prose.matchAll(banned)].map(([word]) => word.toLowerCase());
}

/** Sentences of a page that are longer than 35 words, headings, tables, rows of links and code blocks left out. */
export function longSentencesIn(page: string): readonly string[] {
  const prose = page
    .replaceAll(/^```[\s\S]*?^```$/gmu, "\n")
    .replaceAll(/`[^`]*`/gu, "code")
    .replaceAll(/\]\([^)]*\)/gu, "]")
    .replaceAll(/^(?:#|\||<|!\[).*$/gmu, "\n")
    .replaceAll(/^\[.*\] · .*$/gmu, "\n")
    .replaceAll(/^\s*(?:[-*]|\d+\.) /gmu, "\n\n");
  return prose
    .split(/\n\s*\n/u)
    .flatMap((paragraph) =>
      paragraph.replaceAll(/\s+/gu, " ").split(/(?<=[.!?:]["*_)]*) (?=[*_["(]*[\p{Lu}c])/u),
    )
    .filter((sentence) => wordsOf(sentence) > 35);
}

/** Comments of a source file: what tests, scripts and benchmarks say beside their titles. */
export function commentsOf(path: string): readonly string[] {
  return proseOfSource(path).filter((text) => /^\/[/*]/u.test(text));
}

/** Comments of a source file, and its strings of more than one word: messages and descriptions. */
export function proseOfSource(path: string): readonly string[] {
  const text = readFileSync(`${root}${path}`, "utf8");
  const found: string[] = [];
  const seen = new Set<number>();
  const visit = (node: ts.Node): void => {
    for (const range of ts.getLeadingCommentRanges(text, node.pos) ?? []) {
      if (seen.has(range.pos)) continue;
      seen.add(range.pos);
      found.push(text.slice(range.pos, range.end));
    }
    if (isText(node) && /\S\s+\S/u.test(node.text)) found.push(node.text);
    for (const child of node.getChildren(source)) visit(child);
  };
  const source = parsed(path, text);
  visit(source);
  return found;
}

/** The identifiers of a source file, each once: names that are declared, and names that are used. */
export function identifiersOf(path: string): readonly string[] {
  const names = new Set<string>();
  const visit = (node: ts.Node): void => {
    if (ts.isIdentifier(node) || ts.isPrivateIdentifier(node)) names.add(node.text);
    ts.forEachChild(node, visit);
  };
  visit(parsed(path, readFileSync(`${root}${path}`, "utf8")));
  return [...names];
}

/** The titles of a test file: the first argument of every `test`, `it`, `describe` and `test.each(...)`. */
export function titlesOf(path: string): readonly string[] {
  const titles: string[] = [];
  const visit = (node: ts.Node): void => {
    if (
      ts.isCallExpression(node) &&
      /^(?:test|it|describe)\b/u.test(node.expression.getText(source))
    ) {
      const [title] = node.arguments;
      if (title !== undefined && ts.isStringLiteralLike(title)) titles.push(title.text);
    }
    ts.forEachChild(node, visit);
  };
  const source = parsed(path, readFileSync(`${root}${path}`, "utf8"));
  visit(source);
  return titles;
}

/** Paths of the TypeScript files below a folder, sorted. */
export function sourcesIn(folder: string): readonly string[] {
  return programsIn(folder).filter((path) => /\.tsx?$/u.test(path));
}

/** Paths of the TypeScript and JavaScript files below a folder, sorted. */
export function programsIn(folder: string): readonly string[] {
  return readdirSync(`${root}${folder}`, { recursive: true, encoding: "utf8" })
    .map((path) => `${folder}/${path.replaceAll("\\", "/")}`)
    .filter((path) => /\.[cm]?[jt]sx?$/u.test(path) && !/node_modules|\bdist\b/u.test(path))
    .sort();
}

function parsed(path: string, text: string): ts.SourceFile {
  return ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true);
}

function isText(node: ts.Node): node is ts.LiteralLikeNode {
  return (
    ts.isStringLiteralLike(node) ||
    ts.isTemplateHead(node) ||
    ts.isTemplateMiddle(node) ||
    ts.isTemplateTail(node)
  );
}

function withoutCode(text: string): string {
  return text
    .replaceAll(/^[ \t*]*```[\s\S]*?^[ \t*]*```/gmu, "")
    .replaceAll(/`[^`]*`/gu, "")
    .replaceAll(/\{@link [^}]*\}/gu, "")
    .replaceAll(/\]\([^)]*\)/gu, "]");
}

function wordsOf(sentence: string): number {
  return sentence.split(" ").filter((word) => /[\p{L}\p{N}]/u.test(word)).length;
}
