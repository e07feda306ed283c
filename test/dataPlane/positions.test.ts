import { describe, expect, test } from "vitest";
import type {
  LinkCondition,
  LogSegment,
  ReplicationLink,
} from "../../src/service/replication/dataPlane.model.js";
import {
  appliedUntil,
  piecesFrom,
  receiptCorners,
  receivedUntil,
  timeOf,
  writingMs,
  writtenAt,
} from "../../src/service/replication/logs.js";
import { after, empty, group, lone, pair, small } from "../rules/fixtures.js";

/*
 * Where a source and its replicas stand: what a log holds at a moment, and what `replication` says of it.
 */

/** A log of these rates, each for so many ms; the last one goes on. */
function logOf(...rates: readonly (readonly [perSecond: number, ms: number])[]): {
  readonly pieces: readonly LogSegment[];
} {
  const pieces: LogSegment[] = [];
  let [at, transactions, bytes] = [1_000, 0, 0];
  for (const [transactionsPerSecond, ms] of rates) {
    pieces.push({ at, transactions, bytes, transactionsPerSecond, bytesPerTransaction: 10 });
    const more = Math.floor((transactionsPerSecond * ms) / 1000);
    [at, transactions, bytes] = [at + ms, transactions + more, bytes + more * 10];
  }
  return { pieces };
}

describe("a log", () => {
  const log = logOf([3, 1_000], [0, 500], [7, 1_300], [1_000, 10], [0.5, 1]);

  test("holds whole transactions, and grows at the rate of each piece", () => {
    expect(
      [0, 999, 1_000, 1_333, 1_334, 2_000, 2_500, 3_799, 3_800, 3_801, 3_810, 5_810].map((time) => {
        const { transactions, bytes } = writtenAt(log, time);
        expect(bytes).toBe(transactions * 10);
        return transactions;
      }),
    ).toEqual([0, 0, 0, 0, 1, 3, 3, 12, 12, 13, 22, 23]);
  });

  test("returns the first ms in which it holds so many transactions", () => {
    for (let count = 1; count <= 25; count++) {
      let first = 1_000;
      while (writtenAt(log, first).transactions < count) first += 1;
      expect([count, timeOf(log, count)]).toEqual([count, first]);
    }
    expect(timeOf(log, 0)).toBe(1_000);
  });

  test("says that it never holds more than was written when no client writes any more", () => {
    const ended = logOf([3, 1_000], [0, 500]);
    expect([3, 4].map((count) => timeOf(ended, count))).toEqual([2_000, undefined]);
  });

  test("stops growing where numbers are not exact any more", () => {
    const most = Number.MAX_SAFE_INTEGER;
    const [transactions, bytes] = [most - 5, most - 50];
    const rate = { transactionsPerSecond: 1_000, bytesPerTransaction: 10 };
    const full = { pieces: [{ at: 0, transactions, bytes, ...rate }] };
    expect(writtenAt(full, 4)).toEqual({ transactions: most - 1, bytes: most - 10 });
    expect(writtenAt(full, 60_000)).toEqual({ transactions: most, bytes: most });
    expect([most, most + 1].map((count) => timeOf(full, count))).toEqual([5, undefined]);
  });

  test("forgets the pieces before a moment, and not the one that holds it", () => {
    const begun = (oldest: number): readonly number[] =>
      piecesFrom(log.pieces, oldest).map(({ at }) => at);
    expect(begun(0)).toEqual([1_000, 2_000, 2_500, 3_800, 3_810]);
    expect(begun(1_999)).toEqual([1_000, 2_000, 2_500, 3_800, 3_810]);
    expect(begun(2_000)).toEqual([2_000, 2_500, 3_800, 3_810]);
    expect(begun(3_805)).toEqual([3_800, 3_810]);
    expect(begun(9_999)).toEqual([3_810]);
  });
});

describe("the moments at which a link receives at another pace", () => {
  const link: ReplicationLink = {
    sourceId: "instance-0",
    condition: { condition: "normal" },
    lagMs: 1_000,
    applyMs: 0,
    at: 10_000,
    received: 4_000,
    applied: 4_000,
    failure: null,
    applies: true,
    receives: true,
  };
  const slow = (how: Omit<LinkCondition & { condition: "slow" }, "condition">): object => ({
    condition: { condition: "slow", ...how },
  });

  const always = logOf([1_000, 1]);
  /** 4 s written, then a pause; what is written from 9 s on arrives from 10 s on. */
  const paused = logOf([1_000, 4_000], [0, 4_000], [1_000, 1]);
  const ended = logOf([1_000, 8_000], [0, 1]);

  test.each<
    readonly [
      what: string,
      given: object,
      log: ReturnType<typeof logOf>,
      corners: readonly number[],
    ]
  >([
    ["a replica that receives nothing", { receives: false }, always, []],
    [
      "one that catches up ten times as fast: (10 at - received - lag) / 9",
      {},
      always,
      [10_000, 95_000 / 9],
    ],
    ["one that has 5,000 ms left, and nothing more comes", {}, ended, [10_000, 10_500]],
    [
      "one that has 1,000 ms left before a pause: what is written after it arrives from 10 s on",
      {},
      paused,
      [10_000, 10_000 + 1_000 / 9],
    ],
    ["a line that is only later", slow({ extraLagMs: 500 }), always, [10_000, 10_500]],
    ["a line that carries a quarter", slow({ factor: 4 }), always, [10_000]],
    ["the same until the last write", slow({ factor: 4 }), ended, [10_000, 10_000 + 5_000 * 4]],
    ["the same, up to date", { ...slow({ factor: 4 }), received: 9_500 }, ended, [10_500]],
  ])("%s", (_, given, log, corners) => {
    const found = new Set(receiptCorners({ ...link, ...given }, log));
    expect([...found].filter((corner) => corner >= link.at).sort((a, b) => a - b)).toEqual(
      corners.map((corner) => expect.closeTo(corner, 6) as number),
    );
  });
});

describe("stretches of a log in which nothing was written take no time", () => {
  const minute = 60_000;
  /** 10 s written from 1 s on, a minute of nothing, then written again from 71 s on. */
  const outage = logOf([1_000, 10_000], [0, minute], [1_000, 1]);
  const back = 71_000;
  const link: ReplicationLink = {
    sourceId: "instance-0",
    condition: { condition: "normal" },
    lagMs: 1_000,
    applyMs: 500,
    at: back,
    received: 10_000,
    applied: 9_500,
    failure: null,
    applies: true,
    receives: true,
  };
  type Log = ReturnType<typeof logOf>;
  const receivedAt = (given: object, log: Log, times: readonly number[]): readonly number[] =>
    times.map(
      (time) => writtenAt(log, receivedUntil({ ...link, ...given }, log, time)).transactions,
    );

  test.each<
    readonly [what: string, given: object, log: Log, received: Readonly<Record<number, number>>]
  >([
    [
      "after an outage, the second that was under way comes in 100 ms, then all comes after the lag",
      {},
      outage,
      {
        71_000: 9_000,
        71_050: 9_500,
        71_100: 10_000,
        72_000: 10_000,
        72_001: 10_001,
        80_000: 18_000,
      },
    ],
    [
      "a backlog of 9 s before the outage takes 900 ms",
      { received: 2_000, applied: 2_000 },
      outage,
      {
        71_000: 1_000,
        71_500: 6_000,
        71_899: 9_990,
        71_900: 10_000,
        72_000: 10_000,
        72_500: 10_500,
      },
    ],
    [
      "and one that lasts longer is followed by what was written since then, at the same speed",
      { received: 2_000, applied: 2_000, at: 73_000 },
      outage,
      // At 73.9 s all is there until 72.9 s: 1.9 s are left, which are read by 74.111 s.
      {
        73_000: 1_000,
        73_900: 10_000,
        74_000: 11_000,
        74_111: 12_110,
        74_112: 12_112,
        75_000: 13_000,
      },
    ],
    [
      "an outage that is shorter than the lag",
      { at: 11_300, received: 10_000 },
      logOf([1_000, 10_000], [0, 300], [1_000, 1]),
      // Everything until 10.333 s is read at 11.333 s; from there on the lag is 1 s, with the 300 ms in it.
      {
        11_300: 9_000,
        11_320: 9_200,
        11_340: 9_340,
        12_000: 10_000,
        12_300: 10_000,
        12_301: 10_001,
      },
    ],
    [
      "two outages in front of a replica",
      { at: 15_000, received: 1_000 },
      logOf([1_000, 2_000], [0, 5_000], [1_000, 1_000], [0, 5_000], [1_000, 1]),
      { 15_000: 0, 15_200: 2_000, 15_250: 2_500, 15_300: 3_000, 15_333: 3_330, 15_334: 3_334 },
    ],
    [
      "clients that have stopped for good: the backlog comes at the same speed",
      { at: 15_000, received: 1_000 },
      logOf([1_000, 8_000], [0, 1]),
      { 15_000: 0, 15_400: 4_000, 15_800: 8_000, 90_000: 8_000 },
    ],
    [
      "a thread that does not receive",
      { receives: false },
      outage,
      { 71_000: 9_000, 90_000: 9_000 },
    ],
    [
      "a line that carries a quarter: a second in 4 s, and anew when the first write after it arrives",
      { at: 1_000, received: 1_000, condition: { condition: "slow", factor: 4 } },
      logOf([1_000, 1_000], [0, 8_000], [1_000, 1]),
      // The first write arrives at 2 s, the first after the pause at 11 s.
      {
        2_000: 0,
        4_000: 500,
        6_000: 1_000,
        11_000: 1_000,
        11_003: 1_000,
        11_004: 1_001,
        12_000: 1_250,
      },
    ],
    [
      "a line that carries a twentieth: its backlog lasts longer than the pause, which takes no time",
      { at: 1_000, received: 1_000, condition: { condition: "slow", factor: 20 } },
      logOf([1_000, 1_000], [0, 8_000], [1_000, 1]),
      { 2_000: 0, 12_000: 500, 21_980: 999, 22_000: 1_000, 22_020: 1_001 },
    ],
    [
      "a line that is 2 s later",
      { condition: { condition: "slow", extraLagMs: 2_000 } },
      outage,
      { 71_000: 9_000, 71_100: 10_000, 74_000: 10_000, 74_001: 10_001 },
    ],
  ])("%s", (_, given, log, expected) => {
    const times = Object.keys(expected).map(Number);
    expect(receivedAt(given, log, times)).toEqual(Object.values(expected));
  });

  test("and to apply: what is behind is applied at the same speed, as it is received", () => {
    const appliedAt = (given: object, times: readonly number[]): readonly number[] =>
      times.map(
        (time) => writtenAt(outage, appliedUntil({ ...link, ...given }, outage, time)).transactions,
      );
    const times = [71_000, 71_050, 71_100, 71_150, 72_500, 72_501];
    expect(appliedAt({}, times)).toEqual([8_500, 9_000, 9_500, 10_000, 10_000, 10_001]);
    // The applying thread alone was behind.
    expect(
      appliedAt({ received: 70_000, applied: 2_000 }, [71_000, 71_450, 71_900, 72_501]),
    ).toEqual([1_000, 5_500, 10_000, 10_001]);
  });

  test("so the lag of a replica is what it was before the outage", () => {
    const at = (time: number): number =>
      writingMs(outage, { from: receivedUntil(link, outage, time), to: time });
    expect([71_000, 71_050, 71_100, 71_500, 72_000, 90_000].map(at)).toEqual([
      1_000, 550, 100, 500, 1_000, 1_000,
    ]);
  });
});

describe("replication", () => {
  const rate = { transactionsPerSecond: 1000 };
  const nothing = { transactions: 0, bytes: 0 };

  test("of one that stands alone: a source without replicas and without a log", () => {
    expect(lone().getReplicationStatus("instance-0")).toEqual({
      role: "source",
      replicaIds: [],
      mode: "asynchronous",
      semiSynchronous: "off",
      workload: null,
      writtenPosition: nothing,
      acknowledgedPosition: nothing,
      interruptedAt: null,
      stalledSince: null,
    });
  });

  test("of a replica to which nothing is written: nothing behind", () => {
    expect(pair().getReplicationStatus("instance-1")).toEqual({
      role: "replica",
      sourceId: "instance-0",
      mode: "asynchronous",
      ioRunning: true,
      sqlRunning: true,
      lagMs: 0,
      receivedPosition: nothing,
      appliedPosition: nothing,
      lastError: null,
    });
  });

  test("of a replica whose line was cut without writes: nothing behind", () => {
    const sim = pair();
    sim.inject({ kind: "cutLink", replicaId: "instance-1", durationMs: 1_000 });
    sim.advance(5_000);
    expect(sim.getReplicationStatus("instance-1")).toMatchObject({
      ioRunning: true,
      lagMs: 0,
      receivedPosition: nothing,
    });
  });

  test("is 2 s behind while users write, and not behind when they have ended", () => {
    const sim = pair();
    sim.setWorkload("instance-0", rate);
    sim.advance(10_000);
    expect(sim.getReplicationStatus("instance-1")).toMatchObject({
      lagMs: 2_000,
      receivedPosition: { transactions: 9_000, bytes: 9_000_000 },
      appliedPosition: { transactions: 8_000, bytes: 8_000_000 },
    });
    sim.setWorkload("instance-0", { transactionsPerSecond: 0 });
    sim.advance(1_999);
    expect(sim.getReplicationStatus("instance-1")).toMatchObject({ lagMs: 2_000 });
    sim.advance(1);
    expect(sim.getReplicationStatus("instance-1")).toMatchObject({ lagMs: 0 });
    sim.advance(60_000);
    expect(sim.getReplicationStatus("instance-1")).toMatchObject({
      lagMs: 0,
      appliedPosition: { transactions: 10_000, bytes: 10_000_000 },
    });
  });

  test("shows the error that stopped it, and no lag", () => {
    const sim = pair();
    sim.setWorkload("instance-0", rate);
    sim.advance(10_000);
    sim.inject({ kind: "breakReplication", replicaId: "instance-1" });
    expect(sim.getReplicationStatus("instance-1")).toMatchObject({
      ioRunning: true,
      sqlRunning: false,
      lagMs: null,
      lastError: { code: 1062, message: "a row that the source inserts is there already" },
    });
  });

  test("shows that the source cannot be reached, while received transactions are applied", () => {
    const sim = pair();
    sim.setWorkload("instance-0", rate);
    sim.advance(10_000);
    sim.inject({ kind: "crash", instanceId: "instance-0" });
    const { now } = sim;
    sim.advance(60_000);
    expect(sim.getReplicationStatus("instance-0")).toMatchObject({ interruptedAt: now });
    expect(sim.getReplicationStatus("instance-1")).toMatchObject({
      ioRunning: false,
      sqlRunning: true,
      lagMs: null,
      receivedPosition: { transactions: 9_000 },
      appliedPosition: { transactions: 9_000 },
      lastError: { code: 2003, message: "cannot connect to the source instance-0" },
    });
    sim.inject({ kind: "hang", instanceId: "instance-1" });
    expect(sim.getReplicationStatus("instance-1")).toMatchObject({
      sqlRunning: false,
      lastError: null,
    });
  });

  test("shows a full disk, on which nothing more is received", () => {
    const sim = after(empty(), (world) => world.createInstance({ ...small, volumeGb: 20 }));
    after(sim, (world) => world.createReplica({ ...small, replicaOf: "instance-0" }));
    sim.setWorkload("instance-0", rate);
    sim.setDataSize("instance-1", 10);
    expect(sim.getReplicationStatus("instance-1")).toMatchObject({
      ioRunning: false,
      sqlRunning: true,
      lastError: { code: 1021, message: "the disk is full" },
    });
  });

  test("in a group acknowledges what a replica has received", () => {
    const sim = group();
    sim.setWorkload("instance-0", rate);
    sim.advance(10_000);
    expect(sim.getReplicationStatus("instance-0")).toMatchObject({
      mode: "semi-synchronous",
      semiSynchronous: "on",
      replicaIds: ["instance-1"],
      workload: { transactionsPerSecond: 1000, bytesPerTransaction: 1000 },
      writtenPosition: { transactions: 10_000 },
      acknowledgedPosition: { transactions: 9_000 },
    });
    expect(sim.getReplicationStatus("instance-1")).toMatchObject({ mode: "semi-synchronous" });
  });
});
