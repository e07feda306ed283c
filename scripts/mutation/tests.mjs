/**
 * The tests that run on mutants. They are the tests of the mutated layers, without the entry points above them, without
 * tests that read the files of the repository or replace modules, and without slow ones, since a surviving mutant costs
 * all tests that reach it.
 */
import { readdirSync } from "node:fs";

const folders = [
  "lifecycle",
  "rules",
  "topology",
  "dataPlane",
  "faults",
  "service",
  "failover",
  "accounts",
  "simulator",
  "time",
  "kernel",
];

const files = [
  ...[
    "backlog",
    "configurations",
    "configurationChanges",
    "copies",
    "faultAspects",
    "lostHosts",
    "moveClients",
    "names",
    "operations",
    "partitions",
    "placeFailures",
    "placePictures",
    "placementOption",
    "placements",
    "promoteReplica",
    "refusals",
    "stalls",
    "threads",
    "waits",
  ].map((name) => `test/field/${name}.test.ts`),
  ...["drafts", "schedules", "listings"].map((name) => `test/properties/${name}.test.ts`),
  "test/render/text.test.ts",
  ...["golden", "operations", "decoding"].map((name) => `test/wire/${name}.test.ts`),
  ...["copies", "stores", "worlds", "histories"].map((name) => `test/differential/${name}.test.ts`),
];

const excluded = new Set([
  "test/failover/longRun.test.ts",
  "test/dataPlane/longRuns.test.ts",
  "test/rules/docstrings.test.ts",
  "test/simulator/copies.test.ts",
  "test/simulator/seeds.test.ts",
  "test/simulator/stacks.test.ts",
]);

export const setupFile = "test/setup.fast-check.ts";

/** Few runs unless told otherwise, with a fixed seed: whether a mutant dies must not depend on chance. */
export const environment = { FC_RUNS: process.env.FC_RUNS ?? "5", FC_SEED: "1" };

/** Beginnings of paths, separated by commas: these tests run, whether they are listed above or not. */
const wanted = process.env.MUTANT_TESTS?.split(",");

export function testFiles() {
  if (wanted !== undefined) {
    return testsIn("test").filter((file) => wanted.some((start) => file.startsWith(start)));
  }
  const found = folders.flatMap((folder) => testsIn(`test/${folder}`));
  return [...found, ...files].filter((file) => !excluded.has(file)).sort();
}

function testsIn(folder) {
  return readdirSync(folder, { recursive: true })
    .map((name) => `${folder}/${name}`)
    .filter((name) => name.endsWith(".test.ts"))
    .sort();
}
