import fc from "fast-check";
import { ReplicationSimulator } from "replication-simulator";
import { afterAll, describe, expect, test } from "vitest";
import { rowsOf } from "../../src/collections/table.js";
import { topologyOf } from "../../src/simulator/clientKernel.js";
import { readRows, type ShapeOptions, ShapeReader } from "../../src/simulator/shape.js";
import { draftArbitrary } from "../../src/testing/fast-check/draftArbitrary.js";
import type { StepDrafts } from "../../src/testing/fast-check/stepDrafts.js";
import type { SerializableOptions } from "../drafts/draftsAsTest.js";
import { runDrafts } from "../drafts/runDrafts.js";
import { assertDrafts, neighbour, runs, worlds } from "../scenarioGenerators.js";

/*
 * A shape that is kept up to date is that of the rows as they are, whatever has happened since it was last asked for:
 * commands, faults, time, forks and restored snapshots. And it depends on what matters only: not on what rows are called,
 * nor on their order.
 */

const every: readonly Required<ShapeOptions>[] = [
  { ordered: false, deleting: true },
  { ordered: true, deleting: true },
  { ordered: false, deleting: false },
  { ordered: true, deleting: false },
];

/** The shape of a world, computed from its rows alone. */
function anew(sim: ReplicationSimulator, options: ShapeOptions): string {
  const topology = topologyOf(sim);
  return new ShapeReader(options).shape(readRows(topology), topology);
}

/** Drafts in which half of the steps are faults. */
const withFaults = draftArbitrary({
  lengthMax: 60,
  worlds: true,
  accounts: [neighbour],
  faults: { share: 0.5 },
});

/** What the drafts have reached: nothing is proved of what they never did. */
const reached = new Map<string, number>();

function reach(name: string, isReached: boolean): void {
  reached.set(name, (reached.get(name) ?? 0) + (isReached ? 1 : 0));
}

describe("a shape that is kept up to date", () => {
  test.each(["immutable", "in-place"] as const)(
    "is the one computed anew, after every step: %s store",
    (store) => {
      const property = (options: SerializableOptions, draft: StepDrafts): void => {
        const sim = new ReplicationSimulator({ ...options, store });
        let [steps, last] = [0, ""];
        runDrafts(sim, draft, {
          onStep: ({ sim: before, next, step }) => {
            steps += 1;
            // Some are asked for after every step, and some after several.
            const requested = every.slice(0, steps % 5 === 0 ? 4 : 1 + (steps % 2));
            for (const one of requested) expect(next.stateSpace.shape(one)).toBe(anew(next, one));
            if (next !== before) {
              // A fork leaves the world behind as it was.
              for (const one of requested)
                expect(before.stateSpace.shape(one)).toBe(anew(before, one));
            }
            const shape = next.stateSpace.shape();
            const { instances, faults, watchedFaults } = topologyOf(next);
            reach("another shape", shape !== last);
            last = shape;
            reach("a fork", typeof step === "object" && "fork" in step);
            reach("a restored world", step === "restore");
            reach("a removed instance", instances.count < instances.size);
            reach("a removed fault", faults.count < faults.size);
            reach("several faults that are checked in turn", watchedFaults.length > 1);
            reach(
              "a partition",
              [...rowsOf(instances)].some((row) => row.partitionId !== null),
            );
          },
        });
      };
      assertDrafts(60, property);
      assertDrafts(60, property, withFaults);
    },
  );

  test("has been asked for in all that can make a difference", () => {
    expect([...reached].filter(([, times]) => times < 3)).toEqual([]);
  });
});

test("a shape that is kept up to date knows rows that were named before they were there", () => {
  const createId = (kind: string, ordinal: number): string => `${kind} ${String(ordinal)}`;
  const sim = new ReplicationSimulator({ createId });
  const at = sim.now + 3_600_000;
  const crash = { kind: "crash", instanceId: "instance 1" } as const;
  sim.execute({ type: "injectFault", fault: crash, at });
  sim.createInstance({ flavorId: 2, volumeGb: 10 });
  const shape = sim.stateSpace.shape();
  expect(shape).toBe(anew(sim, {}));
  const fork = sim.fork();
  fork.createInstance({ flavorId: 2, volumeGb: 10 });
  expect(fork.stateSpace.shape()).toBe(anew(fork, {}));
  // The other instance is not the one that will crash.
  const other = new ReplicationSimulator({ createId });
  other.execute({ type: "injectFault", fault: { ...crash, instanceId: "instance 2" }, at });
  for (let count = 0; count < 2; count++) other.createInstance({ flavorId: 2, volumeGb: 10 });
  expect(other.stateSpace.shape()).not.toBe(fork.stateSpace.shape());
  fork.settle();
  fork.deleteInstance("instance 1");
  fork.settle();
  expect(fork.stateSpace.shape()).toBe(anew(fork, {}));
  expect(sim.stateSpace.shape()).toBe(shape);
});

/** A row of a snapshot, whatever it is. */
type Row = Record<string, unknown> & { ordinal: number; accountOrdinal: number };

interface Plain {
  topology: Record<"instances" | "groups" | "faults", { rows: Row[] }> & {
    accounts: { labels: unknown[] }[];
  };
}

describe("a shape", () => {
  const calm = draftArbitrary({ lengthMax: 40, accounts: [neighbour] });

  test("is the same whatever rows are called", () => {
    fc.assert(
      fc.property(worlds, calm, (options, draft) => {
        const sim = runDrafts(new ReplicationSimulator(options), draft);
        const names = new Map<string, string>();
        const text = JSON.stringify(sim.snapshot()).replace(
          /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g,
          (id) => {
            // In another order, too: indexes are ordered by id.
            const name = names.get(id) ?? `renamed-${String(9999 - names.size)}`;
            names.set(id, name);
            return name;
          },
        );
        const renamed = ReplicationSimulator.restore(JSON.parse(text));
        for (const one of every) {
          expect(renamed.stateSpace.shape(one)).toBe(sim.stateSpace.shape(one));
        }
      }),
      { numRuns: runs(60) },
    );
  });

  const permuted = new Set<number>();
  test("is the same in whatever order its rows were created and its replicas joined", () => {
    fc.assert(
      fc.property(worlds, calm, fc.infiniteStream(fc.nat()), (options, draft, numbers) => {
        const sim = runDrafts(new ReplicationSimulator(options), draft);
        const plain = JSON.parse(JSON.stringify(sim.snapshot())) as Plain;
        const { instances, groups, faults } = plain.topology;
        // Labels lead to places.
        for (const account of plain.topology.accounts) account.labels = [];
        for (const table of Object.values(plain.topology)) {
          if ("rows" in table) for (const row of table.rows) row["label"] = null;
        }
        const shuffled = <T>(items: readonly T[]): T[] =>
          items
            .map((item) => [Number(numbers.next().value), item] as const)
            .sort(([a], [b]) => a - b)
            .map(([, item]) => item);
        const places = new Map<unknown, number>();
        for (const accountId of new Set(instances.rows.map((row) => row["accountId"]))) {
          const own = instances.rows.filter((row) => row["accountId"] === accountId);
          const targets = shuffled(
            own.map(({ ordinal, accountOrdinal }) => [ordinal, accountOrdinal]),
          );
          for (const [at, row] of own.entries()) {
            const [ordinal = 0, accountOrdinal = 0] = targets[at] ?? [];
            places.set(row.ordinal, ordinal);
            row.ordinal = ordinal;
            row.accountOrdinal = accountOrdinal;
          }
          permuted.add(own.length);
        }
        instances.rows.sort((a, b) => a.ordinal - b.ordinal);
        for (const row of [...instances.rows, ...groups.rows]) {
          row["replicaIds"] = shuffled(row["replicaIds"] as string[]);
        }
        for (const row of faults.rows) {
          const { targetOrdinal, clockOf } = row;
          row["targetOrdinal"] = places.get(targetOrdinal) ?? targetOrdinal;
          if (typeof clockOf !== "object" || clockOf === null) continue;
          const { instanceOrdinal } = clockOf as { instanceOrdinal: number };
          Object.assign(clockOf, { instanceOrdinal: places.get(instanceOrdinal) });
        }
        const reordered = ReplicationSimulator.restore(plain as never);
        for (const deleting of [true, false]) {
          expect(reordered.stateSpace.shape({ deleting })).toBe(sim.stateSpace.shape({ deleting }));
        }
      }),
      { numRuns: runs(60) },
    );
  });

  afterAll(() => {
    expect(Math.max(...permuted)).toBeGreaterThan(3);
  });
});
