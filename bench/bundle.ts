import { fileURLToPath } from "node:url";
import { brotliCompressSync } from "node:zlib";
import { build } from "esbuild";
import { atMost, type Row } from "./harness.js";

/** What the core adds to a page that has xstate and immer already. */
export async function bundleRows(): Promise<readonly Row[]> {
  const { outputFiles } = await build({
    entryPoints: [fileURLToPath(new URL("../src/index.ts", import.meta.url))],
    external: ["xstate", "immer"],
    bundle: true,
    minify: true,
    format: "esm",
    platform: "neutral",
    write: false,
  });
  const [core] = outputFiles;
  if (core === undefined) throw new Error("esbuild wrote nothing");
  return [
    atMost({
      name: "core bundle, minified and compressed, without xstate and immer",
      value: brotliCompressSync(core.contents).length / 1000,
      unit: "kB",
      goal: 45,
      against: `${(core.contents.length / 1000).toFixed(1)} kB before compression`,
    }),
  ];
}
