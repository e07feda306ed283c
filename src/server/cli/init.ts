import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { isRecord } from "../../model/schema/plainData.js";
import type { CliIo } from "./terminal.js";

/** Test runners that `init` writes a test for. */
export const testRunners = ["vitest", "jest", "mocha", "bun", "deno", "node"] as const;

/** One of the test runners. */
export type TestRunner = (typeof testRunners)[number];

/** Writes a first test into a project, for the test runner that it uses. Existing files are not changed. */
export async function initProject(
  folder: string,
  { runner: requested }: { readonly runner?: TestRunner },
  terminal: CliIo,
): Promise<number> {
  const manifest = manifestIn(folder);
  const runner = requested ?? runnerIn(folder, manifest);
  const isModule = manifest["type"] === "module";
  const path = `test/replication.test.${extensionOf[runner]}`;
  const file = join(folder, path);
  if (existsSync(file)) {
    terminal.err(`${file} already exists; nothing was written\n`);
    return 1;
  }
  mkdirSync(dirname(file), { recursive: true });
  // "wx" also protects a file that was created in between.
  writeFileSync(file, firstTest(runner, isModule), { flag: "wx" });
  await terminal.out(`${file}\n`);
  terminal.err(`run it with: ${commandFor(runner, isModule)} ${path}\n`);
  return 0;
}

/** Mocha and Node load `.js` by the type of the package; `.mjs` is a module everywhere. */
const extensionOf: Readonly<Record<TestRunner, "js" | "mjs">> = {
  vitest: "js",
  jest: "js",
  mocha: "mjs",
  bun: "js",
  deno: "js",
  node: "mjs",
};

function commandFor(runner: TestRunner, isModule: boolean): string {
  switch (runner) {
    case "vitest":
      return "npx vitest run";
    case "jest":
      // Jest loads modules only with this flag of Node.
      return isModule ? "NODE_OPTIONS=--experimental-vm-modules npx jest" : "npx jest";
    case "mocha":
      return "npx mocha";
    case "bun":
      return "bun test";
    case "deno":
      return "deno test --allow-env --allow-read";
    case "node":
      return "node --test";
  }
}

function manifestIn(folder: string): Readonly<Record<string, unknown>> {
  const file = join(folder, "package.json");
  if (!existsSync(file)) return {};
  try {
    const manifest: unknown = JSON.parse(readFileSync(file, "utf8"));
    return isRecord(manifest) ? manifest : {};
  } catch {
    return {};
  }
}

function runnerIn(folder: string, manifest: Readonly<Record<string, unknown>>): TestRunner {
  const { dependencies, devDependencies, scripts } = manifest;
  const uses = (name: string): boolean =>
    [dependencies, devDependencies].some((list) => isRecord(list) && Object.hasOwn(list, name));
  if (uses("vitest")) return "vitest";
  if (uses("jest")) return "jest";
  if (uses("mocha")) return "mocha";
  const has = (...names: readonly string[]): boolean =>
    names.some((name) => existsSync(join(folder, name)));
  const test = isRecord(scripts) ? scripts["test"] : undefined;
  const runs = (command: string): boolean => typeof test === "string" && test.startsWith(command);
  if (runs("bun test") || has("bun.lock", "bun.lockb")) return "bun";
  if (runs("deno test") || has("deno.json", "deno.jsonc", "deno.lock")) return "deno";
  return "node";
}

const imports: Readonly<Record<TestRunner, string>> = {
  vitest: 'import { test } from "vitest";\n',
  jest: "",
  mocha: 'import { it } from "mocha";\n',
  bun: 'import { test } from "bun:test";\n',
  deno: "",
  node: 'import { test } from "node:test";\n',
};

function firstTest(runner: TestRunner, isModule: boolean): string {
  const names = "assertLost, assertReplicas, assertStatus";
  const define = runner === "mocha" ? "it" : runner === "deno" ? "Deno.test" : "test";
  const load =
    runner === "jest" && !isModule
      ? `const { ReplicationSimulator } = require("replication-simulator");
const { ${names} } = require("replication-simulator/matchers");
`
      : `import { ReplicationSimulator } from "replication-simulator";
import { ${names} } from "replication-simulator/matchers";
`;
  return `${load}${imports[runner]}
${define}("a source gets a replica", () => {
  const sim = new ReplicationSimulator({ seed: 1 });
  const source = sim.createInstance({ name: "orders", flavorId: 2, volumeGb: 10 });
  sim.settle(); // virtual time: no real waiting
  sim.createReplica({ name: "eu", flavorId: 2, volumeGb: 10, replicaOf: source.id });
  sim.settle();

  assertStatus(sim, source.id, "ACTIVE");
  assertReplicas(sim, source.id, 1);
  assertLost(sim, 0);
});
`;
}
