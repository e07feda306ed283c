import { applyPatches, enablePatches } from "immer";
import { ReplicationSimulator, type SimulatorOptions } from "replication-simulator";
import { describe, expect, test } from "vitest";
import { topologyToJson } from "../../src/kernel/snapshot.js";
import { immutableStore, inPlaceStore, type Store } from "../../src/kernel/store.js";
import { topologyOf } from "../../src/simulator/clientKernel.js";
import { createInitialWorld } from "../../src/simulator/createWorld.js";
import { positionOf } from "../../src/simulator/serialization.js";
import { World } from "../../src/simulator/world.js";
import { WorldRef } from "../../src/simulator/worldRef.js";
import { simulatorOf } from "../../src/simulator.js";
import { type StepDrafts } from "../../src/testing/fast-check/stepDrafts.js";
import { type SerializableOptions } from "../drafts/draftsAsTest.js";
import { runDrafts } from "../drafts/runDrafts.js";
import { assertDrafts, neighbour } from "../scenarioGenerators.js";
import { copyingStore } from "./copyingStore.js";

/*
 * What every store promises. Two come with the library; the third shows what it takes to write one.
 */

const stores: readonly (readonly [string, () => Store])[] = [
  ["immutable", immutableStore],
  ["in-place", inPlaceStore],
  ["copying", copyingStore],
];

/** A simulator whose rows are kept in a store of one's own. */
function simulatorOn(store: Store, options: SimulatorOptions): ReplicationSimulator {
  // Begun in place, so that the rows that it begins with are free to be taken in by any store.
  const { settings, position, live } = createInitialWorld({ ...options, store: "in-place" }).world;
  const world = new World(settings, live, { position, store });
  return simulatorOf(new WorldRef(world, null));
}

/** Returns everything that a caller can observe of a world. */
function reported(sim: ReplicationSimulator): string {
  const { topology, ...position } = positionOf(sim.snapshot());
  return JSON.stringify([
    position,
    topologyToJson(topology),
    sim.journal(),
    sim.listPendingTasks(),
    sim.listInstances(),
  ]);
}

/** Drafts within one world: a restored one has the store that its settings name. */
function within(draft: StepDrafts): StepDrafts {
  return draft.filter((step) => step !== "restore");
}

describe.each(stores)("the %s store", (_, storeOf) => {
  test("behaves like the others, forks of it included", () => {
    assertDrafts(60, (options: SerializableOptions, draft: StepDrafts) => {
      const sim = runDrafts(simulatorOn(storeOf(), options), within(draft));
      const reference = runDrafts(simulatorOn(inPlaceStore(), options), within(draft));
      expect(reported(sim)).toBe(reported(reference));
    });
  });

  test("restores what it was saved as", () => {
    assertDrafts(30, (options: SerializableOptions, draft: StepDrafts) => {
      const sim = runDrafts(simulatorOn(storeOf(), options), within(draft));
      const restored = ReplicationSimulator.restore(JSON.parse(JSON.stringify(sim.snapshot())));
      for (const world of [sim, restored]) world.advance(3_600_000);
      expect(restored.fingerprint()).toBe(sim.fingerprint());
    });
  });

  test("publishes a transaction whole or not at all", () => {
    const store = storeOf();
    let refuses = false;
    const sim = simulatorOn(
      {
        ...store,
        publish: (...given) => {
          if (refuses) throw new Error("the store refuses");
          return store.publish(...given);
        },
      },
      {},
    );
    const { id } = sim.createInstance({ flavorId: 2, volumeGb: 10 });
    refuses = true;
    const before = reported(sim);
    for (const attempt of [
      () => sim.settle(),
      () => sim.createInstance({ flavorId: 2, volumeGb: 1 }),
    ]) {
      expect(attempt).toThrow("the store refuses");
      expect(reported(sim)).toBe(before);
    }
    refuses = false;
    sim.settle();
    expect(sim.getInstance(id).status).toBe("ACTIVE");
  });

  test("keeps a row that was given out as it was", () => {
    const sim = simulatorOn(storeOf(), {});
    const row = sim.createInstance({ name: "a", flavorId: 2, volumeGb: 10 });
    const text = JSON.stringify(row);
    sim.settle();
    sim.renameInstance(row.id, "b");
    expect(JSON.stringify(row)).toBe(text);
    expect(sim.getInstance(row.id).name).toBe("b");
  });

  test("keeps every version that it says it keeps", () => {
    assertDrafts(20, (options: SerializableOptions, draft: StepDrafts) => {
      const sim = simulatorOn(storeOf(), options);
      const past: { readonly topology: ReplicationSimulator["topology"]; readonly text: string }[] =
        [];
      runDrafts(sim, within(draft), {
        onStep: ({ next }) => {
          const { topology } = next;
          past.push({ topology, text: JSON.stringify(topology) });
        },
      });
      sim
        .account(neighbour)
        .createInstance({ flavorId: "9", volumeGb: 1, datastore: { version: "8.0" } });
      for (const { topology, text } of past) expect(JSON.stringify(topology)).toBe(text);
    });
  });

  test("gives patches that lead from each topology to the next, or refuses to be asked for them", () => {
    const store = storeOf();
    const sim = simulatorOn(store, {});
    let patched = topologyOf(sim);
    const listen = (): unknown =>
      sim.subscribe(
        ({ patches = [] }) => {
          patched = applyPatches(patched, [...patches]);
        },
        { patches: true },
      );
    if (!store.givesPatches) {
      expect(listen).toThrow(expect.objectContaining({ rule: "subscription" }));
      return;
    }
    enablePatches();
    listen();
    const source = sim.createInstance({ flavorId: 2, volumeGb: 10 });
    sim.settle();
    sim.createReplica({ flavorId: 2, volumeGb: 10, replicaOf: source.id });
    sim.settle();
    sim.deleteInstance(sim.listInstances().items.find(({ id }) => id !== source.id)?.id ?? "");
    sim.settle();
    expect(patched).toEqual(topologyOf(sim));
  });
});
