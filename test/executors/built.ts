import { mkdirSync, rmSync } from "node:fs";
import { fileURLToPath, pathToFileURL } from "node:url";
import { buildSync } from "esbuild";

const root = fileURLToPath(new URL("../../", import.meta.url));

/**
 * The executors as the package has them, made from source: scripts of threads and processes lie beside each other, so
 * that a test needs no build and a worker starts quickly.
 */
export function buildExecutors(): { readonly folder: string; readonly remove: () => void } {
  const folder = `${root}node_modules/.cache/replication-simulator/executors-${String(process.pid)}`;
  mkdirSync(folder, { recursive: true });
  buildSync({
    entryPoints: {
      all: `${root}test/executors/all.ts`,
      threadWorker: `${root}src/executors/threadWorker.ts`,
      bullmqProcessor: `${root}src/executors/bullmqProcessor.ts`,
      queueWorker: `${root}test/executors/queueWorker.ts`,
      runProcess: `${root}test/executors/runProcess.ts`,
      cliProcess: `${root}test/executors/cliProcess.ts`,
    },
    outdir: folder,
    bundle: true,
    splitting: true,
    packages: "external",
    platform: "node",
    format: "esm",
    target: "es2022",
    logLevel: "error",
  });
  return {
    folder,
    remove: () => {
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Everything that the tests call, from the built code. */
export async function builtExecutors(folder: string): Promise<typeof import("./all.js")> {
  return (await import(
    /* @vite-ignore */ pathToFileURL(`${folder}/all.js`).href
  )) as typeof import("./all.js");
}

/** A file beside the tests, as a URL that every worker can import. */
export const moduleUrl = (name: string): string =>
  new URL(`./scenarios/${name}`, import.meta.url).href;
