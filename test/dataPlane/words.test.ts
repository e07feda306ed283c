import type { ReplicationSimulator } from "replication-simulator";
import { journalTimeline } from "replication-simulator/render";
import { expect, test } from "vitest";
import { group, pair, trio } from "../rules/fixtures.js";

/*
 * What a timeline says of writes, acknowledgements and links.
 */

const rate = { transactionsPerSecond: 1000, bytesPerTransaction: 10 } as const;

const cases: readonly (readonly [
  what: string,
  world: () => ReplicationSimulator,
  step: (sim: ReplicationSimulator) => void,
  lines: readonly string[],
])[] = [
  [
    "a line that is cut and slow, and commits that wait",
    group,
    (sim) => {
      sim.inject({ kind: "cutLink", replicaId: "instance-1", durationMs: 5_000 });
      sim.advance(8_000);
      sim.inject({ kind: "slowLink", replicaId: "instance-1", lagMs: 500, durationMs: 5_000 });
      sim.advance(8_000);
      sim.inject({ kind: "cutLink", replicaId: "instance-1", durationMs: 20_000 });
      sim.advance(40_000);
    },
    [
      "instance-0 setWorkload: users write 1000 transactions a second",
      "instance-1 receives",
      "instance-1 injectFault: the link from its source is cut for 5 s; its line is cut",
      "instance-0 commits wait: no replica acknowledges",
      "instance-1 a fault ends: fault cut link is expired; receives",
      "instance-0 commits came back after 5 s",
      "instance-1 injectFault: the link from its source is slow for 5 s; its line is slow",
      "instance-1 a fault ends: fault slow link is expired; receives",
      "instance-1 injectFault: the link from its source is cut for 20 s; its line is cut",
      "instance-0 commits wait: no replica acknowledges",
      "instance-0 acknowledgements: commits wait for no replica; commits came back after 9 s 1 ms",
      "instance-1 a fault ends: fault cut link is expired; receives",
      "instance-0 acknowledgements: commits wait for a replica",
    ],
  ],
  [
    "replication that breaks, and a source that is down for 5 s",
    pair,
    (sim) => {
      sim.advance(10_000);
      sim.inject({ kind: "breakReplication", replicaId: "instance-1", durationMs: 5_000 });
      sim.advance(10_000);
      sim.inject({ kind: "crash", instanceId: "instance-0", durationMs: 5_000 });
      sim.advance(10_000);
    },
    [
      "instance-0 setWorkload: users write 1000 transactions a second",
      "instance-1 receives",
      "instance-1 ACTIVE → REPLICATION_ERROR injectFault: its replication stops applying for 5 s; replication stopped: a row that the source inserts is there already",
      "instance-1 REPLICATION_ERROR → ACTIVE a fault ends: fault break replication is expired; receives",
      "instance-0 ACTIVE → SHUTDOWN injectFault: its service crashes for 5 s; writes are not possible",
      "instance-1 ACTIVE → REPLICATION_ERROR receives nothing",
      "instance-0 SHUTDOWN → ACTIVE a fault ends: fault crash is expired; users can write again after 5 s",
      "instance-1 REPLICATION_ERROR → ACTIVE receives",
    ],
  ],
  [
    "replicas that take over from a source that is lost",
    trio,
    (sim) => {
      sim.advance(10_000);
      sim.inject({ kind: "crash", instanceId: "instance-0" });
      sim.detachReplica("instance-1");
      sim.settle();
      sim.promoteReplica("instance-2");
      sim.settle();
      sim.createReplica({ flavorId: "2", volumeGb: 10, replicaOf: "instance-2" });
    },
    [
      "instance-0 setWorkload: users write 1000 transactions a second",
      "instance-1 receives",
      "instance-2 receives",
      "instance-0 ACTIVE → SHUTDOWN injectFault: its service crashes; writes are not possible",
      "instance-1 ACTIVE → REPLICATION_ERROR receives nothing",
      "instance-2 ACTIVE → REPLICATION_ERROR receives nothing",
      "instance-1 REPLICATION_ERROR → DETACH_REPLICA detachReplica",
      "instance-1 DETACH_REPLICA → ACTIVE detach is done: cut from instance-0; users can write again after 5 s, 1000 transactions lost",
      "instance-0 its users go to instance-1",
      "instance-2 REPLICATION_ERROR → DETACH_REPLICA promoteReplica",
      "instance-2 DETACH_REPLICA → ACTIVE promote is done: is the source of its set after instance-0, and instance-0 is left behind; cut from instance-0",
      "instance-3 → BUILD createReplica: mysql 5.6, flavor 2, 10 GB; replicates from instance-2; receives nothing",
      "instance-2 ACTIVE → RESTART",
    ],
  ],
  [
    "clients that leave a source that is well for a replica of it that was detached",
    pair,
    (sim) => {
      sim.advance(10_000);
      sim.detachReplica("instance-1");
      sim.settle();
      sim.advance(10_000);
      sim.moveClients("instance-0", "instance-1");
    },
    [
      "instance-0 setWorkload: users write 1000 transactions a second",
      "instance-1 receives",
      "instance-1 ACTIVE → DETACH_REPLICA detachReplica",
      "instance-1 DETACH_REPLICA → ACTIVE detach is done: cut from instance-0",
      "instance-0 moveClients: its users go to instance-1, 11000 transactions lost",
      "instance-1 users write 1000 transactions a second",
    ],
  ],
  [
    "a group that fails over",
    group,
    (sim) => {
      sim.advance(10_000);
      sim.inject({ kind: "crash", instanceId: "instance-0" });
      sim.settle();
    },
    [
      "instance-0 setWorkload: users write 1000 transactions a second",
      "instance-1 receives",
      "instance-0 ACTIVE → SHUTDOWN injectFault: its service crashes; writes are not possible",
      "instance-1 ACTIVE → REPLICATION_ERROR receives nothing",
      "orders ACTIVE → HA_FAILOVER detectFailure is done: gives up instance-0 for instance-1",
      "orders HA_FAILOVER → ADDING_REPLICA failover is done: instance-1 is its source after instance-0",
      "instance-1 REPLICATION_ERROR → ACTIVE cut from instance-0; users can write again after 20 s",
      "instance-0 SHUTDOWN → DELETION_PENDING leaves orders; fault crash is superseded (instance instance-0 is DELETION_PENDING); its users go to instance-1",
      "instance-0 (2) → BUILD mysql 5.6, flavor 2, 10 GB; replicates from instance-1; joins orders as replica; receives nothing",
      "instance-0 DELETION_PENDING → gone delete is done",
      "instance-0 (2) BUILD → ACTIVE build is done: receives",
      "orders ADDING_REPLICA → ACTIVE",
    ],
  ],
  [
    "a group that has no replica left",
    group,
    (sim) => {
      sim.advance(10_000);
      sim.inject({ kind: "crash", instanceId: "instance-1" });
      sim.inject({ kind: "crash", instanceId: "instance-0" });
      sim.settle();
    },
    [
      "instance-0 setWorkload: users write 1000 transactions a second",
      "instance-1 receives",
      "instance-1 SHUTDOWN → REPLICATION_ERROR injectFault: its service crashes; receives nothing",
      "orders ACTIVE → REPLICATION_ERROR",
      "instance-0 commits wait: no replica acknowledges",
      "instance-0 ACTIVE → SHUTDOWN injectFault: its service crashes; writes are not possible; waiting commits are interrupted after 0 s",
      "orders REPLICATION_ERROR → HA_FAILOVER detectFailure is done: gives up instance-0, and no replica is eligible",
      "orders HA_FAILOVER → REPLICATION_ERROR failover has failed: no replica is promoted: no replica is left that can be promoted; no replica is left that can be promoted",
    ],
  ],
  [
    "roles that change while all is well",
    pair,
    (sim) => {
      sim.advance(10_000);
      sim.promoteReplica("instance-1");
      sim.settle();
    },
    [
      "instance-0 setWorkload: users write 1000 transactions a second",
      "instance-1 receives",
      "instance-1 ACTIVE → DETACH_REPLICA promoteReplica",
      "instance-1 DETACH_REPLICA → ACTIVE promote is done: is the source of its set after instance-0; cut from instance-0",
      "instance-0 replicates from instance-1; writes are not possible; receives",
    ],
  ],
  [
    "a replica that is cut off for 5 s",
    pair,
    (sim) => {
      sim.inject({ kind: "partition", instanceId: "instance-1", durationMs: 5_000 });
      sim.advance(10_000);
    },
    [
      "instance-0 setWorkload: users write 1000 transactions a second",
      "instance-1 receives",
      "instance-1 injectFault: it is cut off from replicas and monitor, and its clients reach it for 5 s; receives nothing",
      "instance-1 a fault ends: fault partition is expired; is reached again; receives",
    ],
  ],
];

test.each(cases)("%s", (_, world, step, lines) => {
  const sim = world();
  const since = sim.journal().lines.length;
  sim.setWorkload("instance-0", rate);
  step(sim);
  const timeline = journalTimeline(sim.journal(), { since }).split("\n");
  const reported = timeline.map((line) =>
    line
      .replace(/^\S+ +#\d+/, "")
      .replace(/ ← #\d+$/, "")
      .trim()
      .replace(/ +/g, " "),
  );
  expect(reported).toEqual(lines);
});
