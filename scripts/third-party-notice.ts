import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { build, type Metafile } from "esbuild";
import manifest from "../package.json" with { type: "json" };

/**
 * Returns the licences of the packages that a bundle contains, as one comment to put in front of it. Packages with the
 * same licence text share it. Empty if there are none. The bundle was built with `root` as its working directory.
 */
export function thirdPartyNotice({ outputs }: Metafile, root: string): string {
  const folders = new Set(
    Object.values(outputs).flatMap(({ inputs }) =>
      Object.entries(inputs).flatMap(([path, { bytesInOutput }]) => {
        const [, folder] = /^(.*node_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(path) ?? [];
        return folder === undefined || bytesInOutput === 0 ? [] : [join(root, folder)];
      }),
    ),
  );
  const owners = new Map<string, string[]>();
  for (const folder of [...folders].sort()) {
    const { name, version } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8")) as {
      readonly name: string;
      readonly version: string;
    };
    const { copyright, body } = licenceIn(folder);
    owners.set(body, [...(owners.get(body) ?? []), `${name} ${version}, ${copyright}`]);
  }
  if (owners.size === 0) return "";
  const parts = [...owners].map(([body, names]) => `${names.join("\n")}\n${body}`);
  return `/*!\n${parts.join("\n\n").replaceAll("*/", "* /")}\n*/\n`;
}

function licenceIn(folder: string): { readonly copyright: string; readonly body: string } {
  const file = existsSync(folder)
    ? readdirSync(folder).find((name) => /^licen[cs]e(\.|$)/i.test(name))
    : undefined;
  if (file === undefined) throw new Error(`${folder} has no licence file; do not bundle it`);
  const text = readFileSync(join(folder, file), "utf8");
  const [copyright = ""] = /Copyright[^\n]*/.exec(text) ?? [];
  const body = text
    .replace(copyright, "")
    .replace(/^\s*(The )?MIT License( \(MIT\))?\s*/i, "MIT License. ")
    .replaceAll(/\s+/g, " ")
    .trim();
  return { copyright, body };
}

/** The licences of what the package has built in, for the file that it is published with. */
export async function packageNotices(): Promise<string> {
  const root = fileURLToPath(new URL("../", import.meta.url));
  const { metafile } = await build({
    entryPoints: ["src/page/index.ts", "src/page/ui/inspect.tsx"],
    absWorkingDir: root,
    outdir: "dist",
    bundle: true,
    format: "esm",
    platform: "neutral",
    mainFields: ["module", "main"],
    jsx: "automatic",
    jsxImportSource: "preact",
    external: Object.keys(manifest.dependencies),
    write: false,
    metafile: true,
  });
  const notice = thirdPartyNotice(metafile, root).replace(/^\/\*!\n|\*\/\n$/g, "");
  return `This package contains parts of these packages.\n\n${notice}`;
}

if (process.argv[1] === fileURLToPath(import.meta.url))
  writeFileSync(
    fileURLToPath(new URL("../THIRD-PARTY-NOTICES.txt", import.meta.url)),
    await packageNotices(),
  );
