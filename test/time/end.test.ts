import { InvalidInputError, ReplicationSimulator } from "replication-simulator";
import { expect, test } from "vitest";

const lastMoment = Date.UTC(9999, 11, 31, 23, 59, 59, 999);

test("virtual time ends with the year 9999, which is the last that a timestamp can say", () => {
  const sim = new ReplicationSimulator({ startAt: lastMoment - 10_000 });
  const { id } = sim.createInstance({ flavorId: 2, volumeGb: 1 });
  expect(() => {
    sim.advance(10_001);
  }).toThrow(InvalidInputError);
  expect(sim.now).toBe(lastMoment - 10_000);
  sim.advance(10_000);
  expect(sim.now).toBe(lastMoment);
  sim.settle(); // what is due later never comes, and nobody waits for it
  expect([sim.getInstance(id).status, sim.now, sim.step()]).toEqual([
    "BUILD",
    lastMoment,
    undefined,
  ]);
});
