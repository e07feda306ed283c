import {
  InvalidInputError,
  NotFoundError,
  ReplicationSimulator,
  RuleViolationError,
  TimeLimitError,
} from "replication-simulator";
import { ManualClock, RealtimeDriver, type RealtimeOptions } from "replication-simulator/realtime";
import { describe, expect, test } from "vitest";

const startAt = 1_000_000;
const mistake = new Error("a subscriber's own mistake");
const size = { flavorId: 2, volumeGb: 1 };

describe("virtual time follows real time", () => {
  test("work ends when its moment comes, at speed 1", () => {
    const { driver, clock } = started();
    const { id } = driver.sim.createInstance(size);
    clock.advance(34_999);
    expect(driver.sim.getInstance(id).status).toBe("BUILD");
    clock.advance(1);
    expect(driver.sim.getInstance(id).status).toBe("ACTIVE");
  });

  test.each([
    [60, 35_000 / 60],
    [0.5, 70_000],
    [0.1, 350_000],
    [1_000_000, 0.035],
    [3, 35_000 / 3],
  ])("at speed %d a build of 35 s takes %d ms", (speed, ms) => {
    const { driver, clock } = started({ speed });
    const { id } = driver.sim.createInstance(size);
    clock.advance(Math.floor(ms) - 1);
    expect(driver.sim.getInstance(id).status).toBe("BUILD");
    clock.advance(3);
    expect(driver.sim.getInstance(id).status).toBe("ACTIVE");
    expect(driver.sim.getInstance(id).updatedAt).toBe(startAt + 35_000);
  });

  test("work ends at its own moment even when the timer is late", () => {
    const { driver, sim, clock } = started();
    sim.createInstance(size);
    clock.stall(500_000);
    clock.advance(0);
    expect(sim.journal().lines.map(({ at }) => at)).toEqual([startAt, startAt + 35_000]);
    expect(driver.sim.now).toBe(startAt + 500_000);
  });

  test("a command takes effect at the present, not at the moment of the last change", () => {
    const { driver, clock } = started();
    clock.advance(12_345);
    const { id, createdAt } = driver.sim.createInstance(size);
    expect(createdAt).toBe(startAt + 12_345);
    clock.advance(35_000);
    expect(driver.sim.getInstance(id).status).toBe("ACTIVE");
  });

  test("a question sees what has come due while the host was busy", () => {
    const { driver, clock } = started();
    const { id } = driver.sim.createInstance(size);
    clock.stall(40_000);
    expect(driver.sim.getInstance(id).status).toBe("ACTIVE");
    expect(driver.sim.account(driver.sim.accountId).getInstance(id).status).toBe("ACTIVE");
  });

  test("account clients, the form that does not throw, and properties are at the present as well", () => {
    const { driver, clock } = started();
    const client = driver.sim.account("99");
    const attempts = driver.sim.try;
    clock.stall(5_000);
    expect(client.createInstance(size).createdAt).toBe(startAt + 5_000);
    clock.stall(5_000);
    const made = attempts.createInstance(size);
    expect(made.ok && made.value.createdAt).toBe(startAt + 10_000);
    clock.stall(5_000);
    expect(client.try.createInstance(size)).toMatchObject({
      value: { createdAt: startAt + 15_000 },
    });
    clock.stall(5_000);
    expect(driver.sim.now).toBe(startAt + 20_000);
    expect(driver.sim).toBeInstanceOf(ReplicationSimulator);
    expect(driver.sim.constructor).toBe(ReplicationSimulator);
  });

  test("a fork is another world, which time does not move", () => {
    const { driver, clock } = started();
    const fork = driver.sim.fork();
    clock.advance(10_000);
    expect(fork.now).toBe(startAt);
  });

  test("sync gives the present", () => {
    const { driver, sim, clock } = started({ speed: 2 });
    clock.advance(1_000);
    expect(sim.now).toBe(startAt);
    expect(driver.sync()).toBe(startAt + 2_000);
    expect(sim.now).toBe(startAt + 2_000);
  });
});

describe("timers", () => {
  test("none is set while nothing is due, one while something is", () => {
    const { driver, clock } = started();
    expect(clock.nextTimerMs).toBeUndefined();
    driver.sim.createInstance(size);
    expect(clock.nextTimerMs).toBe(35_000);
    clock.advance(35_000);
    expect(clock.nextTimerMs).toBeUndefined();
  });

  test("the one timer is for what is due first, also when that was asked for later", () => {
    const { driver, clock } = started();
    const { id } = driver.sim.createInstance(size);
    clock.advance(35_000);
    driver.sim.createInstance(size);
    driver.sim.restartInstance(id);
    expect(clock.nextTimerMs).toBe(5_000);
    clock.advance(5_000);
    expect(clock.nextTimerMs).toBe(30_000);
    expect(clock.timerCount).toBe(1);
  });

  test("twenty commands do not set twenty timers", () => {
    const { driver, clock } = started();
    for (let count = 0; count < 20; count++) driver.sim.createInstance(size);
    expect(clock.requested).toBe(1);
  });

  test("what is given to the simulator itself starts a timer as well", () => {
    const { sim, clock } = started();
    const { id } = sim.createInstance(size);
    clock.advance(35_000);
    expect(sim.getInstance(id).status).toBe("ACTIVE");
  });

  test("a division that comes out a hair too small costs one more timer, not a hundred", () => {
    const speeds = Array.from({ length: 1000 }, (_, at) => at + 1);
    const rounded = speeds.filter((speed) => (35_000 / speed) * speed < 35_000);
    expect(rounded).not.toEqual([]);
    for (const speed of rounded) {
      const { driver, sim, clock } = started({ speed });
      const { id } = sim.createInstance(size);
      clock.stall(35_000 / speed);
      driver.sync();
      for (let calls = 0; calls < 10 && clock.runNext(); calls++);
      expect(clock.requested).toBeLessThan(4);
      clock.advance(1);
      expect(sim.getInstance(id).status).toBe("ACTIVE");
    }
  });

  test("nothing is asked of the host beyond its longest timer", () => {
    const { driver, clock } = started({}, { latency: { build: 10_000_000_000 } });
    const { id } = driver.sim.createInstance(size);
    expect(clock.nextTimerMs).toBe(2_147_483_647);
    clock.advance(9_999_999_999);
    expect(driver.sim.getInstance(id).status).toBe("BUILD");
    clock.advance(1);
    expect(driver.sim.getInstance(id).status).toBe("ACTIVE");
  });
});

describe("speed", () => {
  test("can be changed under way; time that has passed keeps its speed", () => {
    const { driver, clock } = started({ speed: 10 });
    const { id } = driver.sim.createInstance(size);
    clock.advance(1_000);
    driver.setSpeed(1);
    expect(driver.speed).toBe(1);
    expect(driver.sim.now).toBe(startAt + 10_000);
    clock.advance(24_999);
    expect(driver.sim.getInstance(id).status).toBe("BUILD");
    clock.advance(1);
    expect(driver.sim.getInstance(id).status).toBe("ACTIVE");
  });

  test("0 stands still: no timer, no time, until it is changed or time is moved by hand", () => {
    const { driver, clock } = started({ speed: 0 });
    const { id } = driver.sim.createInstance(size);
    expect(clock.nextTimerMs).toBeUndefined();
    clock.advance(1_000_000);
    expect(driver.sim.now).toBe(startAt);
    driver.sim.advance(10_000);
    expect(driver.sim.now).toBe(startAt + 10_000);
    driver.setSpeed(1);
    clock.advance(25_000);
    expect(driver.sim.getInstance(id).status).toBe("ACTIVE");
  });

  test.each(["loadSnapshot", "rollbackTo"] as const)(
    "%s: time that goes back goes on from there",
    (method) => {
      const { driver, sim, clock } = started();
      const { id } = driver.sim.createInstance(size);
      clock.advance(5_000);
      const [savepoint, snapshot] = [driver.sim.history.savepoint(), driver.sim.snapshot()];
      clock.advance(40_000);
      expect(driver.sim.getInstance(id).status).toBe("ACTIVE");
      clock.advance(10_000);
      if (method === "loadSnapshot") driver.sim.history.loadSnapshot(snapshot);
      else driver.sim.history.rollbackTo(savepoint);
      expect(driver.sim.now).toBe(startAt + 5_000);
      clock.advance(29_999);
      expect(sim.getInstance(id).status).toBe("BUILD");
      clock.advance(1);
      expect(sim.getInstance(id).status).toBe("ACTIVE");
      expect(sim.now).toBe(startAt + 35_000);
    },
  );

  test("time that is moved on by hand is kept, and goes on from there", () => {
    const { driver, clock } = started();
    const { id } = driver.sim.createInstance(size);
    clock.advance(5_000);
    driver.sim.advance(20_000);
    expect(clock.nextTimerMs).toBe(10_000);
    clock.advance(10_000);
    expect(driver.sim.getInstance(id).status).toBe("ACTIVE");
    expect(driver.sim.now).toBe(startAt + 35_000);
  });

  test("a host clock that is set back costs no time and goes on", () => {
    const { driver, clock } = started();
    const { id } = driver.sim.createInstance(size);
    clock.advance(5_000);
    driver.sync();
    clock.stall(-4_000_000);
    expect(driver.sync()).toBe(startAt + 5_000);
    clock.advance(30_000);
    expect(driver.sim.getInstance(id).status).toBe("ACTIVE");
  });

  test.each([-1, Number.NaN, Infinity, "fast" as unknown as number])("%s is refused", (speed) => {
    expect(() => new RealtimeDriver(new ReplicationSimulator(), { speed })).toThrow(
      InvalidInputError,
    );
    const { driver } = started({ speed: 7 });
    expect(() => {
      driver.setSpeed(speed);
    }).toThrow(InvalidInputError);
    expect(driver.speed).toBe(7);
  });

  test.each([0, 1.5, Number.NaN])("%s steps at once are refused", (maxStepsPerTick) => {
    expect(() => new RealtimeDriver(new ReplicationSimulator(), { maxStepsPerTick })).toThrow(
      expect.objectContaining({ rule: "realtime-options", field: "maxStepsPerTick" }),
    );
  });
});

describe("start and stop", () => {
  test("nothing moves before the start, and nothing after the stop", () => {
    const { driver, sim, clock } = made();
    expect(driver.isRunning).toBe(false);
    clock.advance(10_000);
    expect(driver.sim.now).toBe(startAt);
    sim.createInstance(size);
    expect(clock.nextTimerMs).toBeUndefined();
    driver.start();
    expect(driver.isRunning).toBe(true);
    clock.advance(20_000);
    driver.stop();
    expect(driver.isRunning).toBe(false);
    expect(sim.now).toBe(startAt + 20_000);
    expect(clock.nextTimerMs).toBeUndefined();
    clock.advance(100_000);
    expect(driver.sync()).toBe(startAt + 20_000);
  });

  test("it goes on from where it stopped; twice started is once, twice stopped as well", () => {
    const { driver, sim, clock } = started();
    const { id } = sim.createInstance(size);
    driver.start();
    clock.advance(20_000);
    driver.stop();
    driver.stop();
    clock.advance(1_000_000);
    driver.start();
    clock.advance(14_999);
    expect(driver.sim.getInstance(id).status).toBe("BUILD");
    clock.advance(1);
    expect(driver.sim.getInstance(id).status).toBe("ACTIVE");
  });

  test("a driver that has stopped holds on to nothing", async () => {
    const { driver, sim, clock } = made();
    let seats = 0;
    const subscribe = sim.subscribe.bind(sim);
    sim.subscribe = (...given) => {
      seats += 1;
      const unsubscribe = subscribe(...given);
      return () => {
        seats -= 1;
        unsubscribe();
      };
    };
    for (let round = 0; round < 3; round++) {
      driver.start();
      const { id } = driver.sim.createInstance(size);
      const waiting = driver.waitFor(id, "ACTIVE");
      clock.advance(35_000);
      await waiting;
      const cleared = clock.cleared;
      driver.stop();
      expect({ seats, timers: clock.timerCount, cleared: clock.cleared }).toEqual({
        ...{ seats: 0, timers: 0, cleared },
      });
    }
  });

  test("a subscriber can stop time at the time of its notification", () => {
    const { driver, sim, clock } = started();
    sim.createInstance(size);
    sim.createInstance(size);
    let notified = 0;
    sim.subscribe(() => {
      notified += 1;
      driver.stop();
    });
    clock.stall(500_000);
    clock.advance(0);
    expect({ notified, now: sim.now }).toEqual({ notified: 1, now: startAt + 35_000 });
  });

  test("a subscriber can slow time down at the time of its notification", () => {
    const { driver, sim, clock } = started({ speed: 100 });
    sim.createInstance(size);
    sim.subscribe(() => {
      driver.setSpeed(0);
    });
    clock.stall(500_000);
    clock.advance(0);
    expect(driver.sync()).toBe(startAt + 35_000);
  });

  test("a subscriber's commands take effect at the time of its notification", () => {
    const { driver, sim, clock } = started();
    const { id } = sim.createInstance(size);
    const unsubscribe = sim.subscribe(() => {
      unsubscribe();
      driver.sim.createReplica({ ...size, replicaOf: id });
    });
    clock.stall(500_000);
    clock.advance(0);
    const { lines } = sim.journal();
    const commands = lines.filter(({ trigger }) => trigger.kind === "command");
    expect(commands.map(({ at }) => at - startAt)).toEqual([0, 35_000]);
    expect(lines.at(-1)?.at).toBe(startAt + 90_000);
  });
});

describe("after a pause of the host", () => {
  test("a timer catches up in parts, so that the host is never blocked for long", () => {
    const { sim, clock } = started({ maxStepsPerTick: 3 });
    for (let count = 0; count < 8; count++) sim.createInstance(size);
    const active = (): number =>
      sim.listInstances().items.filter(({ status }) => status === "ACTIVE").length;
    clock.stall(60_000);
    const seen: number[] = [];
    while (clock.runNext()) seen.push(active());
    expect(seen).toEqual([3, 6, 8]);
    // One timer for the first build, one for each part that was left; none while time moves.
    expect(clock.requested).toBe(3);
    expect(sim.now).toBe(startAt + 60_000);
  });

  test("a command is never too early: it waits for everything that was due before it", () => {
    const { driver, sim, clock } = started({ maxStepsPerTick: 1 });
    for (let count = 0; count < 8; count++) sim.createInstance(size);
    clock.stall(60_000);
    driver.sim.createInstance(size);
    const { lines } = sim.journal();
    expect(lines).toHaveLength(17);
    expect(lines.at(-1)).toMatchObject({ at: startAt + 60_000, trigger: { kind: "command" } });
  });
});

describe("errors", () => {
  test("a refusal reaches its caller alone", () => {
    const errors: unknown[] = [];
    const { driver } = started({ onError: (error) => errors.push(error) });
    expect(() => driver.sim.getInstance("no")).toThrow(NotFoundError);
    expect(() => {
      driver.sim.advanceTo(0);
    }).toThrow(RuleViolationError);
    expect(errors).toEqual([]);
  });

  test("what a subscriber throws while time moves goes to onError, and time goes on", () => {
    const errors: unknown[] = [];
    const { driver, sim, clock } = started({ onError: (error) => errors.push(error) });
    const [a, b] = [sim.createInstance(size), sim.createInstance(size)];
    sim.subscribe(() => {
      throw mistake;
    });
    clock.advance(35_000);
    expect(errors).toEqual([mistake, mistake]);
    expect([a, b].map(({ id }) => driver.sim.getInstance(id).status)).toEqual(["ACTIVE", "ACTIVE"]);
    clock.advance(1_000);
    expect(driver.sim.now).toBe(startAt + 36_000);
  });

  test("without onError it is thrown from the timer, and time can go on", () => {
    const { driver, sim, clock } = started();
    const [a, b] = [sim.createInstance(size), sim.createInstance(size)];
    const unsubscribe = sim.subscribe(() => {
      throw mistake;
    });
    expect(() => {
      clock.advance(35_000);
    }).toThrow(mistake);
    expect(sim.getInstance(a.id).status).toBe("ACTIVE");
    unsubscribe();
    clock.advance(0);
    expect(driver.sim.getInstance(b.id).status).toBe("ACTIVE");
  });

  test("without onError it is thrown from the call that brought time up", () => {
    const { driver, sim, clock } = started();
    sim.createInstance(size);
    sim.subscribe(() => {
      throw mistake;
    });
    clock.stall(35_000);
    expect(() => driver.sync()).toThrow(mistake);
    expect(driver.sync()).toBe(startAt + 35_000);
  });
});

describe("waitFor", () => {
  test("gives the row when its status comes", async () => {
    const { driver, clock } = started({ speed: 60 });
    const { id } = driver.sim.createInstance(size);
    const waiting = driver.waitFor(id, "ACTIVE");
    clock.advance(1_000);
    await expect(waiting).resolves.toMatchObject({ id, status: "ACTIVE" });
    await expect(driver.waitFor(id, "ACTIVE")).resolves.toMatchObject({ status: "ACTIVE" });
  });

  test("sees a status that passes between two timers", async () => {
    const { driver, clock } = started();
    const { id } = driver.sim.createInstance(size);
    clock.advance(35_000);
    const restart = driver.waitFor(id, "RESTART");
    const again = driver.waitFor(id, "ACTIVE");
    driver.sim.createReplica({ ...size, replicaOf: id });
    clock.stall(100_000);
    clock.advance(0);
    await expect(restart).resolves.toMatchObject({ id });
    await expect(again).resolves.toMatchObject({ id });
  });

  test("waits for groups, and for what other accounts have", async () => {
    const { driver, clock } = started();
    const client = driver.sim.account("99");
    const { id } = client.createInstance(size);
    clock.advance(35_000);
    client.createReplica({ ...size, replicaOf: id });
    clock.advance(55_000);
    const group = client.convertToHa(id, { name: "g" });
    const waiting = driver.waitFor(group.id, "ACTIVE", { accountId: "99" });
    const foreign = driver.waitFor(group.id, "ACTIVE");
    await expect(foreign).rejects.toThrow(NotFoundError);
    clock.advance(120_000);
    await expect(waiting).resolves.toMatchObject({ name: "g", status: "ACTIVE" });
  });

  test("ends after its time, in real ms", async () => {
    const { driver, clock } = started({ speed: 10 });
    const { id } = driver.sim.createInstance(size);
    const waiting = driver.waitFor(id, "ERROR", { timeoutMs: 500 });
    clock.advance(499);
    const other = driver.waitFor(id, "ACTIVE");
    clock.advance(1);
    await expect(waiting).rejects.toThrow(TimeLimitError);
    await expect(waiting).rejects.toThrow(`${id} did not become ERROR: 500 ms were over`);
    clock.advance(3_000);
    await expect(other).resolves.toMatchObject({ id });
    expect(clock.nextTimerMs).toBeUndefined();
  });

  test("can wait without a bound", () => {
    const { driver, clock } = started({ speed: 0 });
    const { id } = driver.sim.createInstance(size);
    const waiting = driver.waitFor(id, "ACTIVE", { timeoutMs: Infinity });
    expect(clock.nextTimerMs).toBeUndefined();
    driver.sim.settle();
    return expect(waiting).resolves.toMatchObject({ status: "ACTIVE" });
  });

  test("is refused for what is not there, and for what goes away", async () => {
    const { driver, clock } = started();
    await expect(driver.waitFor("no", "ACTIVE")).rejects.toThrow(NotFoundError);
    const { id } = driver.sim.createInstance(size);
    clock.advance(35_000);
    driver.sim.deleteInstance(id);
    const waiting = driver.waitFor(id, "ERROR"); // as it would be if its deletion failed
    clock.advance(10_000);
    await expect(waiting).rejects.toThrow(NotFoundError);
  });

  test("is refused for a group that goes away as well", async () => {
    const { driver, clock } = started();
    const group = driver.sim.createHaGroup({ name: "g", source: size, replicas: [size] });
    clock.advance(300_000);
    driver.sim.deleteHaGroup(group.id);
    const waiting = driver.waitFor(group.id, "DELETION-ERROR", { timeoutMs: 1_000_000 });
    clock.advance(300_000);
    await expect(waiting).rejects.toThrow(NotFoundError);
  });

  test("may take longer than a host's longest timer", async () => {
    const { driver, clock } = started({ speed: 0 });
    const { id } = driver.sim.createInstance(size);
    const monthMs = 2_592_000_000;
    const waiting = driver.waitFor(id, "ACTIVE", { timeoutMs: monthMs });
    expect(clock.nextTimerMs).toBe(2_147_483_647);
    clock.advance(monthMs - 1);
    expect(clock.nextTimerMs).toBe(1);
    clock.advance(1);
    await expect(waiting).rejects.toThrow(TimeLimitError);
    expect(clock.timerCount).toBe(0);
  });

  test("is refused when the driver stops, and while it stands", async () => {
    const { driver, clock } = started();
    const { id } = driver.sim.createInstance(size);
    const waiting = driver.waitFor(id, "ACTIVE");
    driver.stop();
    await expect(waiting).rejects.toThrow("the driver is not running");
    await expect(driver.waitFor(id, "ACTIVE")).rejects.toThrow(TimeLimitError);
    await expect(driver.waitFor(id, "BUILD")).resolves.toMatchObject({ id });
    expect(clock.nextTimerMs).toBeUndefined();
  });
});

test("what was driven in real time replays in virtual time, to the same bytes", () => {
  const { driver, clock } = started({ speed: 7.3 });
  const { id } = driver.sim.createInstance(size);
  for (let part = 0; part < 200; part++) {
    clock.advance(97.7);
    if (part === 120) driver.sim.createReplica({ ...size, replicaOf: id });
  }
  const journal = driver.sim.journal();
  expect(journal.lines.length).toBeGreaterThan(3);
  const replayed = ReplicationSimulator.replay(journal);
  expect(JSON.stringify(replayed.journal())).toBe(JSON.stringify(journal));
});

/** A clock that counts what is asked of it. */
class CountingClock extends ManualClock {
  requested = 0;
  cleared = 0;

  override setTimer(run: () => void, ms: number): unknown {
    this.requested += 1;
    return super.setTimer(run, ms);
  }

  override clearTimer(timer: unknown): void {
    this.cleared += 1;
    super.clearTimer(timer);
  }
}

function made(options: RealtimeOptions = {}, settings: { latency?: { build: number } } = {}) {
  const sim = new ReplicationSimulator({ startAt, ...settings });
  const clock = new CountingClock();
  const driver = new RealtimeDriver(sim, { clock, ...options });
  return { sim, clock, driver };
}

function started(...given: Parameters<typeof made>) {
  const all = made(...given);
  all.driver.start();
  return all;
}
