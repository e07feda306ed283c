import { applyPatches, enablePatches } from "immer";
import { ReplicationSimulator } from "replication-simulator";
import { createReplicationSet } from "replication-simulator/testing";
import { expect, test } from "vitest";
import { topologyFromJson, topologyToJson } from "../../src/kernel/snapshot.js";
import { emptyTopology, type Mutable, type Topology } from "../../src/model/topology.js";
import { evolve } from "../../src/service/evolve.js";
import { topologyOf } from "../../src/simulator/clientKernel.js";
import { type StepDrafts } from "../../src/testing/fast-check/stepDrafts.js";
import { runDrafts } from "../drafts/runDrafts.js";
import { assertDrafts, neighbour } from "../scenarioGenerators.js";

/* One evolve, two substrates: the same rows, the same lines, the same answers. And facts alone rebuild it all. */

test("the immutable and the in-place store behave the same to the byte", () => {
  assertDrafts(150, (options, draft) => {
    const [immutable, inPlace] = (["immutable", "in-place"] as const).map((store) => {
      const answers: string[] = [];
      const sim = runDrafts(new ReplicationSimulator({ ...options, store }), draft, {
        onStep: ({ result, command, next }) => {
          // A row that an in-place store gives out lives on: it is compared as it is now.
          answers.push(
            result.ok
              ? JSON.stringify(command === undefined ? next.now : result.value)
              : JSON.stringify(result.error),
          );
        },
      });
      return { sim, answers };
    });
    if (immutable === undefined || inPlace === undefined) throw new Error("two stores");
    expect(inPlace.answers).toEqual(immutable.answers);
    expect(rows(topologyOf(inPlace.sim))).toBe(rows(topologyOf(immutable.sim)));
    expect(lines(inPlace.sim)).toBe(lines(immutable.sim));
    expect(JSON.stringify(inPlace.sim.listPendingTasks())).toBe(
      JSON.stringify(immutable.sim.listPendingTasks()),
    );
  });
});

test("facts alone, folded over where the journal begins, are the live topology", () => {
  assertDrafts(150, (options, draft) => {
    const sim = runDrafts(new ReplicationSimulator(options), draft);
    const { origin, lines } = JSON.parse(JSON.stringify(sim.journal())) as ReturnType<
      typeof sim.journal
    >;
    const folded = origin === null ? emptyTopology() : topologyFromJson(origin.topology as never);
    for (const { facts, at } of lines) {
      for (const fact of facts) evolve(folded as Mutable<Topology>, fact, at);
    }
    expect(rows(folded)).toBe(rows(topologyOf(sim)));
    // Without a restore on the way even the indexes have grown the same way.
    if (origin === null && !leavesWorld(draft)) expect(folded).toEqual(topologyOf(sim));
  });
});

test("patches lead from each topology to the next", () => {
  enablePatches();
  assertDrafts(80, (options, draft) => {
    const sim = new ReplicationSimulator(options);
    let patched: Topology = topologyOf(sim);
    sim.subscribe(
      ({ patches = [] }) => {
        patched = applyPatches(patched, [...patches]);
      },
      { patches: true },
    );
    runDrafts(
      sim,
      draft.filter((step) => !leavesWorld([step])),
    );
    expect(patched).toEqual(topologyOf(sim));
  });
});

test("patches show logs and links in the transaction in which they change, too", () => {
  enablePatches();
  const sim = new ReplicationSimulator();
  const { source, replicas } = createReplicationSet(sim);
  let patched: Topology = topologyOf(sim);
  let moments = 0;
  sim.subscribe(
    ({ patches = [] }) => {
      patched = applyPatches(patched, [...patches]);
      moments += 1;
      expect(patched).toEqual(topologyOf(sim));
    },
    { patches: true },
  );
  sim.setWorkload(source.id, { transactionsPerSecond: 100 });
  sim.inject({ kind: "crash", instanceId: source.id, durationMs: 60_000 });
  sim.detachReplica(replicas[0]?.id ?? "");
  sim.settle();
  expect(moments).toBeGreaterThan(3);
  expect(sim.getInstance(replicas[0]?.id ?? "").log).not.toBeNull();
});

test("every past topology stays what it was", () => {
  assertDrafts(60, (options, draft) => {
    const past: { readonly topology: Topology; readonly text: string }[] = [];
    const sim = runDrafts(new ReplicationSimulator(options), draft, {
      onStep: ({ next }) => {
        const topology = topologyOf(next);
        past.push({ topology, text: JSON.stringify(topology) });
      },
    });
    sim.settle();
    sim
      .account(neighbour)
      .createInstance({ flavorId: "9", volumeGb: 1, datastore: { version: "8.0" } });
    for (const { topology, text } of past) expect(JSON.stringify(topology)).toBe(text);
  });
});

function rows(topology: Topology): string {
  return JSON.stringify(topologyToJson(topology));
}

function lines(sim: ReplicationSimulator): string {
  return JSON.stringify(sim.journal().lines);
}

function leavesWorld(draft: StepDrafts): boolean {
  return draft.some((step) => step === "restore" || (typeof step === "object" && "fork" in step));
}
