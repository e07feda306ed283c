import fc from "fast-check";
import { ReplicationSimulator } from "replication-simulator";
import { expectNoBrokenInvariants } from "replication-simulator/testing";
import { describe, expect, test } from "vitest";
import type { ReplicationLink } from "../../src/service/replication/dataPlane.model.js";
import {
  advanceLink,
  type LogSegments,
  receiptCorners,
  receivedUntil,
  writingMs,
} from "../../src/service/replication/logs.js";
import { runs } from "../scenarioGenerators.js";
import { Oracle } from "./oracle.js";

/*
 * Positions are formulas; the oracle counts. Both get the same random sequence of workloads, crashes, broken replication
 * and bad lines, and must agree whenever they are read.
 */

type Event =
  | { readonly do: "write"; readonly perSecond: number; readonly bytes: number }
  | { readonly do: "crash" | "recover" }
  | {
      readonly do: "crashReplica" | "recoverReplica" | "break" | "repair" | "cut" | "restore";
      readonly replica: number;
    }
  | {
      readonly do: "slow";
      readonly replica: number;
      readonly factor?: number;
      readonly lagMs?: number;
    };

interface Case {
  readonly seed: number;
  readonly lagMsMax: number;
  readonly timeoutMs: number;
  readonly replicas: number;
  readonly isGroup: boolean;
  /** Interval of reads in ms; every event is followed by a read too. */
  readonly lookMs: number;
  readonly draft: readonly { readonly waitMs: number; readonly event: Event }[];
}

const ids = (kind: string, ordinal: number): string => `${kind}-${String(ordinal)}`;
const event: fc.Arbitrary<Event> = fc.oneof(
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant("write" as const),
      perSecond: fc.oneof(fc.constantFrom(0, 1, 10, 1000), fc.nat({ max: 20_000 })),
      bytes: fc.integer({ min: 1, max: 1000 }),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({ do: fc.constantFrom("crash" as const, "recover" as const) }),
  },
  {
    weight: 5,
    arbitrary: fc.record({
      do: fc.constantFrom(
        ...(["crashReplica", "recoverReplica", "break", "repair", "cut"] as const),
        ...(["recoverReplica", "repair", "restore", "restore"] as const),
      ),
      replica: fc.nat({ max: 1 }),
    }),
  },
  {
    weight: 1,
    arbitrary: fc
      .tuple(
        fc.nat({ max: 1 }),
        fc.oneof(
          fc.record({ factor: fc.integer({ min: 1, max: 4 }) }),
          fc.record({ lagMs: fc.nat({ max: 300 }) }),
          fc.record({ factor: fc.integer({ min: 2, max: 3 }), lagMs: fc.nat({ max: 300 }) }),
        ),
      )
      .map(([replica, how]) => ({ do: "slow", replica, ...how }) as const),
  },
);

/** Replication that is broken while all else goes down and comes back, in some order. */
const brokenFirst: Case["draft"] = [
  { waitMs: 0, event: { do: "write", perSecond: 1000, bytes: 1 } },
  { waitMs: 800, event: { do: "break", replica: 0 } },
  { waitMs: 5, event: { do: "crashReplica", replica: 0 } },
  { waitMs: 5, event: { do: "crash" } },
  { waitMs: 5, event: { do: "recoverReplica", replica: 0 } },
];

/** A backlog behind which nothing was written for a while: by an outage, by clients that paused, by both. */
const pauses: readonly Case["draft"][] = [
  [
    { waitMs: 0, event: { do: "write", perSecond: 1000, bytes: 1 } },
    { waitMs: 300, event: { do: "crash" } },
    { waitMs: 800, event: { do: "recover" } },
  ],
  [
    { waitMs: 0, event: { do: "write", perSecond: 1000, bytes: 1 } },
    { waitMs: 100, event: { do: "cut", replica: 0 } },
    { waitMs: 0, event: { do: "cut", replica: 1 } },
    { waitMs: 600, event: { do: "write", perSecond: 0, bytes: 1 } },
    { waitMs: 700, event: { do: "write", perSecond: 700, bytes: 1 } },
    { waitMs: 50, event: { do: "crash" } },
    { waitMs: 20, event: { do: "restore", replica: 0 } },
    { waitMs: 300, event: { do: "recover" } },
  ],
  [
    { waitMs: 0, event: { do: "write", perSecond: 1000, bytes: 1 } },
    { waitMs: 50, event: { do: "slow", replica: 0, factor: 3 } },
    { waitMs: 300, event: { do: "write", perSecond: 0, bytes: 1 } },
    { waitMs: 100, event: { do: "write", perSecond: 400, bytes: 1 } },
    { waitMs: 90, event: { do: "write", perSecond: 0, bytes: 1 } },
    { waitMs: 700, event: { do: "write", perSecond: 1000, bytes: 1 } },
  ],
  // The rate changes while a replica catches up.
  [
    { waitMs: 0, event: { do: "write", perSecond: 1000, bytes: 1 } },
    { waitMs: 20, event: { do: "cut", replica: 0 } },
    { waitMs: 400, event: { do: "write", perSecond: 300, bytes: 1 } },
    { waitMs: 400, event: { do: "restore", replica: 0 } },
    { waitMs: 60, event: { do: "write", perSecond: 2000, bytes: 1 } },
    { waitMs: 10, event: { do: "write", perSecond: 500, bytes: 1 } },
  ],
];

const cases: fc.Arbitrary<Case> = fc.record({
  seed: fc.nat(),
  lagMsMax: fc.constantFrom(0, 1, 10, 100, 400),
  replicas: fc.integer({ min: 1, max: 2 }),
  timeoutMs: fc.oneof(fc.constantFrom(0, 1, 100), fc.nat({ max: 500 })),
  isGroup: fc.boolean(),
  lookMs: fc.constantFrom(9, 50, 50, 250, 250),
  draft: fc
    .tuple(
      fc.constantFrom([], [], [], [], brokenFirst, ...pauses),
      fc.array(fc.record({ waitMs: fc.oneof(fc.nat({ max: 20 }), fc.nat({ max: 800 })), event }), {
        maxLength: 12,
      }),
    )
    .map((parts) => parts.flat()),
});

/** A set or a group, whose replicas draw their lags; in a group no-such-id is promoted. */
function worldOf({ seed, lagMsMax, timeoutMs, replicas, isGroup }: Case): ReplicationSimulator {
  const range = { from: 0, to: lagMsMax };
  const latency = { receiveLag: range, applyLag: range, acknowledgementTimeout: timeoutMs };
  const sim = new ReplicationSimulator({ seed, createId: ids, latency });
  const size = { flavorId: "2", volumeGb: 10 };
  sim.createInstance(size);
  sim.settle();
  for (let count = 0; count < replicas; count += 1) {
    sim.createReplica({ ...size, replicaOf: "instance-0" });
    sim.settle();
  }
  if (isGroup) {
    sim.convertToHa("instance-0", { name: "ha" });
    sim.settle();
    sim.disableFailover("group-0");
    sim.settle();
  }
  sim.setWorkload("instance-0", { transactionsPerSecond: 0 });
  return sim;
}

function reported(given: Case, look: (sim: ReplicationSimulator, oracle: Oracle) => void): void {
  const sim = worldOf(given);
  const names = Array.from({ length: given.replicas }, (_, at) => ids("instance", at + 1));
  const lags = names.map((id) => {
    const { link } = sim.getInstance(id);
    if (link === null) throw new TypeError(`${id} has no link`);
    return { lagMs: link.lagMs, applyMs: link.applyMs };
  });
  const oracle = new Oracle(lags, given.timeoutMs);
  if (given.isGroup) oracle.waitForReplicas();
  for (const { waitMs, event } of [...given.draft, { waitMs: 700, event: undefined }]) {
    for (let left = waitMs; left > 0; left -= given.lookMs) {
      const ms = Math.min(left, given.lookMs);
      sim.advance(ms);
      for (let ticks = 0; ticks < ms; ticks += 1) oracle.tick();
      look(sim, oracle);
    }
    expectNoBrokenInvariants(sim);
    if (event === undefined) return;
    if (happens(sim, event, names)) oracle.change(() => receive(oracle, event));
    sim.advance(0);
    look(sim, oracle);
  }
}

/** What happens in the simulator, if it can. */
function happens(sim: ReplicationSimulator, event: Event, replicas: readonly string[]): boolean {
  const instanceId = "instance-0";
  const replicaId = "replica" in event ? (replicas[event.replica % replicas.length] ?? "") : "";
  switch (event.do) {
    case "write":
      return sim.try.setWorkload(instanceId, {
        transactionsPerSecond: event.perSecond,
        bytesPerTransaction: event.bytes,
      }).ok;
    case "crash":
    case "recover":
      return sim.try.inject({ kind: event.do, instanceId }).ok;
    case "crashReplica":
      return sim.try.inject({ kind: "crash", instanceId: replicaId }).ok;
    case "recoverReplica":
      return sim.try.inject({ kind: "recover", instanceId: replicaId }).ok;
    case "break":
      return sim.try.inject({ kind: "breakReplication", replicaId }).ok;
    case "repair":
      return sim.try.inject({ kind: "repairReplication", replicaId }).ok;
    case "cut":
      return sim.try.inject({ kind: "cutLink", replicaId }).ok;
    case "restore":
      return sim.try.inject({ kind: "restoreLink", replicaId }).ok;
    case "slow": {
      const { do: _, replica: _nth, ...how } = event;
      return sim.try.inject({ kind: "slowLink", replicaId, ...how }).ok;
    }
  }
}

function receive(oracle: Oracle, event: Event): void {
  const replica =
    "replica" in event ? oracle.replicas[event.replica % oracle.replicas.length] : undefined;
  switch (event.do) {
    case "write":
      oracle.write(event.perSecond, event.bytes);
      return;
    case "crash":
      oracle.isUp = false;
      return;
    case "recover":
      oracle.isUp = true;
      return;
    case "crashReplica":
    case "recoverReplica":
      if (replica !== undefined) replica.isUp = event.do === "recoverReplica";
      return;
    // An error of its own stays until it is repaired, whatever goes down and comes back meanwhile.
    case "break":
    case "repair":
      if (replica !== undefined) replica.isBroken = event.do === "break";
      return;
    case "cut":
      if (replica !== undefined) replica.line = { isCut: true };
      return;
    case "restore":
      if (replica !== undefined) replica.line = {};
      return;
    case "slow":
      if (replica !== undefined) {
        replica.line = { factor: event.factor ?? 1, extraLagMs: event.lagMs ?? 0 };
      }
  }
}

function compare(sim: ReplicationSimulator, oracle: Oracle): void {
  const source = sim.getReplicationStatus("instance-0");
  if (source.role !== "source") throw new TypeError("no source");
  const shown = {
    written: source.writtenPosition,
    acknowledged: source.acknowledgedPosition,
    status: source.semiSynchronous,
    interruptedAt: source.interruptedAt,
    replicas: oracle.replicas.map((_, at) => {
      const replica = sim.getReplicationStatus(`instance-${String(at + 1)}`);
      if (replica.role !== "replica") throw new TypeError("no replica");
      return [replica.receivedPosition, replica.appliedPosition];
    }),
  };
  expect(shown).toEqual({
    written: oracle.position(oracle.now),
    acknowledged: oracle.position("acknowledged"),
    status: oracle.status,
    interruptedAt:
      oracle.interruptedAt === undefined ? null : sim.now - oracle.now + oracle.interruptedAt,
    replicas: oracle.replicas.map(({ received, applied }) => [
      oracle.position(received),
      oracle.position(applied),
    ]),
  });
}

test("the formulas agree with a count, ms by ms", () => {
  fc.assert(
    fc.property(cases, (given) => {
      reported(given, compare);
    }),
    { numRuns: runs(150) },
  );
});

describe("the scenarios of that comparison", () => {
  test("see a status degrade and come back, replicas that lag, lines of all kinds, and users who wait", () => {
    const seen = new Set<string>();
    for (const given of fc.sample(cases, { numRuns: 80, seed: 1 })) {
      let last = "";
      reported(given, (_, oracle) => {
        if (last !== oracle.status) seen.add(`${last} → ${oracle.status}`);
        last = oracle.status;
        if (oracle.replicas.some(({ received }) => received < oracle.now - 500)) seen.add("lag");
        const [acknowledged, written] = [
          oracle.position("acknowledged"),
          oracle.position(oracle.now),
        ];
        if (acknowledged.transactions < written.transactions) seen.add("waiting");
        if (oracle.interruptedAt !== undefined) seen.add("interrupted");
        for (const { isBroken, isUp, line, received } of oracle.replicas) {
          if (line.isCut) seen.add("cut");
          if ((line.factor ?? 1) > 1) seen.add("slow by a factor");
          if ((line.extraLagMs ?? 0) > 0) seen.add("late");
          if (oracle.hasPauseAhead(received)) {
            seen.add(`pause ahead, ${(line.factor ?? 1) > 1 ? "slow" : "fast"}`);
          }
          if (isBroken && isUp && !oracle.isUp) seen.add("broken without a source");
        }
      });
    }
    expect([...seen].sort()).toEqual([
      " → off",
      " → on",
      "broken without a source",
      "cut",
      "degraded → on",
      "interrupted",
      "lag",
      "late",
      "on → degraded",
      "pause ahead, fast",
      "pause ahead, slow",
      "slow by a factor",
      "waiting",
    ]);
  });
});

describe("between the corners of a receipt", () => {
  const now = 1_700_000_000_000;
  const link: fc.Arbitrary<ReplicationLink> = fc
    .record({
      behindMs: fc.nat({ max: 100_000 }),
      lagMs: fc.nat({ max: 5000 }),
      receives: fc.constantFrom(true, true, true, false),
      condition: fc.oneof(
        fc.constant({ condition: "normal" as const }),
        fc.record({
          condition: fc.constant("slow" as const),
          factor: fc.integer({ min: 2, max: 9 }),
        }),
        fc.record({ condition: fc.constant("slow" as const), extraLagMs: fc.nat({ max: 5000 }) }),
      ),
    })
    .map(({ behindMs, ...given }) => ({
      sourceId: "source",
      failure: null,
      applyMs: 0,
      at: now,
      received: now - behindMs,
      applied: now - behindMs,
      applies: given.receives,
      ...given,
    }));
  /** Clients that write and pause in turn, the last period until the end. */
  const log = fc
    .tuple(fc.boolean(), fc.array(fc.integer({ min: 1, max: 40_000 }), { maxLength: 6 }))
    .map(([writesFirst, lengths]) => {
      let at = now - lengths.reduce((sum, ms) => sum + ms, 0);
      const pieces = [...lengths, 0].map((ms, index) => {
        const transactionsPerSecond = (index % 2 === 0) === writesFirst ? 1000 : 0;
        const piece = {
          at,
          transactions: 0,
          bytes: 0,
          transactionsPerSecond,
          bytesPerTransaction: 1,
        };
        at += ms;
        return piece;
      });
      return { pieces };
    });

  /** The lag at a moment, and its corners until an hour later. */
  function lagsOf(one: ReplicationLink, read: LogSegments) {
    const lagAt = (time: number): number =>
      writingMs(read, { from: receivedUntil(one, read, time), to: time });
    const corners = [...new Set(receiptCorners(one, read))]
      .filter((time) => time > now && time < now + 3_600_000)
      .sort((a, b) => a - b);
    return { lagAt, corners };
  }

  test("the lag changes evenly, to within the ms that it is rounded to", () => {
    fc.assert(
      fc.property(link, log, fc.nat({ max: 1000 }), (one, read, share) => {
        const { lagAt, corners } = lagsOf(one, read);
        let from = now;
        for (const to of [...corners, now + 3_600_000]) {
          const even = lagAt(from) + ((lagAt(to) - lagAt(from)) * share) / 1000;
          const found = lagAt(from + ((to - from) * share) / 1000);
          // Both ends, what lies between, and where a slow line comes to its end are rounded.
          expect(Math.abs(found - even)).toBeLessThan(2);
          from = to;
        }
      }),
    );
  });

  test("and links have from no corner to many", () => {
    const counts = fc
      .sample(fc.tuple(link, log), { numRuns: 1000, seed: 42 })
      .map(([one, read]) => lagsOf(one, read).corners.length);
    expect([...new Set(counts)].sort()).toEqual([0, 1, 2, 3, 4, 5]);
  });

  test("a link that is said from a later moment on goes on as before", () => {
    const wait = fc.nat({ max: 30_000 });
    fc.assert(
      fc.property(link, log, wait, wait, (given, read, first, second) => {
        // A slow line gives up the part of a ms that is under way.
        const one: ReplicationLink =
          "factor" in given.condition ? { ...given, condition: { condition: "normal" } } : given;
        const later = advanceLink(one, read, now + first);
        expect(advanceLink(later, read, now + first + second)).toEqual(
          advanceLink(one, read, now + first + second),
        );
        expect(later.received).toBeGreaterThanOrEqual(one.received);
        expect(later.applied).toBeGreaterThanOrEqual(one.applied);
        expect([later.received, later.applied].every(Number.isSafeInteger)).toBe(true);
      }),
    );
  });
});
