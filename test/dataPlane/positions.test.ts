import { describe, expect, test } from "vitest";
import type {
  LinkCondition,
  LogSegment,
  ReplicationLink,
} from "../../src/service/replication/dataPlane.model.js";
import {
  piecesFrom,
  receiptCorners,
  timeOf,
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

  test.each<readonly [what: string, given: object, end: number | null, corners: readonly number[]]>(
    [
      ["a replica that receives nothing", { receives: false }, 20_000, []],
      [
        "one that catches up ten times as fast: (10 at - received - lag) / 9",
        {},
        null,
        [5_000, 95_000 / 9],
      ],
      ["one that has caught up when the last write comes", {}, 20_000, [5_000, 95_000 / 9, 21_000]],
      ["one that has not, and needs 500 ms for 5,000 ms", {}, 9_000, [5_000, 95_000 / 9, 10_500]],
      ["a line that is only later", slow({ extraLagMs: 500 }), null, [5_500, 10_500]],
      ["a line that carries a quarter", slow({ factor: 4 }), null, [10_000]],
      ["the same until the last write", slow({ factor: 4 }), 6_000, [10_000, 18_000]],
      [
        "the same, up to date",
        { ...slow({ factor: 4 }), received: 9_500 },
        9_500,
        [10_500, 10_500],
      ],
    ],
  )("%s", (_, given, end, corners) => {
    const found = receiptCorners({ ...link, ...given }, end);
    expect(found).toHaveLength(corners.length);
    for (const [at, corner] of corners.entries()) expect(found[at]).toBeCloseTo(corner, 6);
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
