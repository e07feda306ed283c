import { existsSync, readdirSync, readFileSync } from "node:fs";
import { basename } from "node:path";
import { transitionTables } from "replication-simulator/lifecycle";
import ts from "typescript";
import { describe, expect, test } from "vitest";
import bundler from "../tsup.config.js";
import runner from "../vitest.config.js";

/*
 * Rules of the repository's own files. Imports between layers are checked by `npm run deps`,
 * which resolves them; the checks here read the code: purity, size, names and entry points.
 */

const root = new URL("../", import.meta.url);
const read = (path: string): string => readFileSync(new URL(path, root), "utf8");
const json = (path: string): unknown => JSON.parse(read(path));
const files = (folder: string, ending: string): string[] =>
  existsSync(new URL(folder, root))
    ? readdirSync(new URL(folder, root), { recursive: true, encoding: "utf8" })
        .map((path) => `${folder}/${path.replaceAll("\\", "/")}`)
        .filter((path) => path.endsWith(ending))
        .sort()
    : [];

interface Architecture {
  readonly layers: readonly (readonly string[])[];
  /** Number of lowest layers without clock, randomness and environment. */
  readonly pureLayers: number;
  /** Name -> what to do instead. */
  readonly banned: Record<"globals" | "members" | "keywords", Readonly<Record<string, string>>>;
}

const { layers, pureLayers, banned } = json("architecture.json") as Architecture;
const sources = files("src", ".ts");
/** As in .dependency-cruiser.cjs: `*` stands for a name without a slash. */
const patternOf = (name: string): RegExp =>
  new RegExp(`^src/${name.replaceAll(".", "\\.").replaceAll("*", "[^/]+")}(/|\\.ts$)`);
const pure = layers.slice(0, pureLayers).flat().map(patternOf);
const isPure = (path: string): boolean => pure.some((pattern) => pattern.test(path));

const parse = (path: string, code: string): ts.SourceFile =>
  ts.createSourceFile(path, code, ts.ScriptTarget.ES2022, true);

describe("the layers below the entry points have no dependencies outside", () => {
  test.each(sources.filter(isPure))("%s", (path) => {
    expect(impurities(path, read(path))).toEqual([]);
  });

  const spoilers = [
    ...Object.keys(banned.globals).flatMap((name) => [
      `export const x = ${name};`,
      `export const x = { ${name} };`,
      `export function x(y: typeof ${name}) { return y; }`,
    ]),
    ...Object.keys(banned.members)
      .filter((name) => !name.includes("."))
      .flatMap((name) => [`"a".${name}();`, `"a"?.["${name}"]();`, `const { ${name}: x } = "a";`]),
    "export const x = Math.random();",
    'export const x = Math["random"]();',
    "export const { random } = Math;",
    "export const random = Math;",
    "export async function x() {}",
    "export const x = async () => 1;",
    "await x;",
    "for await (const y of x) {}",
  ];
  test.each(spoilers)("would not pass: %s", (code) => {
    expect(impurities("spoiled.ts", code)).not.toEqual([]);
  });

  const innocents = [
    "// Date.now(), Math.random() and console.log() in a comment",
    'export const sentence = "fetch the Date from the process";',
    "export const x = Math.floor(1.5) + Math.max(1, 2);",
    "export interface Task { readonly process: string; fetch(): number; Date: number }",
    "export const x = { process: 1, console: 2 }.process;",
    "export const x = page.fetch().performance;",
  ];
  test.each(innocents)("would pass: %s", (code) => {
    expect(impurities("innocent.ts", code)).toEqual([]);
  });
});

describe("every file is short", () => {
  const linesMax = 450;
  /** Examples of doc comments document the API and add nothing to the code that a reader has to keep in mind. */
  const example = /^ *\* @example\n *\* ```ts\n[\s\S]*?^ *\* ```\n/gmu;
  test.each(sources)(`%s has at most ${linesMax} lines`, (path) => {
    const lines = read(path).trimEnd().replaceAll(example, "").split("\n").length;
    expect(
      lines,
      `${path} has ${lines} lines without examples: split it by subject`,
    ).toBeLessThanOrEqual(linesMax);
  });
});

describe("a name says what is inside", () => {
  test("no file is called utils", () => {
    expect(
      sources.filter((path) => /^(utils?|helpers?|misc|common)\.ts$/.test(basename(path))),
    ).toEqual([]);
  });

  test.each(sources.filter((path) => !entryFiles().includes(path)))(
    "%s is not a barrel",
    (path) => {
      expect(isBarrel(path, read(path)), "import from the file that says it first").toBe(false);
    },
  );

  test.each(sources)("%s names each thing that it passes on", (path) => {
    const stars = parse(path, read(path)).statements.filter(
      (statement) => ts.isExportDeclaration(statement) && statement.exportClause === undefined,
    );
    expect(stars.map((statement) => statement.getText())).toEqual([]);
  });

  test("a barrel would be seen", () => {
    expect(isBarrel("a.ts", 'export { a } from "./a.js";\nexport type { B } from "./b.js";')).toBe(
      true,
    );
    expect(isBarrel("a.ts", 'import { a } from "./a.js";\nexport { a };')).toBe(true);
    expect(isBarrel("a.ts", 'import { a } from "./a.js";\nexport const rules = [a];')).toBe(false);
  });
});

describe("the entry points are the same wherever they are listed", () => {
  const entryNames = Object.keys(entries()).sort();
  const name = "replication-simulator";
  const manifest = json("package.json") as {
    readonly name: string;
    readonly exports: Readonly<Record<string, unknown>>;
    readonly typesVersions: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>>;
  };
  const built = (entryPoint: string, ending: string): string => `./dist/${entryPoint}.${ending}`;

  test("package.json exports each entry point to import and to require, with its types", () => {
    const expected = Object.fromEntries(
      entryNames.map((entryPoint) => [
        entryPoint === "index" ? "." : `./${pathOf(entryPoint)}`,
        {
          import: { types: built(entryPoint, "d.ts"), default: built(entryPoint, "js") },
          require: { types: built(entryPoint, "d.cts"), default: built(entryPoint, "cjs") },
        },
      ]),
    );
    expect(manifest.name).toBe(name);
    expect(manifest.exports).toEqual({ ...expected, "./package.json": "./package.json" });
  });

  test("package.json leads older resolvers to the same types", () => {
    const expected = entryNames
      .filter((entryPoint) => entryPoint !== "index")
      .map((entryPoint) => [pathOf(entryPoint), [built(entryPoint, "d.cts")]]);
    expect(manifest.typesVersions).toEqual({ "*": Object.fromEntries(expected) });
  });

  test("tsconfig.json maps each entry point to its source", () => {
    const { compilerOptions } = json("tsconfig.json") as {
      readonly compilerOptions: { readonly paths: unknown };
    };
    const expected = Object.entries(entries()).map(([entryPoint, file]) => [
      entryPoint === "index" ? name : `${name}/${pathOf(entryPoint)}`,
      [`./${file}`],
    ]);
    expect(compilerOptions.paths).toEqual(Object.fromEntries(expected));
  });

  test("each entry point has an API report", () => {
    expect(files("api", ".json")).toEqual(
      entryNames.map((entryPoint) => `api/${entryPoint}.json`).sort(),
    );
    for (const entryPoint of entryNames) {
      expect(json(`api/${entryPoint}.json`)).toMatchObject({
        mainEntryPointFilePath: `<projectFolder>/dist/${entryPoint}.d.ts`,
        apiReport: { reportFileName: `${entryPoint}.api.md` },
      });
    }
  });

  test("the reference documents each entry point", () => {
    const { entryPoints } = json("typedoc.json") as { readonly entryPoints: readonly string[] };
    expect([...entryPoints].sort()).toEqual([...entryFiles()].sort());
  });

  test("the size of each entry point is limited", () => {
    const watched = (json(".size-limit.json") as { readonly path: string }[]).map(
      ({ path }) => path,
    );
    expect([...new Set(watched)].sort()).toEqual(
      entryNames.map((entryPoint) => `dist/${entryPoint}.js`).sort(),
    );
  });

  // Without a main entry point the repository is incomplete, and other entry points may be missing too.
  test.runIf(existsSync(new URL("src/index.ts", root)))("each entry point exists", () => {
    expect(entryFiles().filter((path) => !sources.includes(path))).toEqual([]);
  });

  test.each(entryFiles().filter((path) => sources.includes(path)))(
    "%s starts by saying who needs it",
    (path) => {
      expect(read(path)).toMatch(/^\/\*\*(?:(?!\*\/)[\s\S])*@module\b/);
    },
  );
});

/** Entry point -> the file behind it, as the bundler has it. */
function entries(): Readonly<Record<string, string>> {
  const entry = "entry" in bundler ? bundler.entry : undefined;
  if (entry === undefined || Array.isArray(entry))
    throw new Error("tsup.config.ts names its entries");
  return Object.fromEntries(Object.entries(entry).filter(([name]) => !isScript(name)));
}

/** What threads and the command line are started with: built beside the entry points, and none of them. */
function isScript(name: string): boolean {
  return /(Worker|Processor|^commandLine)$/.test(name);
}

/** Where an entry point is exported: the executors stand below the engine that they belong to. */
function pathOf(entryPoint: string): string {
  return entryPoint.replace(/^(whatif|testing)-/, "$1/");
}

function entryFiles(): readonly string[] {
  return Object.values(entries());
}

/** Nothing but imports and re-exports, so that a reader has to open two files to find one thing. */
function isBarrel(path: string, code: string): boolean {
  const { statements } = parse(path, code);
  return (
    statements.some(ts.isExportDeclaration) &&
    statements.every((each) => ts.isExportDeclaration(each) || ts.isImportDeclaration(each))
  );
}

/** Each use of something banned, where it stands and what to do instead. */
function impurities(path: string, code: string): string[] {
  const source = parse(path, code);
  const found: string[] = [];
  const report = (node: ts.Node, what: string, instead: string | undefined): void => {
    if (instead === undefined) return;
    const { line } = source.getLineAndCharacterOfPosition(node.getStart(source));
    found.push(`${path}:${line + 1} ${what}: ${instead}`);
  };
  const visit = (node: ts.Node): void => {
    if (ts.isIdentifier(node) && isReference(node)) {
      report(node, node.text, own(banned.globals, node.text));
      if (node.text === "Math" && !isReadByName(node)) {
        report(node, "Math as a value", own(banned.members, "Math.random"));
      }
    }
    const member = memberName(node);
    if (member !== undefined) {
      report(node, member, own(banned.members, member) ?? own(banned.members, `Math.${member}`));
    }
    if (node.kind === ts.SyntaxKind.AsyncKeyword) report(node, "async", banned.keywords["async"]);
    if (ts.isAwaitExpression(node) || node.kind === ts.SyntaxKind.AwaitKeyword) {
      report(node, "await", banned.keywords["await"]);
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found;
}

function own(table: Readonly<Record<string, string>>, name: string): string | undefined {
  return Object.hasOwn(table, name) ? table[name] : undefined;
}

/** False where an identifier only labels a member: `task.process`, `{ process: 1 }`, `fetch(): void`. */
function isReference(node: ts.Identifier): boolean {
  const { parent } = node;
  if (ts.isPropertyAccessExpression(parent)) return parent.name !== node;
  if (ts.isQualifiedName(parent)) return parent.right !== node;
  if (ts.isBindingElement(parent)) return parent.propertyName !== node;
  if (
    ts.isPropertyAssignment(parent) ||
    ts.isPropertySignature(parent) ||
    ts.isPropertyDeclaration(parent) ||
    ts.isMethodDeclaration(parent) ||
    ts.isMethodSignature(parent) ||
    ts.isAccessor(parent) ||
    ts.isEnumMember(parent)
  ) {
    return parent.name !== node;
  }
  return true;
}

/** `Math.floor`, or `Math["floor"]`, but neither `const { random } = Math` nor handing `Math` on. */
function isReadByName({ parent }: ts.Identifier): boolean {
  return (
    ts.isPropertyAccessExpression(parent) ||
    (ts.isElementAccessExpression(parent) && ts.isStringLiteral(parent.argumentExpression))
  );
}

/** The name in `x.name`, `x["name"]` and `const { name: y } = x`. */
function memberName(node: ts.Node): string | undefined {
  if (ts.isPropertyAccessExpression(node)) return node.name.text;
  if (ts.isElementAccessExpression(node) && ts.isStringLiteral(node.argumentExpression)) {
    return node.argumentExpression.text;
  }
  if (ts.isBindingElement(node)) {
    const name = node.propertyName ?? node.name;
    return ts.isIdentifier(name) ? name.text : undefined;
  }
  return undefined;
}

test("code that draws from fast-check is asked the same questions each time", () => {
  const [requested] = (runner.test?.projects ?? []).flatMap((project) =>
    typeof project === "object" && "test" in project && project.test?.name === "properties"
      ? [project.test.include ?? []]
      : [],
  );
  const places = requested?.map((pattern) => pattern.replace("**/*.test.ts", "")) ?? [];
  const drawing = files("test", ".test.ts").filter((path) =>
    /^import .* from "fast-check";$/m.test(read(path)),
  );
  expect(drawing.length).toBeGreaterThan(10);
  expect(drawing.filter((path) => !places.some((place) => path.startsWith(place)))).toEqual([]);
});

describe("what a state means stands at the state", () => {
  const { instance, group, backup } = transitionTables();
  const states: ReadonlySet<string> = new Set(
    [instance, group, backup].flatMap((table) => table.states as readonly string[]),
  );
  // Task kinds and outcomes share some words with states.
  const isAmbiguous = (name: string): boolean =>
    !/[a-z][A-Z]|^(?:building|shutdown|blocked|rebooting|restarting)$/.test(name);

  test("and no file outside lifecycle/ lists states", () => {
    const found = sources
      .filter((path) => !path.startsWith("src/lifecycle/"))
      .flatMap((path) => stateLists(path, read(path)));
    expect(found).toEqual([]);
  });

  test("and a list would be found", () => {
    expect(stateLists("a.ts", 'const a = new Set(["shutdown", "replicaDown"]);')).toHaveLength(1);
    expect(
      stateLists("a.ts", 'switch (s) { case "shutdown": case "backingUp": return 1; }'),
    ).toHaveLength(1);
    expect(stateLists("a.ts", 'const a = ["active", "error"];')).toHaveLength(0);
  });

  function stateLists(path: string, code: string): readonly string[] {
    const source = parse(path, code);
    const found: string[] = [];
    const visit = (node: ts.Node): void => {
      for (const texts of listsIn(node)) {
        if (texts.length < 2 || !texts.every((text) => states.has(text))) continue;
        if (texts.every(isAmbiguous)) continue;
        const { line } = source.getLineAndCharacterOfPosition(node.getStart(source));
        found.push(`${path}:${line + 1} ${texts.join(", ")}: say it at the state, in lifecycle/`);
      }
      ts.forEachChild(node, visit);
    };
    visit(source);
    return found;
  }

  /** The strings of an array, and the labels of a switch that share one answer. */
  function listsIn(node: ts.Node): readonly (readonly string[])[] {
    if (ts.isArrayLiteralExpression(node)) {
      return [node.elements.map((element) => (ts.isStringLiteral(element) ? element.text : ""))];
    }
    if (!ts.isCaseBlock(node)) return [];
    const lists: string[][] = [[]];
    for (const clause of node.clauses) {
      if (ts.isCaseClause(clause) && ts.isStringLiteral(clause.expression)) {
        lists.at(-1)?.push(clause.expression.text);
      }
      if (clause.statements.length > 0) lists.push([]);
    }
    return lists;
  }
});
