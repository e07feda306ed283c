import { dirname, resolve } from "node:path";
import ts from "typescript";
import { beforeAll, expect, test } from "vitest";

/*
 * S23: what the declarations ask of a project that has neither the types of browsers nor those of Node. They are emitted
 * into memory and checked there with `lib: ["ES2023"]` and `types: []`.
 */

const root = resolve(import.meta.dirname, "../..");
const emitted = new Map<string, string>();

/** Entry points that need nothing but the language. */
const plain = [
  "index.ts",
  "lifecycle/index.ts",
  "wire/index.ts",
  "render/index.ts",
  "page/index.ts",
  "testing/index.ts",
  "testing/fast-check/index.ts",
  "matchers/index.ts",
  "scenario/index.ts",
  "realtime/index.ts",
];
/** Entry points that use types of the web platform. */
const web = ["http/index.ts"];

const requested: ts.CompilerOptions = {
  target: ts.ScriptTarget.ES2022,
  module: ts.ModuleKind.NodeNext,
  moduleResolution: ts.ModuleResolutionKind.NodeNext,
  strict: true,
  exactOptionalPropertyTypes: true,
  skipLibCheck: false,
  noEmit: true,
  lib: ["lib.es2023.d.ts"],
  types: [],
};

beforeAll(() => {
  const files = [...plain, ...web].map((file) => `${root}/src/${file}`);
  const program = ts.createProgram(files, {
    ...requested,
    types: ["node"],
    skipLibCheck: true,
    noEmit: false,
    noCheck: true,
    declaration: true,
    emitDeclarationOnly: true,
    resolveJsonModule: true,
    rootDir: root,
    outDir: `${root}/declared`,
  });
  program.emit(undefined, (file, text) => emitted.set(file, text));
}, 180_000);

/** Errors of our declarations, not of those that they import. */
function errorsOf(entries: readonly string[]): readonly string[] {
  const host = ts.createCompilerHost(requested);
  const { readFile, fileExists, directoryExists } = host;
  const folders = new Set([...emitted.keys()].map((file) => dirname(file)));
  host.readFile = (file) => emitted.get(file) ?? readFile.call(host, file);
  host.fileExists = (file) => emitted.has(file) || fileExists.call(host, file);
  host.directoryExists = (folder) =>
    folders.has(folder) || (directoryExists?.call(host, folder) ?? true);
  host.getSourceFile = (file, version) => {
    const text = host.readFile(file);
    return text === undefined ? undefined : ts.createSourceFile(file, text, version);
  };
  const files = entries.map((entry) => `${root}/declared/src/${entry.replace(/\.ts$/, ".d.ts")}`);
  for (const file of files) expect([...emitted.keys()]).toContain(file);
  return ts
    .getPreEmitDiagnostics(ts.createProgram(files, requested, host))
    .filter(({ file }) => file === undefined || emitted.has(file.fileName))
    .map(({ file, messageText }) => {
      const where = file?.fileName.slice(`${root}/declared/src/`.length) ?? "";
      return `${where}: ${ts.flattenDiagnosticMessageText(messageText, " ")}`;
    });
}

test("the declarations need no types of browsers and of Node", { timeout: 120_000 }, () => {
  expect(errorsOf(plain)).toEqual([]);
});

test("those of HTTP ask for the web platform alone", { timeout: 120_000 }, () => {
  const missing = errorsOf(web).map(
    (error) => /(?:Cannot find name|Property) '(\w+)'/.exec(error)?.[1] ?? error,
  );
  expect([...new Set(missing)].sort()).toEqual([
    "Headers",
    "ReadableStream",
    "Request",
    "Response",
    "dispose",
    "fetch",
  ]);
});
