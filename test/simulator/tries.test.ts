import { expect, test } from "vitest";
import { InvariantViolationError } from "../../src/model/errors.js";
import { openChoices, tryOpen } from "../../src/simulator/stateSpace.js";
import { ReplicationSimulator, simulatorOf } from "../../src/simulator.js";

const day = 86_400_000;

function failing(store: "immutable" | "in-place"): ReplicationSimulator {
  const sim = new ReplicationSimulator({ seed: 5, journal: false, store });
  const source = sim.createInstance({ flavorId: 2, volumeGb: 10 });
  sim.settle();
  sim.createReplica({ replicaOf: source.id, flavorId: 2, volumeGb: 10 });
  sim.settle();
  sim.injectRandomAmong({
    fault: "crash",
    target: "all",
    timeBetweenFailures: { kind: "exponential", meanMs: day },
    timeToRepair: { kind: "exponential", meanMs: day / 24 },
  });
  sim.restartInstance(source.id);
  sim.createInstance({ flavorId: 2, volumeGb: 10 });
  return sim;
}

test("a try changes nothing, and gives the world of a fork in which the choice was fired", () => {
  const sim = failing("immutable");
  const before = sim.fingerprint();
  const rows = sim.topology;
  const tried = openChoices(sim).map((open) => ({ open, result: tryOpen(sim, open) }));
  expect(tried.length).toBeGreaterThan(2);
  expect(sim.fingerprint()).toBe(before);
  expect(sim.topology).toBe(rows);
  for (const { open, result } of tried) {
    const fork = sim.fork();
    fork.stateSpace.fire(open.choice);
    const opened = simulatorOf(result.world());
    expect(opened.fingerprint()).toBe(fork.fingerprint());
    expect(opened.fingerprint()).not.toBe(before);
    expect(opened.stateSpace.shape()).toBe(fork.stateSpace.shape());
    expect(opened.stateSpace.choices()).toEqual(fork.stateSpace.choices());
    expect(result.entry.facts.length).toBeGreaterThan(0);
    for (const world of [fork, opened]) world.advance(3 * day);
    expect(opened.fingerprint()).toBe(fork.fingerprint());
  }
  expect(sim.fingerprint()).toBe(before);
});

test("the store that changes rows in place has no tries", () => {
  const sim = failing("in-place");
  const [open] = openChoices(sim);
  expect(open).toBeDefined();
  if (open !== undefined) expect(() => tryOpen(sim, open)).toThrow(InvariantViolationError);
});
