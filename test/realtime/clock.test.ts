import { ReplicationSimulator } from "replication-simulator";
import { ManualClock, RealtimeDriver, systemClock } from "replication-simulator/realtime";
import { describe, expect, test } from "vitest";

describe("ManualClock", () => {
  test("calls timers in the order of their moments, and at them", () => {
    const clock = new ManualClock();
    const calls: [string, number][] = [];
    const call = (name: string) => () => {
      calls.push([name, clock.now()]);
    };
    clock.setTimer(call("late"), 20);
    clock.setTimer(call("early"), 10);
    clock.setTimer(call("early too"), 10);
    clock.setTimer(call("never"), 31);
    clock.advance(30);
    expect(calls).toEqual([
      ["early", 10],
      ["early too", 10],
      ["late", 20],
    ]);
    expect(clock.now()).toBe(30);
    expect(clock.timerCount).toBe(1);
  });

  test("calls timers that timers set, and forgets those that are cleared", () => {
    const clock = new ManualClock();
    const calls: number[] = [];
    const again = (): void => {
      calls.push(clock.now());
      if (calls.length < 3) clock.setTimer(again, 5);
    };
    clock.setTimer(again, 5);
    clock.clearTimer(clock.setTimer(again, 1));
    clock.advance(100);
    expect(calls).toEqual([5, 10, 15]);
    expect(clock.nextTimerMs).toBeUndefined();
  });

  test("a pause makes timers late, and calls none", () => {
    const clock = new ManualClock();
    let calls = 0;
    clock.setTimer(() => (calls += 1), 10);
    clock.stall(25);
    expect({ calls, late: clock.nextTimerMs }).toEqual({ calls: 0, late: -15 });
    expect(clock.runNext()).toBe(true);
    expect(clock.runNext()).toBe(false);
    expect({ calls, now: clock.now() }).toEqual({ calls: 1, now: 25 });
  });
});

describe("the clock of the host", () => {
  test("goes forward, calls timers, and does not call those that are cleared", async () => {
    const clock = systemClock();
    const before = clock.now();
    const calls: string[] = [];
    clock.clearTimer(clock.setTimer(() => calls.push("cleared"), 0));
    await new Promise<void>((resolve) => {
      clock.setTimer(() => {
        calls.push("called");
        resolve();
      }, 1);
    });
    expect(calls).toEqual(["called"]);
    expect(clock.now()).toBeGreaterThanOrEqual(before);
  });

  test("drives a simulator when no other clock is given", async () => {
    const driver = new RealtimeDriver(new ReplicationSimulator(), { speed: 1_000_000 });
    driver.start();
    const { id } = driver.sim.createInstance({ flavorId: 2, volumeGb: 1 });
    const ready = await driver.waitFor(id, "ACTIVE");
    driver.stop();
    expect(ready).toMatchObject({ status: "ACTIVE" });
  });
});
