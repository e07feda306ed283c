import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import { type BuildOptions, build } from "esbuild";
import { transitionTables } from "../src/lifecycle/compile.js";
import { buildPageProgram, inScript, smallerModules } from "./page-program.js";
import { thirdPartyNotice } from "./third-party-notice.js";

const place = (path: string): string => fileURLToPath(new URL(`../${path}`, import.meta.url));

const shared: BuildOptions = {
  tsconfig: place("playground/tsconfig.json"),
  bundle: true,
  minify: true,
  format: "iife",
  target: "es2022",
  platform: "browser",
  charset: "utf8",
  legalComments: "none",
  loader: { ".yaml": "text" },
  write: false,
};

// The machines as they are compiled here: the library that describes them would be 45 kB of the playground.
const compiledMachines = {
  file: "src/lifecycle/compile.ts",
  contents: `const tables = ${JSON.stringify(transitionTables())};
    export const transitionTables = () => tables;`,
};

// It asks for no patches, which are all that this library makes.
const noPatches = {
  file: "node_modules/immer/dist/immer.mjs",
  contents: "export class Immer {} export const enablePatches = () => {};",
};

/** The playground as one HTML file, which works from disk. */
export async function playgroundHtml(): Promise<string> {
  const { outputFiles = [], metafile } = await build({
    ...shared,
    entryPoints: [place("playground/main.tsx")],
    plugins: [smallerModules([compiledMachines, noPatches])],
    metafile: true,
    absWorkingDir: place(""),
  });
  const script = inScript(
    `${thirdPartyNotice(metafile, place(""))}${(outputFiles[0]?.text ?? "").trim()}`,
  );
  const { style: pageStyle } = await buildPageProgram();
  const style = pageStyle + readFileSync(place("playground/styles.css"), "utf8");
  const hash = (text: string): string =>
    `'sha256-${createHash("sha256").update(text).digest("base64")}'`;
  const policy = `default-src 'none';script-src ${hash(script)} blob:;worker-src blob:;style-src ${hash(style)};base-uri 'none';form-action 'none'`;
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width,initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<title>Playground of replication-simulator</title>
<style>${style}</style>
</head>
<body>
<div id="app"></div>
<noscript>This page needs JavaScript.</noscript>
<script>${script}</script>
</body>
</html>
`;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const target = process.argv[2] ?? place("playground/dist/index.html");
  mkdirSync(dirname(target), { recursive: true });
  const html = await playgroundHtml();
  writeFileSync(target, html);
  console.log(`${target}: ${String(Math.round(html.length / 1024))} KB`);
}
