import { createHash } from "node:crypto";
import { fileURLToPath } from "node:url";
import { build, type Plugin } from "esbuild";
import type { Plugin as VitestPlugin } from "vitest/config";
import type { PageProgram } from "../src/page/pageProgram.js";
import { colours, tones } from "../src/render/palette.js";
import { thirdPartyNotice } from "./third-party-notice.js";

const place = (path: string): string => fileURLToPath(new URL(`../${path}`, import.meta.url));
/** Builds the page's program from `src/page/ui`, minified, as one script and one style sheet. */
export async function buildPageProgram(
  entry: "report" | "inspect" = "report",
): Promise<PageProgram> {
  const { outputFiles, metafile } = await build({
    entryPoints: [
      place(`src/page/ui/${entry}.tsx`),
      place("src/page/ui/styles.css"),
      ...(entry === "inspect" ? [place("src/page/ui/inspector.css")] : []),
    ],
    tsconfig: place("src/page/ui/tsconfig.json"),
    outdir: place("dist"),
    bundle: true,
    minify: true,
    format: "iife",
    target: "es2022",
    platform: "browser",
    charset: "utf8",
    legalComments: "none",
    write: false,
    plugins: [smallerModules(smallerInPages)],
    metafile: true,
    absWorkingDir: place(""),
  });
  const text = (ending: string): string =>
    outputFiles
      .filter(({ path }) => path.endsWith(ending))
      .sort((a, b) => (a.path < b.path ? 1 : -1))
      .map(({ text: content }) => content.trim())
      .join("\n");
  const script = inScript(`${thirdPartyNotice(metafile, place(""))}${text(".js")}`);
  const style = `${toneRules()}${text(".css")}`.replaceAll("</style", "<\\/style");
  return { script, scriptHash: hashOf(script), style, styleHash: hashOf(style) };
}

/** A module of which a bundle needs less, and what takes its place. An export that is missing in it stops the build. */
export interface Substitute {
  readonly file: string;
  readonly contents: string;
}

const smallerInPages: readonly Substitute[] = [
  // A page shows the message of an error and nothing else of it; no bundler can leave out the classes, which are 3 kB.
  {
    file: "src/model/errors.ts",
    contents: `export class InvariantViolationError extends Error {}
      export class InvalidWorldDataError extends Error {
        constructor({ message }, options) { super(message, options); }
      }`,
  },
  // Copies field by field, 3 kB, are for the speed of the simulator: a page copies a few rows for each entry.
  {
    file: "src/kernel/copyRow.ts",
    contents: `const copy = (row) => ({ ...row });
      export const copies = {
        instances: copy, groups: copy, schedules: copy, backups: copy, configurations: copy,
      };
      export const copyRow = (kind, row) => copy(row);
      export const copyOfAccount = copy, copyOfFault = copy, copyOfCounts = copy;`,
  },
];

/** Puts smaller modules into a bundle. A file that is no longer there, or that it does not load, stops the build. */
export const smallerModules = (substitutes: readonly Substitute[]): Plugin => ({
  name: "smaller-modules",
  setup({ onLoad, onEnd }) {
    const loaded = new Set<string>();
    const byPath = new Map(substitutes.map(({ file, contents }) => [place(file), contents]));
    onLoad({ filter: /\.m?[jt]s$/ }, ({ path }) => {
      const contents = byPath.get(path);
      if (contents === undefined) return undefined;
      loaded.add(path);
      return { contents, loader: "js" };
    });
    onEnd(() => ({
      errors: [...byPath.keys()]
        .filter((path) => !loaded.has(path))
        .map((path) => ({ text: `${path} has a smaller module, and is not loaded` })),
    }));
  },
});

/** The text of a script, in which nothing can end its element. */
export function inScript(text: string): string {
  return text.replaceAll("</script", "<\\/script").replaceAll("<!--", "<\\!--");
}

/** The colours of statuses, the same as in pictures. */
function toneRules(): string {
  const rules = (theme: "light" | "dark"): string =>
    tones
      .map((tone) => {
        const { fill, edge, ink } = colours[tone][theme];
        return `.t-${tone},.i-${tone}{--f:${fill};--e:${edge};--i:${ink}}`;
      })
      .join("");
  return `${rules("light")}@media screen and (prefers-color-scheme:dark){${rules("dark")}}`;
}

function hashOf(text: string): string {
  return `sha256-${createHash("sha256").update(text).digest("base64")}`;
}

const built = new Map<string, Promise<string>>();

/** Returns the module that takes the place of a file of `src/page`, or undefined. Built once a process. */
function moduleText(file: string): Promise<string> | undefined {
  const [, name] = /[\\/]page[\\/](report|inspector)Program\.ts$/.exec(file) ?? [];
  if (name === undefined) return undefined;
  const text =
    built.get(name) ??
    buildPageProgram(name === "report" ? "report" : "inspect").then(
      (program) => `export const ${name}Program = ${JSON.stringify(program)};\n`,
    );
  built.set(name, text);
  return text;
}

/** Puts the programs into a bundle of esbuild or tsup. */
export function pageProgramForEsbuild(): Plugin {
  return {
    name: "page-program",
    setup({ onLoad }) {
      onLoad({ filter: /[\\/]page[\\/](report|inspector)Program\.ts$/ }, async ({ path }) => ({
        contents: (await moduleText(path)) ?? "",
        loader: "js",
      }));
    },
  };
}

/** Puts the programs into the modules that vitest loads. */
export function pageProgramForVitest(): VitestPlugin {
  return {
    name: "page-program",
    enforce: "pre",
    load: (id) => moduleText(id.split("?", 1)[0] ?? ""),
  };
}
