import fc from "fast-check";
import { ReplicationSimulator } from "replication-simulator";
import { tableInterpreter } from "replication-simulator/lifecycle";
import { expect, test, vi } from "vitest";
import type { Interpreter } from "../../src/lifecycle/interpreter.js";
import { draftArbitrary } from "../../src/testing/fast-check/draftArbitrary.js";
import { type StepDraft, type StepDrafts } from "../../src/testing/fast-check/stepDrafts.js";
import { type SerializableOptions } from "../drafts/draftsAsTest.js";
import { runDrafts } from "../drafts/runDrafts.js";
import { neighbour, patience, runs, worlds } from "../scenarioGenerators.js";

/*
 * A transaction is published whole or not at all. Every function that runs while one is open is made to throw at its
 * k-th call, for every k: the functions that a caller brings along (ids, lifecycle steps), the store, and each reaction
 * before and after it has added facts. Whatever a caller can observe stays what it was, and the world that a snapshot
 * restores goes on as the live one does.
 */

/** Counts the calls of all functions that it stands in, and throws at one of them. */
const tripwire = vi.hoisted(() => ({
  calls: 0,
  throwsAt: 0,
  tripped: new Map<string, number>(),
  pass(name: string): void {
    this.calls += 1;
    if (this.calls !== this.throwsAt) return;
    this.tripped.set(name, (this.tripped.get(name) ?? 0) + 1);
    throw new Error(`tripped: ${name}`);
  },
}));

/** A module whose functions of these names pass the tripwire before and after they have done their work. */
const wired = vi.hoisted(
  () =>
    (...names: readonly string[]) =>
    async (importOriginal: () => Promise<object>): Promise<object> => {
      const original = (await importOriginal()) as Record<string, (...args: unknown[]) => unknown>;
      const wrapped = names.map((name) => [
        name,
        (...args: unknown[]) => {
          tripwire.pass(`before ${name}`);
          const result = original[name]?.(...args);
          tripwire.pass(`after ${name}`);
          return result;
        },
      ]);
      return { ...original, ...Object.fromEntries(wrapped) };
    },
);

vi.mock("../../src/service/faults/supersededFaults.js", wired("supersedeFaults"));
vi.mock("../../src/service/replication/replicaReactions.js", wired("replicasFollowSource"));
vi.mock("../../src/service/failover/superviseGroups.js", wired("superviseGroups"));
vi.mock("../../src/service/replication/deriveDataFacts.js", wired("deriveDataFacts"));
vi.mock("../../src/kernel/store.js", async (importOriginal) => {
  const original = await importOriginal<typeof import("../../src/kernel/store.js")>();
  return {
    ...original,
    storeNamed: (name: "immutable" | "in-place") => {
      const store = original.storeNamed(name);
      return {
        ...store,
        // A store that refuses has changed nothing: that is what it promises.
        publish: (...given: Parameters<typeof store.publish>) => {
          tripwire.pass("store");
          return store.publish(...given);
        },
      };
    },
  };
});

const lifecycle = tableInterpreter();
const live = {
  createId: (kind: string, ordinal: number): string => {
    tripwire.pass("createId");
    return `${kind}-${String(ordinal)}`;
  },
  interpreter: {
    nextInstanceState: (...given) => {
      tripwire.pass("nextInstanceState");
      return lifecycle.nextInstanceState(...given);
    },
    nextGroupState: (...given) => {
      tripwire.pass("nextGroupState");
      return lifecycle.nextGroupState(...given);
    },
    nextBackupState: (...given) => {
      tripwire.pass("nextBackupState");
      return lifecycle.nextBackupState(...given);
    },
  } satisfies Interpreter,
};

const drafts = draftArbitrary({ accounts: [neighbour], lengthMax: 25 });
const expected = [
  ...["supersedeFaults", "replicasFollowSource", "superviseGroups", "deriveDataFacts"].flatMap(
    (name) => [`before ${name}`, `after ${name}`],
  ),
  ...["store", "createId", "nextInstanceState", "nextGroupState", "nextBackupState"],
];

/** Most transactions of one move of time that are tripped; the others pass. */
const maxSteps = 6;

/** What can be observed of a world. */
function observed(sim: ReplicationSimulator): string {
  return JSON.stringify([
    sim.fingerprint(),
    sim.snapshot(),
    sim.listPendingTasks(),
    sim.nextDueAt ?? null,
    sim.journal(),
    sim.listInstances(),
    sim.listGroups(),
  ]);
}

/** Does something again and again, each time tripped one call later, until it gets through. */
function tripEverywhere(sim: ReplicationSimulator, action: () => void): number {
  const before = observed(sim);
  for (let k = 1; ; k++) {
    tripwire.calls = 0;
    tripwire.throwsAt = k;
    try {
      action();
      return k - 1;
    } catch (error) {
      if (!(error as Error).message.startsWith("tripped: ")) throw error;
    } finally {
      tripwire.throwsAt = 0;
    }
    expect(observed(sim)).toBe(before);
  }
}

function perform(sim: ReplicationSimulator, step: StepDraft): void {
  if (step === "settle" || (typeof step === "object" && "advance" in step)) {
    const until = typeof step === "object" && "advance" in step ? sim.now + step.advance : Infinity;
    for (let step = 0; step < maxSteps && (sim.nextDueAt ?? Infinity) <= until; step++) {
      tripEverywhere(sim, () => sim.step());
    }
    runDrafts(sim, [step], { live });
    return;
  }
  tripEverywhere(sim, () => runDrafts(sim, [step], { live }));
}

test.each(["immutable", "in-place"] as const)(
  "a throw at any call of any function in a transaction changes nothing, %s store",
  (store) => {
    tripwire.tripped.clear();
    fc.assert(
      fc.property(worlds, drafts, (options: SerializableOptions, draft: StepDrafts) => {
        const sim = new ReplicationSimulator({ ...options, store, ...live });
        for (const step of draft) perform(sim, step);
        const restored = ReplicationSimulator.restore(
          JSON.parse(JSON.stringify(sim.snapshot())),
          live,
        );
        expect(restored.listPendingTasks()).toEqual(sim.listPendingTasks());
        for (const world of [sim, restored]) world.advance(86_400_000);
        expect(restored.fingerprint()).toBe(sim.fingerprint());
      }),
      { numRuns: runs(25) },
    );
    // The reach of it: nothing is proved of a function that never threw.
    expect([...tripwire.tripped.keys()].sort()).toEqual([...expected].sort());
  },
  patience(180_000),
);

test.each(["immutable", "in-place"] as const)(
  "what a listener throws undoes nothing: the transaction that it was notified of is whole, %s store",
  (store) => {
    let reported = 0;
    fc.assert(
      fc.property(worlds, drafts, (options: SerializableOptions, draft: StepDrafts) => {
        const sim = new ReplicationSimulator({ ...options, store, ...live });
        const calm = new ReplicationSimulator({ ...options, store, ...live });
        sim.subscribe(() => {
          reported += 1;
          throw new Error("tripped: listener");
        });
        for (const step of draft) {
          if (typeof step === "string" || "advance" in step) {
            const steps = calm.journal().lines.length;
            for (let step = 0; step < maxSteps; step++) calm.step();
            for (let at = steps; at < calm.journal().lines.length; at++) {
              expect(() => sim.step()).toThrow("tripped: listener");
            }
          } else {
            runDrafts(calm, [step]);
            try {
              runDrafts(sim, [step]);
            } catch (error) {
              expect((error as Error).message).toBe("tripped: listener");
            }
          }
          expect(observed(sim)).toBe(observed(calm));
        }
      }),
      { numRuns: runs(25) },
    );
    expect(reported).toBeGreaterThan(200);
  },
  patience(180_000),
);

test("a function that the simulator calls cannot change the world in the middle of a transaction", () => {
  const tries: ((sim: ReplicationSimulator) => unknown)[] = [
    (sim) => sim.createInstance({ flavorId: 2, volumeGb: 10 }),
    (sim) => sim.renameInstance("instance-0", "other"),
    (sim) => sim.advance(1),
    (sim) => sim.step(),
    (sim) => sim.settle(),
    (sim) => {
      sim.history.loadSnapshot(sim.snapshot());
    },
  ];
  for (const attempt of tries) {
    let isInside = false;
    const sim: ReplicationSimulator = new ReplicationSimulator({
      createId: (kind, ordinal) => {
        if (!isInside && ordinal === 1) {
          isInside = true;
          attempt(sim);
        }
        return `${kind}-${String(ordinal)}`;
      },
    });
    sim.createInstance({ flavorId: 2, volumeGb: 10 });
    const before = observed(sim);
    expect(() => sim.createInstance({ flavorId: 2, volumeGb: 10 })).toThrow(
      expect.objectContaining({ rule: "one-transaction" }),
    );
    expect(observed(sim)).toBe(before);
    expect(sim.createInstance({ flavorId: 2, volumeGb: 10 }).id).toBe("instance-1");
  }
});

test("a step of time that threw is taken when it is asked for again", () => {
  let repeats = true;
  const sim = new ReplicationSimulator({
    createId: (kind, ordinal) =>
      kind === "instance" && ordinal === 2 && repeats ? "instance-0" : `${kind}-${String(ordinal)}`,
  });
  const source = sim.createInstance({ name: "a", flavorId: 2, volumeGb: 10 });
  sim.settle();
  sim.createReplica({ name: "r", flavorId: 2, volumeGb: 10, replicaOf: source.id });
  sim.settle();
  const group = sim.convertToHa(source.id, { name: "g" });
  sim.settle();
  sim.inject({ kind: "crash", instanceId: source.id });
  expect(() => sim.settle()).toThrow(expect.objectContaining({ rule: "fresh-id" }));
  const stuck = observed(sim);
  expect(() => sim.settle()).toThrow(expect.objectContaining({ rule: "fresh-id" }));
  expect(observed(sim)).toBe(stuck);
  repeats = false;
  sim.settle();
  expect(sim.getGroup(group.id).status).toBe("ACTIVE");
  expect(sim.getGroup(group.id).replicaIds).toEqual(["instance-2"]);
});
