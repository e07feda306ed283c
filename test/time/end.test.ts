import { InvalidInputError, ReplicationSimulator } from "replication-simulator";
import { perform } from "replication-simulator/wire";
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

test("a schedule whose next hour would come after the end runs no more", () => {
  const sim = new ReplicationSimulator({ startAt: lastMoment - 60_000 });
  const { id: ownerId } = sim.createInstance({ flavorId: 2, volumeGb: 1 });
  sim.settle();
  const { id } = sim.createSchedule({ ownerId, dayOfWeek: 7, hour: 3, minute: 0 });
  const answer = perform(sim, { method: "GET", path: `/schedules/${id}` });
  expect(answer.body).toMatchObject({ schedule: { id, next_run: null, last_scheduled: null } });
  sim.advanceTo(lastMoment);
  expect(sim.listBackups().items).toEqual([]);
});
