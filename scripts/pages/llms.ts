import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

/** `llms.txt`: what the package is, and where each subject is documented, for language models (llmstxt.org). */
export function llmsIndex(): string {
  const { name, description, exports } = JSON.parse(read("package.json")) as Manifest;
  const entryPoints = Object.keys(exports)
    .filter((path) => path !== "./package.json")
    .map((path) => `- \`${name}${path.slice(1)}\``);
  return [
    `# ${name}`,
    "",
    `> ${description}`,
    "",
    "Paths are relative to this file, in the repository and in the installed package.",
    "",
    "## Entry points",
    "",
    ...entryPoints,
    "",
    ...sectionsOf(read("docs/README.md")),
    "## Optional",
    "",
    "- [README](README.md)",
    "- [Changelog](CHANGELOG.md)",
    "- [JSON Schema of scenario files](scenario-1.schema.json)",
    "",
  ].join("\n");
}

interface Manifest {
  readonly name: string;
  readonly description: string;
  readonly exports: Readonly<Record<string, unknown>>;
}

/** The tables of the index of docs: each head is a section, each row a page. */
function sectionsOf(index: string): readonly string[] {
  const sections: string[][] = [];
  for (const line of index.split("\n")) {
    const head = /^\| (to [^|]+?) \| \|$/.exec(line)?.[1];
    const [, title, path, about] = /^\| \[([^\]]+)\]\(([^)]+)\) \| (.+) \|$/.exec(line) ?? [];
    if (head !== undefined)
      sections.push([`## ${head[0]?.toUpperCase() ?? ""}${head.slice(1)}`, ""]);
    else if (title !== undefined && path !== undefined && about !== undefined) {
      sections.at(-1)?.push(`- [${title}](${fromRoot(path)}): ${about}`);
    }
  }
  return sections.flatMap((section) => [...section, ""]);
}

/** A link of the index, seen from the root. */
function fromRoot(link: string): string {
  return link.startsWith("../") ? link.slice("../".length) : `docs/${link}`;
}

function read(path: string): string {
  return readFileSync(fileURLToPath(new URL(`../../${path}`, import.meta.url)), "utf8");
}
