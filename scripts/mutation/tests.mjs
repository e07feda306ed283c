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

/** Few runs with a fixed seed: whether a mutant dies must not depend on chance. */
export const environment = { FC_RUNS: "5", FC_SEED: "1" };

/** `MUTANT_TESTS` names the beginnings of the paths that count, separated by commas; all of them without it. */
const wanted = process.env.MUTANT_TESTS?.split(",") ?? [""];

export function testFiles() {
  const found = folders.flatMap((folder) =>
    readdirSync(`test/${folder}`, { recursive: true })
      .map((name) => `test/${folder}/${name}`)
      .filter((name) => name.endsWith(".test.ts")),
  );
  return [...found, ...files]
    .filter((file) => !excluded.has(file) && wanted.some((start) => file.startsWith(start)))
    .sort();
}
