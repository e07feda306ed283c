import { mock } from "node:test";
import { ReplicationSimulator } from "replication-simulator";
import { RealtimeDriver } from "replication-simulator/realtime";
import { afterEach, describe, expect, test, vi } from "vitest";

/** Fake timers that leave `performance` alone, as several runners make them. */
const runners: Readonly<Record<string, { start(): void; tick(ms: number): void }>> = {
  // https://github.com/nodejs/node/pull/47775
  "node:test, timers and Date": {
    start: () => {
      mock.timers.enable({ apis: ["setTimeout", "Date"] });
    },
    tick: (ms) => {
      mock.timers.tick(ms);
    },
  },
  "node:test, timers alone": {
    start: () => {
      mock.timers.enable({ apis: ["setTimeout"] });
    },
    tick: (ms) => {
      mock.timers.tick(ms);
    },
  },
  // https://github.com/vitest-dev/vitest/issues/9352 and https://github.com/vitest-dev/vitest/issues/4004
  "Vitest, timers and Date": {
    start: () => {
      vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "Date"] });
    },
    tick: (ms) => {
      vi.advanceTimersByTime(ms);
    },
  },
  "Vitest, timers alone, as the legacy timers of Jest": {
    start: () => {
      vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
    },
    tick: (ms) => {
      vi.advanceTimersByTime(ms);
    },
  },
  "Vitest, everything": {
    start: () => {
      vi.useFakeTimers();
    },
    tick: (ms) => {
      vi.advanceTimersByTime(ms);
    },
  },
};

afterEach(() => {
  mock.timers.reset();
  vi.useRealTimers();
});

describe.each(Object.entries(runners))(
  "C43 https://github.com/nodejs/node/pull/47775: under the fake timers of %s",
  (_, { start, tick }) => {
    test("virtual time moves as the faked timers do", () => {
      start();
      const driver = new RealtimeDriver(new ReplicationSimulator());
      driver.start();
      const { id } = driver.sim.createInstance({ flavorId: 2, volumeGb: 10 });
      const statuses: string[] = [];
      const poll = (): void => {
        statuses.push(driver.sim.getInstance(id).status);
        if (statuses.at(-1) !== "ACTIVE") setTimeout(poll, 5000);
      };
      poll();
      for (let second = 0; second < 60; second++) tick(1000);
      driver.stop();
      expect(statuses.at(-1)).toBe("ACTIVE");
      expect(statuses.length).toBeGreaterThan(7);
      expect(driver.sim.getInstance(id).updatedAt - driver.sim.getInstance(id).createdAt).toBe(
        35_000,
      );
    });
  },
);

test("a command in between takes effect at the faked moment, where Date is faked", () => {
  mock.timers.enable({ apis: ["setTimeout", "Date"] });
  const driver = new RealtimeDriver(new ReplicationSimulator());
  driver.start();
  const startedAt = driver.sim.now;
  mock.timers.tick(10_000);
  expect(driver.sim.now - startedAt).toBe(10_000);
  driver.stop();
});

test("fake timers that begin and end under a running driver make no jump", () => {
  const driver = new RealtimeDriver(new ReplicationSimulator());
  driver.start();
  const startedAt = driver.sim.now;
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "Date"], now: 0 });
  expect(driver.sim.now - startedAt).toBeLessThan(60_000);
  vi.advanceTimersByTime(3_600_000);
  expect(driver.sim.now - startedAt).toBeGreaterThanOrEqual(3_600_000);
  vi.useRealTimers();
  expect(driver.sim.now - startedAt).toBeLessThan(3_660_000);
  driver.stop();
});
