import { createHash } from "node:crypto";
import { fileURLToPath } from "node:url";
import { build, type Plugin } from "esbuild";
import type { Plugin as VitestPlugin } from "vitest/config";
import type { PageProgram } from "../src/page/pageProgram.js";
import { colours, tones } from "../src/render/palette.js";
import { thirdPartyNotice } from "./third-party-notice.js";

const place = (path: string): string => fileURLToPath(new URL(`../${path}`, import.meta.url));
const moduleFile = place("src/page/pageProgram.ts");

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

let built: Promise<string> | undefined;

/** The module that takes the place of `src/page/pageProgram.ts`; built once a process. */
function moduleText(): Promise<string> {
  built ??= Promise.all([buildPageProgram(), buildPageProgram("inspect")]).then(
    ([report, inspector]) =>
      `export const pagePrograms = ${JSON.stringify({ report, inspector })};\n`,
  );
  return built;
}

/** Puts the program into a bundle of esbuild or tsup. */
export function pageProgramForEsbuild(): Plugin {
  return {
    name: "page-program",
    setup({ onLoad }) {
      onLoad({ filter: /[\\/]page[\\/]pageProgram\.ts$/ }, async () => ({
        contents: await moduleText(),
        loader: "js",
      }));
    },
  };
}

/** Puts the program into the modules that vitest loads. */
export function pageProgramForVitest(): VitestPlugin {
  return {
    name: "page-program",
    enforce: "pre",
    load: (id) => (id.split("?", 1)[0] === moduleFile ? moduleText() : undefined),
  };
}
