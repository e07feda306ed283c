import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { isRecord } from "../../domain/plainData.js";
import type { CliIo } from "./terminal.js";

/** Test runners that `init` writes a test for. */
export const testRunners = ["vitest", "jest", "bun", "node"] as const;

/** One of the test runners. */
export type TestRunner = (typeof testRunners)[number];

/** Writes a first test into a project, for the test runner that it uses; an existing file stays as it is. */
export async function initProject(
  folder: string,
  { runner: asked }: { readonly runner?: TestRunner },
  terminal: CliIo,
): Promise<number> {
  const manifest = manifestIn(folder);
  const runner = asked ?? runnerIn(folder, manifest);
  const isCommonJs = runner === "jest" && manifest["type"] !== "module";
  const file = join(
    folder,
    "test",
    runner === "node" ? "replication.test.mjs" : "replication.test.js",
  );
  if (existsSync(file)) {
    terminal.err(`${file} exists already; nothing was written\n`);
    return 1;
  }
  mkdirSync(dirname(file), { recursive: true });
  // "wx": a file that came in between is not overwritten either.
  writeFileSync(file, firstTest(runner, isCommonJs), { flag: "wx" });
  await terminal.out(`${file}\n`);
  terminal.err(`run it with: ${commandOf[runner]}\n`);
  return 0;
}

const commandOf: Readonly<Record<TestRunner, string>> = {
  vitest: "npx vitest run test/replication.test.js",
  jest: "npx jest test/replication.test.js",
  bun: "bun test test/replication.test.js",
  node: "node --test test/replication.test.mjs",
};

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
  const test = isRecord(scripts) ? scripts["test"] : undefined;
  const hasLock = ["bun.lock", "bun.lockb"].some((name) => existsSync(join(folder, name)));
  return hasLock || (typeof test === "string" && test.startsWith("bun test")) ? "bun" : "node";
}

const imports: Readonly<Record<TestRunner, string>> = {
  vitest: 'import { test } from "vitest";\n',
  jest: "",
  bun: 'import { test } from "bun:test";\n',
  node: 'import { test } from "node:test";\n',
};

function firstTest(runner: TestRunner, isCommonJs: boolean): string {
  const names = "assertLost, assertReplicas, assertStatus";
  const load = isCommonJs
    ? `const { ReplicationSimulator } = require("replication-simulator");
const { ${names} } = require("replication-simulator/matchers");
`
    : `import { ReplicationSimulator } from "replication-simulator";
import { ${names} } from "replication-simulator/matchers";
`;
  return `${load}${imports[runner]}
test("a source gets a replica", () => {
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
