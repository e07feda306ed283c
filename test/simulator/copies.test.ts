import * as here from "replication-simulator";
import { expect, test, vi } from "vitest";

/* S24: a process that imports the package and requires it has two copies of it. */

vi.resetModules();
const there = await import("replication-simulator");

function refusal(copy: typeof here, action: (sim: here.ReplicationSimulator) => unknown): unknown {
  try {
    action(new copy.ReplicationSimulator());
  } catch (error) {
    return error;
  }
  return undefined;
}

test("there are two copies", () => {
  expect(there.ReplicationSimulator).not.toBe(here.ReplicationSimulator);
});

test("an error of one copy is an instance of its classes in the other, and of no other class", () => {
  for (const [mine, other] of [
    [here, there],
    [there, here],
  ] as const) {
    const missing = refusal(other, (sim) => sim.getInstance("unknown"));
    expect(missing).toBeInstanceOf(mine.NotFoundError);
    expect(missing).toBeInstanceOf(mine.ReplicationError);
    expect(missing).not.toBeInstanceOf(mine.InvalidInputError);
    const malformed = refusal(other, (sim) => sim.advance(-1));
    expect(malformed).toBeInstanceOf(mine.InvalidInputError);
    const role = refusal(other, (sim) =>
      sim.account("1", { role: "observer" }).deleteInstance("x"),
    );
    expect(role).toBeInstanceOf(mine.PermissionDeniedError);
    expect(role).toBeInstanceOf(mine.RuleViolationError);
  }
});

test("what is none is none: plain objects, other errors, and subclasses of a caller", () => {
  class Mine extends here.NotFoundError {}
  const missing = refusal(there, (sim) => sim.getInstance("unknown"));
  expect(missing).not.toBeInstanceOf(Mine);
  const own = new Mine({ code: "itemNotFound", rule: "x", message: "no" });
  expect(own).toBeInstanceOf(Mine);
  expect(own).toBeInstanceOf(there.NotFoundError);
  for (const value of [null, undefined, 1, {}, new Error("x"), new RangeError("x")]) {
    expect(value instanceof here.ReplicationError).toBe(false);
  }
});

test("a snapshot and a journal of one copy are read by the other", () => {
  const sim = new there.ReplicationSimulator({ seed: 3 });
  sim.createInstance({ flavorId: 2, volumeGb: 1 });
  const restored = here.ReplicationSimulator.restore(sim.snapshot() as never);
  expect(restored.fingerprint()).toBe(sim.fingerprint());
  const replayed = here.ReplicationSimulator.replay(sim.journal() as never);
  expect(replayed.fingerprint()).toBe(sim.fingerprint());
});
