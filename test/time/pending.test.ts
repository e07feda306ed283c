import { describe, expect, test } from "vitest";
import { empty, lone, small } from "../rules/fixtures.js";

/*
 * What is to come, and in which order what is due at one moment happens: as it was begun.
 */

const minuteMs = 60_000;

describe("what is pending", () => {
  test("is listed by the time at which it is due, then as it was begun", () => {
    const sim = empty({ startAt: 0, latency: { build: 10_000, reboot: 10_000, detach: 1 } });
    sim.createInstance(small);
    sim.settle();
    sim.createSchedule({ ownerId: "instance-0", hour: 0, minute: 1 });
    sim.createInstance(small);
    sim.inject({ kind: "outage" }, { afterMs: 70_000 });
    sim.restartInstance("instance-0");
    sim.createInstance(small);
    sim.inject({ kind: "slowTasks", factor: 2 }, { afterMs: 1 });
    expect(sim.listPendingTasks().map(({ id, dueAt }) => `${String(dueAt)} ${id}`)).toEqual([
      "10001 fault-1",
      "20000 instance-1",
      "20000 instance-0",
      "20000 instance-2",
      "60000 schedule-0",
      "80000 fault-0",
    ]);
  });

  test("is nothing, when nothing is begun or all is over", () => {
    const sim = empty();
    expect(sim.listPendingTasks()).toEqual([]);
    sim.createInstance(small);
    sim.settle();
    expect(sim.listPendingTasks()).toEqual([]);
  });
});

describe("what is due at one moment", () => {
  test.each([true, false])("happens as it was begun: the schedule first, %s", (scheduleFirst) => {
    const sim = lone({ startAt: 0, latency: { build: 0, reboot: 9 * minuteMs } });
    sim.createInstance(small);
    sim.settle();
    sim.advanceTo(minuteMs);
    const actions = [
      () => sim.createSchedule({ ownerId: "instance-0", hour: 0, minute: 10 }),
      () => sim.restartInstance("instance-1"),
    ];
    for (const action of scheduleFirst ? actions : actions.toReversed()) action();
    const from = sim.history.entries().length;
    sim.advanceTo(10 * minuteMs);
    const kinds = sim.history.entries(from).map(({ trigger }) => trigger.kind);
    expect(kinds).toEqual(scheduleFirst ? ["tick", "task"] : ["task", "tick"]);
  });
});
