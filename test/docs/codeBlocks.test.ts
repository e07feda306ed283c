import { readFileSync, writeFileSync } from "node:fs";
import { format } from "node:util";
import ts from "typescript";
import { afterEach, describe, expect, test, vi } from "vitest";
import { codeBlocksOf, outputsOf, pages, root, sources } from "./blocks.js";
import { blockTestsDone } from "./blockTests.js";

const examples = sources.flatMap(codeBlocksOf);
const blocks = [...pages.flatMap(codeBlocksOf), ...examples];

afterEach(() => {
  vi.restoreAllMocks();
});

/** `UPDATE_DOCS=1` writes what is printed now, to be looked at in the difference. */
function writePrints(
  { name, prints }: { readonly name: string; readonly prints: string },
  now: string,
) {
  const [page = "", line = ""] = name.split(":");
  const file = `${root}${page}`;
  const text = readFileSync(file, "utf8");
  const start = text.split("\n").slice(0, Number(line)).join("\n").length;
  writeFileSync(file, text.slice(0, start) + text.slice(start).replace(prints, () => now));
}

test("the pages have code to run", () => {
  expect(blocks.length).toBeGreaterThan(8);
});

test("an output that an example does not print would be seen", () => {
  const [example] = examples.filter((block) => outputsOf(block).length > 0);
  expect(example?.name).toMatch(/^src\/.*\.ts:\d+$/u);
  expect(
    outputsOf({ name: "", code: "console.log(1 + 1); // 2\nlog(); // 3", prints: undefined }),
  ).toEqual(["2"]);
});

describe("every block of code in README, docs, examples and doc comments runs, and prints what the page says", () => {
  test.each(blocks)("$name", { timeout: 60_000 }, async (block) => {
    const { name, prints } = block;
    const printed: string[] = [];
    vi.spyOn(console, "log").mockImplementation((...args: unknown[]) => {
      printed.push(`${format(...args)}\n`);
    });
    await import(`virtual:block:${name}`);
    await blockTestsDone();
    const outputs = name.startsWith("src/") ? outputsOf(block) : [];
    if (outputs.length > 0) expect(printed.join("").trimEnd().split("\n")).toEqual(outputs);
    if (prints === undefined) return;
    if (process.env["UPDATE_DOCS"] === "1") writePrints({ name, prints }, printed.join(""));
    else expect(printed.join("")).toBe(prints);
  });
});

test("every block of code has the types that it would have in a reader's editor", () => {
  const files = new Map(
    blocks.map(({ name, code }) => [`${root}${name.replaceAll(/[^\w/]/g, "_")}.ts`, code]),
  );
  const { config } = ts.readConfigFile(`${root}tsconfig.json`, ts.sys.readFile.bind(ts.sys)) as {
    readonly config: unknown;
  };
  const { options } = ts.parseJsonConfigFileContent(config, ts.sys, root);
  // What a page leaves unused, a reader will use.
  const host = ts.createCompilerHost({ ...options, noUnusedLocals: false });
  const { readFile, fileExists, getSourceFile } = host;
  host.readFile = (path) => files.get(path) ?? readFile.call(host, path);
  host.fileExists = (path) => files.has(path) || fileExists.call(host, path);
  host.getSourceFile = (path, languageVersion, ...rest) => {
    const code = files.get(path);
    return code === undefined
      ? getSourceFile.call(host, path, languageVersion, ...rest)
      : ts.createSourceFile(path, `${code}\nexport {};\n`, languageVersion);
  };
  const program = ts.createProgram([...files.keys()], { ...options, noUnusedLocals: false }, host);
  const problems = [...files.keys()].flatMap((path) => {
    const source = program.getSourceFile(path);
    return [...program.getSyntacticDiagnostics(source), ...program.getSemanticDiagnostics(source)];
  });
  expect(problems.map((problem) => ts.formatDiagnostic(problem, host))).toEqual([]);
}, 180_000);
