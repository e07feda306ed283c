import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

/** A block of TypeScript in a page, and what the page says that it prints, where it says so. */
export interface CodeBlock {
  /** Page and line of the fence, as in `docs/time.md:27`. */
  readonly name: string;
  readonly code: string;
  /** The `text`, `json` or `mermaid` block that follows at once, or undefined. */
  readonly prints: string | undefined;
}

export const root = fileURLToPath(new URL("../../", import.meta.url));

/** The pages that a reader finds: README, docs and examples. The API reference is generated, and shows no blocks. */
export const pages: readonly string[] = [
  "README.md",
  ...folder("docs").filter((path) => !path.startsWith("docs/api/")),
  ...folder("examples"),
];

/** Every `ts` block of a page, in its order. */
export function codeBlocksOf(page: string): readonly CodeBlock[] {
  const text = readFileSync(new URL(page, `file://${root}`), "utf8");
  return [...text.matchAll(fence)].map((match) => {
    const line = text.slice(0, match.index).split("\n").length;
    const [, code = "", , prints] = match;
    return { name: `${page}:${String(line)}`, code, prints };
  });
}

const fence = /^```ts\n([\s\S]*?)^```\n(\n```(?:text|json|mermaid)\n([\s\S]*?)^```$)?/gm;

function folder(name: string): readonly string[] {
  return readdirSync(new URL(name, `file://${root}`), { recursive: true, encoding: "utf8" })
    .map((path) => `${name}/${path.replaceAll("\\", "/")}`)
    .filter((path) => path.endsWith(".md") && !path.includes("node_modules"))
    .sort();
}
