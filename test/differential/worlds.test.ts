import fc from "fast-check";
import { ReplicationSimulator } from "replication-simulator";
import { actorInterpreter } from "replication-simulator/lifecycle";
import { describe, expect, test } from "vitest";
import { rowsOf } from "../../src/collections/table.js";
import { topologyOf } from "../../src/simulator/clientKernel.js";
import { type StepDraft, type StepDrafts } from "../../src/testing/fast-check/stepDrafts.js";
import { draftReporter } from "../drafts/draftReporter.js";
import { type SerializableOptions } from "../drafts/draftsAsTest.js";
import { runDrafts } from "../drafts/runDrafts.js";
import { assertDrafts, draftsWithOutages as drafts, runs, worlds } from "../scenarioGenerators.js";

/*
 * Every way to have a world again gives the same world: run twice, replayed from its journal, restored from its
 * JSON, forked. The same also means that it goes on the same.
 */

const pairs = fc.constantFrom<"immutable" | "in-place">("immutable", "in-place");

/** A world after one draft, and another draft to continue with. */
function assertFutures(
  usualRuns: number,
  property: (sim: ReplicationSimulator, future: StepDrafts) => void,
): void {
  fc.assert(
    fc.property(worlds, drafts, drafts, pairs, (options, past, future, store) => {
      property(runDrafts(new ReplicationSimulator({ ...options, store }), past), future);
    }),
    {
      numRuns: runs(usualRuns),
      reporter: draftReporter<
        [SerializableOptions, StepDrafts, StepDrafts, "immutable" | "in-place"]
      >({
        simulator: ([options, , , store]) => ({ ...options, store }),
        draft: ([, past, future]) => [...past, { fork: {} }, ...future],
      }),
    },
  );
}

test("the same options and the same scenario give the same bytes, with or without subscribers", () => {
  assertDrafts(80, (options, draft) => {
    const [first, second] = [new ReplicationSimulator(options), new ReplicationSimulator(options)];
    second.subscribe(() => undefined, { patches: true });
    expect(bytes(runDrafts(first, draft))).toBe(bytes(runDrafts(second, draft)));
  });
});

describe("replay", () => {
  test("the journal alone gives the world again, and writes the same journal", () => {
    assertFutures(120, (sim) => {
      const journal = sim.journal();
      const again = ReplicationSimulator.replay(JSON.parse(JSON.stringify(journal)));
      expect(bytes(again)).toBe(bytes(sim));
    });
  });

  test("a replayed world goes on as the live one does", () => {
    assertFutures(60, (sim, future) => {
      const again = ReplicationSimulator.replay(sim.journal());
      expect(bytes(runDrafts(again, future))).toBe(bytes(runDrafts(sim, future)));
    });
  });
});

describe("snapshots", () => {
  test("JSON and back is the same world, which goes on the same", () => {
    assertFutures(100, (sim, future) => {
      const text = JSON.stringify(sim.snapshot());
      const restored = ReplicationSimulator.restore(JSON.parse(text));
      expect(JSON.stringify(restored.snapshot())).toBe(text);
      expect(JSON.stringify(restored.listPendingTasks())).toBe(
        JSON.stringify(sim.listPendingTasks()),
      );
      const [live, again] = [answersOf(sim, future), answersOf(restored, future)];
      expect(again).toEqual(live);
    });
  });

  test("a snapshot stays what it was, and may be restored many times", () => {
    assertFutures(60, (sim, future) => {
      const snapshot = sim.snapshot();
      const text = JSON.stringify(snapshot);
      runDrafts(sim, future);
      expect(JSON.stringify(snapshot)).toBe(text);
      const [one, two] = [1, 2].map(() => ReplicationSimulator.restore(snapshot));
      if (one === undefined || two === undefined) throw new Error("two worlds");
      runDrafts(one, future);
      expect(two.fingerprint()).not.toBe("");
      expect(JSON.stringify(two.snapshot())).toBe(text);
      expect(JSON.stringify(snapshot)).toBe(text);
    });
  });

  test("every state of a scenario can be read again from its JSON", () => {
    assertDrafts(60, (options, draft) => {
      // What happens within a settle is looked at as well, as far as a few steps go.
      const slowly = draft.flatMap((step) =>
        step === "settle" ? [...Array<StepDraft>(8).fill("step"), step] : [step],
      );
      runDrafts(new ReplicationSimulator(options), slowly, {
        onStep: ({ next }) => {
          const text = JSON.stringify(next.snapshot());
          const restored = ReplicationSimulator.restore(JSON.parse(text));
          expect(JSON.stringify(restored.snapshot())).toBe(text);
        },
      });
    });
  });

  test("restores on the way change nothing in a scenario", () => {
    assertDrafts(80, (options, draft) => {
      const straight = draft.filter((step) => step !== "restore");
      const [with_, without] = [draft, straight].map((steps) =>
        runDrafts(new ReplicationSimulator(options), steps).fingerprint(),
      );
      expect(with_).toBe(without);
    });
  });
});

describe("forks", () => {
  test("what a fork does never reaches its origin", () => {
    assertFutures(100, (sim, future) => {
      const before = bytes(sim);
      const fork = sim.fork();
      expect(bytes(fork)).toBe(before);
      runDrafts(fork, future);
      expect(bytes(sim)).toBe(before);
      // nor the other way round
      const after = bytes(fork);
      runDrafts(sim, future);
      expect(bytes(fork)).toBe(after);
    });
  });

  test("a fork goes on as its origin does, from the same past to the same future", () => {
    assertFutures(100, (sim, future) => {
      const fork = sim.fork();
      const [straight, forked] = [answersOf(sim, future), answersOf(fork, future)];
      expect(forked).toEqual(straight);
    });
  });

  test("forks of forks, run in turns, are worlds of their own", () => {
    assertFutures(60, (sim, future) => {
      const child = sim.fork();
      const grandchild = child.fork();
      const straight = bytes(runDrafts(sim.fork(), future));
      // one step each in turns, so that whatever they share would show
      let worlds = [sim, child, grandchild];
      for (const step of future) worlds = worlds.map((world) => runDrafts(world, [step]));
      for (const world of worlds) expect(bytes(world)).toBe(straight);
    });
  });

  test("another seed keeps what is decided, leaves the origin alone, and replays", () => {
    assertFutures(40, (sim, future) => {
      const before = bytes(sim);
      const other = sim.fork({ seed: "another", latency: "fast" });
      const decided = (sim: ReplicationSimulator) =>
        [...rowsOf(topologyOf(sim).instances)].map(({ id, status, sourceId, name }) => [
          id,
          status,
          sourceId,
          name,
        ]);
      expect(decided(other)).toEqual(decided(sim));
      runDrafts(other, future);
      expect(bytes(sim)).toBe(before);
      expect(ReplicationSimulator.replay(other.journal()).fingerprint()).toBe(other.fingerprint());
    });
  });
});

test("tables and real actors step the same lifecycles, to the byte", () => {
  const live = { interpreter: actorInterpreter() };
  assertDrafts(25, (options, draft) => {
    const table = runDrafts(new ReplicationSimulator(options), draft);
    const actors = runDrafts(new ReplicationSimulator({ ...options, ...live }), draft, { live });
    expect(bytes(actors)).toBe(bytes(table));
  });
});

/** Everything that can be seen of a world, as text. */
function bytes(sim: ReplicationSimulator): string {
  return JSON.stringify([sim.snapshot(), sim.listPendingTasks(), sim.journal()]);
}

/** What a world answers to each step of a draft, and the world at the end. */
function answersOf(sim: ReplicationSimulator, draft: StepDrafts): readonly string[] {
  const answers: string[] = [];
  const end = runDrafts(sim, draft, {
    onStep: ({ result, command }) => {
      if (!result.ok) answers.push(JSON.stringify(result.error));
      else if (command !== undefined) answers.push(JSON.stringify(result.value) ?? "nothing");
    },
  });
  return [...answers, JSON.stringify([end.snapshot(), end.listPendingTasks()])];
}
