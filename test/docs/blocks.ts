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

const fixtures: readonly (readonly [name: string, needs: string, declaration: string])[] = [
  ["sim", "", "const sim = new $Simulator();"],
  ["source", "sim", "const { source, replicas: $replicas } = $createSet(sim);"],
  ["replica", "source", "const [replica = source] = $replicas;"],
  ["group", "sim", "const { group } = $createGroup(sim);"],
  [
    "configuration",
    "sim",
    'const configuration = sim.createConfiguration({ name: "more connections", values: { max_connections: 500 } });',
  ],
  [
    "schedule",
    "source",
    "const schedule = sim.createSchedule({ ownerId: source.id, fullBackupRetention: 2 });",
  ],
  [
    "backup",
    "source",
    'const $taken = sim.createBackup({ ownerId: source.id, name: "nightly" });\nconst backup = sim.waitForBackup($taken.id, "COMPLETED");',
  ],
];

/** Files of `src` with examples in their doc comments. */
export const sources: readonly string[] = readdirSync(new URL("src", `file://${root}`), {
  recursive: true,
  encoding: "utf8",
})
  .map((path) => `src/${path.replaceAll("\\", "/")}`)
  .filter((path) => path.endsWith(".ts") && examplesOf(path).length > 0)
  .sort();

/** Every `ts` block of a page or of the doc comments of a source file, in its order. */
export function codeBlocksOf(page: string): readonly CodeBlock[] {
  if (page.endsWith(".ts")) return examplesOf(page);
  const text = readFileSync(new URL(page, `file://${root}`), "utf8");
  return [...text.matchAll(fence)].map((match) => {
    const line = text.slice(0, match.index).split("\n").length;
    const [, code = "", , prints] = match;
    return { name: `${page}:${String(line)}`, code, prints };
  });
}

/**
 * Examples of doc comments. One that uses `sim`, `source`, `replica`, `group`, `configuration`, `schedule` or `backup`
 * without declaring it gets a simulator, a replication set, an HA group and so on.
 */
function examplesOf(path: string): readonly CodeBlock[] {
  const text = readFileSync(new URL(path, `file://${root}`), "utf8");
  return [...text.matchAll(/^ *\* ```ts\n([\s\S]*?)^ *\* ```$/gmu)].map(
    ({ index, 1: body = "" }) => {
      const line = text.slice(0, index).split("\n").length;
      const code = body.replaceAll(/^ *\* ?/gmu, "");
      return { name: `${path}:${String(line)}`, code: withFixtures(code), prints: undefined };
    },
  );
}

function withFixtures(code: string): string {
  const needed = new Set<string>();
  for (const [name, needs] of [...fixtures].reverse()) {
    const isUsed = new RegExp(`(?<![.\\w"])${name}\\b(?!:)`, "u").test(code);
    const isDeclared = new RegExp(
      `\\b(?:const|let)\\s+(?:[{[][^=}\\]]*)?\\b${name}\\b|\\(${name}\\) =>|\\b${name}: `,
      "u",
    ).test(code);
    if ((isUsed && !isDeclared) || needed.has(name)) needed.add(name).add(needs);
  }
  if (needed.size === 0) return code;
  const declarations = fixtures.filter(([name]) => needed.has(name)).map(([, , text]) => text);
  return [
    'import { ReplicationSimulator as $Simulator } from "replication-simulator";',
    ...(/\bReplicationSimulator\b/u.test(code) && !code.includes("import {")
      ? ["const ReplicationSimulator = $Simulator;"]
      : []),
    'import { createActiveHaGroup as $createGroup, createReplicationSet as $createSet } from "replication-simulator/testing";',
    ...declarations,
    code,
  ].join("\n");
}

/** What an example says that it prints: the comments behind its calls of `console.log`. */
export function outputsOf({ code }: CodeBlock): readonly string[] {
  return [...code.matchAll(/^ *console\.log\(.*\); \/\/ (.+)$/gmu)].map(
    ([, output = ""]) => output,
  );
}

const fence = /^```ts\n([\s\S]*?)^```\n(\n```(?:text|json|mermaid)\n([\s\S]*?)^```$)?/gm;

function folder(name: string): readonly string[] {
  return readdirSync(new URL(name, `file://${root}`), { recursive: true, encoding: "utf8" })
    .map((path) => `${name}/${path.replaceAll("\\", "/")}`)
    .filter((path) => path.endsWith(".md") && !path.includes("node_modules"))
    .sort();
}
