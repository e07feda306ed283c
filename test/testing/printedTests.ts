import * as simulator from "replication-simulator";
import * as scenario from "replication-simulator/scenario";
import * as testing from "replication-simulator/testing";
import ts from "typescript";

/** Runs the text of a printed test as a pasted file would run, with `report` as one more name. */
export function runPrinted(text: string, report: (value: unknown) => void = () => undefined): void {
  const modules: Readonly<Record<string, unknown>> = {
    "replication-simulator": simulator,
    "replication-simulator/scenario": scenario,
    "replication-simulator/testing": testing,
    vitest: {
      test: (_: string, body: () => void) => {
        body();
      },
    },
  };
  const { outputText } = ts.transpileModule(text, {
    compilerOptions: { module: ts.ModuleKind.CommonJS, target: ts.ScriptTarget.ES2022 },
  });
  const load = (name: string): unknown => {
    if (!Object.hasOwn(modules, name)) throw new Error(`${name} is not public`);
    return modules[name];
  };
  new Function("require", "exports", "report", outputText)(load, {}, report);
}

/** What the compiler, as strict as this project, has to say against the texts, each a file of its own. */
export function complaints(texts: readonly string[]): readonly string[] {
  const root = new URL("../../", import.meta.url).pathname;
  const config = ts.readConfigFile(`${root}tsconfig.json`, ts.sys.readFile);
  const { options } = ts.parseJsonConfigFileContent(config.config, ts.sys, root);
  const host = ts.createCompilerHost({ ...options, types: [] });
  const files = new Map(texts.map((text, at) => [`${root}test/testing/pasted${at}.test.ts`, text]));
  const { getSourceFile, fileExists } = host;
  host.fileExists = (path) => files.has(path) || fileExists(path);
  host.getSourceFile = (path, language, ...rest) => {
    const text = files.get(path);
    return text === undefined
      ? getSourceFile(path, language, ...rest)
      : ts.createSourceFile(path, text, language);
  };
  const program = ts.createProgram(
    [...files.keys()],
    { ...options, types: [], noEmit: true },
    host,
  );
  return [...files.keys()].flatMap((path) =>
    ts
      .getPreEmitDiagnostics(program, program.getSourceFile(path))
      .map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, "\n")),
  );
}
