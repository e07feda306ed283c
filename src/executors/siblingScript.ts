import { pathToFileURL } from "node:url";

/**
 * Returns a script of this package that lies beside the built code, as a thread or a process can be started with it.
 *
 * @param from - `import.meta.url` of the caller; undefined where the code was built as CommonJS
 */
export function siblingScript(
  name: string,
  from: string | undefined,
): { readonly script: URL; readonly execArgv: readonly string[] } {
  // What says how `-e` is read is refused by a thread.
  const execArgv = process.execArgv.filter((argument) => !argument.startsWith("--input-type"));
  const base = from ?? pathToFileURL(__filename).href;
  // Run from its sources, the package is TypeScript, which a thread of Node 20 reads by tsx alone.
  if (base.endsWith(".ts"))
    return { script: new URL(`./${name}.ts`, base), execArgv: [...execArgv, "--import", "tsx"] };
  return { script: new URL(`./${name}.js`, base), execArgv };
}
