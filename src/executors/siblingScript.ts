import { pathToFileURL } from "node:url";

/** A script that a thread is started with. */
export interface SiblingScript {
  readonly script: URL | string;
  /** Whether the script is code, not a place. */
  readonly eval: boolean;
  /** Left out: the thread has the options of this process. */
  readonly execArgv?: readonly string[];
}

/**
 * Returns a script of this package that lies beside the built code.
 *
 * @param from - `import.meta.url` of the caller; undefined where the code was built as CommonJS
 */
export function siblingScript(name: string, from: string | undefined): SiblingScript {
  const base = from ?? pathToFileURL(__filename).href;
  if (!base.endsWith(".ts")) {
    const script = new URL(`./${name}.js`, base);
    // A thread refuses options that define how `-e` is parsed, and options of V8 if any are given.
    const isRefused = process.execArgv.some((argument) => argument.startsWith("--input-type"));
    return { script, eval: false, ...(isRefused ? { execArgv: [] } : {}) };
  }
  // Run from its sources, the package is TypeScript, which a thread of Node 20 cannot start with.
  const source = JSON.stringify(new URL(`./${name}.ts`, base).href);
  const script = `import("tsx/esm/api").then(({ tsImport }) => tsImport(${source}, ${source}));`;
  return { script, eval: true, execArgv: [] };
}
