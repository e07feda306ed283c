import fc from "fast-check";
import { documentedCatalog } from "replication-simulator";
import { draftArbitrary } from "../src/testing/fast-check/draftArbitrary.js";
import { type StepDrafts } from "../src/testing/fast-check/stepDrafts.js";
import { draftReporter } from "./drafts/draftReporter.js";
import { type SerializableOptions } from "./drafts/draftsAsTest.js";

/*
 * What the properties are about: worlds whose options differ wildly, some faults and limits off and some near, and
 * drafts in them. The reach test checks these generators: they must reach everything.
 */

/** Another account beside the simulator's own. */
export const neighbour = "5678";

/** Options of worlds, as plain data. What is as documented is left out. */
export const worlds: fc.Arbitrary<SerializableOptions> = fc
  .record(
    {
      seed: fc.oneof(fc.integer(), fc.string({ maxLength: 4 })),
      latency: fc.constantFrom<NonNullable<SerializableOptions["latency"]>>(
        "fast",
        "instant",
        { build: { from: 0, to: 40_000 }, restart: { from: 10, to: 10 }, reboot: 90_000 },
        // Slow enough that commands meet it under way.
        { convert: 400_000, delete: 200_000, resizeFlavor: 300_000, resizeVolume: 300_000 },
      ),
      jitter: fc.constantFrom(0.25, 1),
      limits: fc.constantFrom<NonNullable<SerializableOptions["limits"]>>(
        { maxInstancesPerAccount: 4 },
        { maxInstancesPerAccount: 6, maxReplicasPerSource: 1 },
        { maxReplicasPerSource: 3, maxPageSize: 3 },
      ),
      // Those who look at a world after every step read often.
      rateLimits: seldom({ createInstances: 3, changeInstances: 2, reads: 1_000_000 }),
      policy: seldom({ objectStorageAccess: false }),
      catalog: seldom(
        changed({ deprecated: true }),
        changed({ ha: false }),
        changed({ replication: false, ha: false }),
      ),
    },
    { requiredKeys: [], noNullPrototype: true },
  )
  .map((options) => JSON.parse(JSON.stringify(options)) as SerializableOptions);

/** Drafts of everything that can happen: malformed commands, forks, restores, two accounts. */
export const drafts: fc.Arbitrary<StepDrafts> = draftArbitrary({
  lengthMax: 60,
  malformed: true,
  worlds: true,
  accounts: [neighbour],
});

/** The same, in which the service may refuse everything for a while: for properties that look at the topology alone. */
export const draftsWithOutages: fc.Arbitrary<StepDrafts> = draftArbitrary({
  lengthMax: 60,
  malformed: true,
  worlds: true,
  outages: true,
  accounts: [neighbour],
});

/** So many runs, unless the environment asks for another number. */
export function runs(usual: number): number {
  return fc.readConfigureGlobal().numRuns ?? usual;
}

/** How long a property may take, in ms: longer runs than the usual ones take as long as they take. */
export function patience(usualMs: number): number {
  return fc.readConfigureGlobal().numRuns === undefined ? usualMs : 3_600_000;
}

/** Asserts a property of drafts in worlds; a failure is reported as a test to paste. */
export function assertDrafts(
  usualRuns: number,
  property: (options: SerializableOptions, draft: StepDrafts) => void,
  reported: fc.Arbitrary<StepDrafts> = drafts,
): void {
  fc.assert(fc.property(worlds, reported, property), {
    numRuns: runs(usualRuns),
    reporter: draftReporter<[SerializableOptions, StepDrafts]>({
      simulator: ([options]) => options,
    }),
  });
}

/** What makes the rest of a draft poorer, so that most worlds do without. */
function seldom<T>(...values: readonly T[]): fc.Arbitrary<T | undefined> {
  return fc.option(fc.constantFrom(...values), { nil: undefined, freq: 2 });
}

/** The documented catalog with its default version changed. */
function changed(
  difference: Partial<(typeof documentedCatalog)["datastores"][number]>,
): typeof documentedCatalog {
  const { type, version } = documentedCatalog.defaultDatastore;
  return {
    ...documentedCatalog,
    datastores: documentedCatalog.datastores.map((datastore) =>
      datastore.type === type && datastore.version === version
        ? { ...datastore, ...difference }
        : datastore,
    ),
  };
}
