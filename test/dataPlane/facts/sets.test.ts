import type { ReplicationSimulator } from "replication-simulator";
import { pair, trio } from "../../rules/fixtures.js";
import { rate, testFacts } from "./factCases.js";

/* Links and logs of replication sets, whose commits wait for no replica. */

testFacts([
  [
    "a line that is cut for 30 s, and a source that is down for 20 s",
    pair,
    (sim) => {
      sim.advance(60_000);
      sim.inject({ kind: "cutLink", replicaId: "instance-1", durationMs: 30_000 });
      sim.advance(42_000);
      sim.inject({ kind: "crash", instanceId: "instance-0", durationMs: 20_000 });
      sim.advance(25_000);
      sim.setWorkload("instance-0", { transactionsPerSecond: 0 });
      sim.advance(5_000);
    },
    [
      "60: instance-1 of instance-0 applies, received 59 applied 58, cut",
      "90: instance-1 of instance-0 receives applies, received 59 applied 59",
      "102: WritesInterrupted instance-0: 0+1000 at 0, 102000+0 at 102; waiting since 102",
      "102: instance-1 of instance-0 applies, received 101 applied 100",
      "122: WritesResumed instance-0, unavailableMs 20000, lostTransactions 0, replacedId null: 0+1000 at 0, 102000+0 at 102, 102000+1000 at 122",
      "122: instance-1 of instance-0 receives applies, received 101 applied 101",
      "127: WorkloadSet instance-0: 102000+1000 at 122, 107000+0 at 127",
    ],
  ],
  [
    "replication that breaks, a slow line, and a replica that takes over by hand",
    trio,
    (sim) => {
      sim.advance(10_000);
      sim.inject({ kind: "breakReplication", replicaId: "instance-1", durationMs: 20_000 });
      sim.inject({
        kind: "slowLink",
        replicaId: "instance-2",
        factor: 4,
        lagMs: 500,
        durationMs: 20_000,
      });
      sim.advance(40_000);
      sim.inject({ kind: "crash", instanceId: "instance-0" });
      sim.advance(1_000);
      sim.detachReplica("instance-1");
      sim.advance(20_000);
    },
    [
      "10: instance-1 of instance-0 receives, received 9 applied 8, error 1062",
      "10: instance-2 of instance-0 receives applies, received 9 applied 8, slow factor 4 extraLagMs 500",
      "30: instance-1 of instance-0 receives applies, received 29 applied 8",
      "30: instance-2 of instance-0 receives applies, received 13.875 applied 13.875",
      "50: WritesInterrupted instance-0: 0+1000 at 0, 50000+0 at 50; waiting since 50",
      "50: instance-1 of instance-0 applies, received 49 applied 48",
      "50: instance-2 of instance-0 applies, received 49 applied 48",
      "56: LogStarted instance-1, replacedId instance-0, lostTransactions 1000: 49000+0 at 56; waiting since 50",
      "56: WorkloadMoved instance-0, toId instance-1, lostTransactions 0: 0+1000 at 0, 50000+0 at 50, 50000+0 at 56",
      "56: WritesResumed instance-1, unavailableMs 6000, lostTransactions 1000, replacedId instance-0: 49000+1000 at 56",
    ],
  ],
  [
    "replication that breaks, which neither a restart nor a source that comes back mends",
    pair,
    (sim) => {
      sim.advance(10_000);
      sim.inject({ kind: "breakReplication", replicaId: "instance-1" });
      sim.inject({ kind: "crash", instanceId: "instance-1" });
      sim.advance(10_000);
      sim.inject({ kind: "crash", instanceId: "instance-0" });
      sim.advance(10_000);
      sim.inject({ kind: "recover", instanceId: "instance-1" });
      sim.advance(10_000);
      sim.inject({ kind: "recover", instanceId: "instance-0" });
      sim.advance(10_000);
      sim.inject({ kind: "repairReplication", replicaId: "instance-1" });
    },
    [
      "10: instance-1 of instance-0 receives, received 9 applied 8, error 1062",
      "10: instance-1 of instance-0 stands, received 9 applied 8, error 1062",
      "20: WritesInterrupted instance-0: 0+1000 at 0, 20000+0 at 20; waiting since 20",
      "40: WritesResumed instance-0, unavailableMs 20000, lostTransactions 0, replacedId null: 0+1000 at 0, 20000+0 at 20, 20000+1000 at 40",
      "40: instance-1 of instance-0 receives, received 9 applied 8, error 1062",
      "50: instance-1 of instance-0 receives applies, received 49 applied 8",
    ],
  ],
  [
    "replication that breaks while the line is cut",
    pair,
    (sim) => {
      sim.advance(10_000);
      sim.inject({ kind: "cutLink", replicaId: "instance-1" });
      sim.inject({ kind: "breakReplication", replicaId: "instance-1" });
      sim.advance(10_000);
      sim.inject({ kind: "restoreLink", replicaId: "instance-1" });
      sim.inject({ kind: "repairReplication", replicaId: "instance-1" });
    },
    [
      "10: instance-1 of instance-0 applies, received 9 applied 8, cut",
      "10: instance-1 of instance-0 stands, received 9 applied 8, cut, error 1062",
      "20: instance-1 of instance-0 receives, received 9 applied 8, error 1062",
      "20: instance-1 of instance-0 receives applies, received 9 applied 8",
    ],
  ],
  [
    "a line that is late and carries less: nothing is saved up while nothing comes",
    pair,
    (sim) => {
      sim.advance(10_000);
      sim.inject({ kind: "slowLink", replicaId: "instance-1", factor: 10, lagMs: 9_000 });
      sim.advance(19_000);
      sim.inject({ kind: "restoreLink", replicaId: "instance-1" });
    },
    [
      "10: instance-1 of instance-0 receives applies, received 9 applied 8, slow factor 10 extraLagMs 9000",
      "29: instance-1 of instance-0 receives applies, received 10 applied 10",
    ],
  ],
  [
    "what is lost after the users have ended: reported once, and not when later ones resume",
    pair,
    (sim) => {
      sim.advance(10_000);
      sim.setWorkload("instance-0", { transactionsPerSecond: 0 });
      sim.inject({ kind: "crash", instanceId: "instance-0" });
      sim.detachReplica("instance-1");
      sim.settle();
      sim.setWorkload("instance-1", rate);
      sim.advance(5_000);
      sim.inject({ kind: "crash", instanceId: "instance-1", durationMs: 10_000 });
      sim.advance(10_000);
    },
    [
      "10: WorkloadSet instance-0: 0+1000 at 0, 10000+0 at 10",
      "10: instance-1 of instance-0 applies, received 9 applied 8",
      "15: LogStarted instance-1, replacedId instance-0, lostTransactions 1000: 9000+0 at 15",
      "15: WorkloadMoved instance-0, toId instance-1, lostTransactions 0: 0+1000 at 0, 10000+0 at 10, 10000+0 at 15",
      "15: WorkloadSet instance-1: 9000+1000 at 15",
      "20: WritesInterrupted instance-1: 9000+1000 at 15, 14000+0 at 20; waiting since 20",
      "30: WritesResumed instance-1, unavailableMs 10000, lostTransactions 0, replacedId null: 14000+0 at 20, 14000+1000 at 30",
    ],
  ],
  [
    "a replica that is detached from a source that is well",
    trio,
    (sim) => {
      sim.advance(10_000);
      sim.detachReplica("instance-1");
      sim.settle();
    },
    ["15: LogStarted instance-1, replacedId instance-0, lostTransactions 0: 14000+0 at 15"],
  ],
  [
    "a source that is deleted with its log, after its replica was detached",
    pair,
    (sim) => {
      sim.advance(10_000);
      sim.detachReplica("instance-1");
      sim.settle();
      sim.deleteInstance("instance-0");
      sim.settle();
    },
    [
      "15: LogStarted instance-1, replacedId instance-0, lostTransactions 0: 14000+0 at 15",
      "15: WritesInterrupted instance-0: 0+1000 at 0, 15000+0 at 15; waiting since 15",
    ],
  ],
  [
    "a replica that is added to a source that is written to",
    pair,
    (sim) => {
      sim.advance(10_000);
      sim.createReplica({ flavorId: "2", volumeGb: 10, replicaOf: "instance-0" });
      sim.settle();
    },
    [
      "10: WritesInterrupted instance-0: 0+1000 at 0, 10000+0 at 10; waiting since 10",
      "10: instance-1 of instance-0 applies, received 9 applied 8",
      "10: instance-2 of instance-0 stands, received 10 applied 10",
      "13: WritesResumed instance-0, unavailableMs 3000, lostTransactions 0, replacedId null: 0+1000 at 0, 10000+0 at 10, 10000+1000 at 13",
      "13: instance-1 of instance-0 receives applies, received 9 applied 9",
      "65: instance-2 of instance-0 receives applies, received 10 applied 10",
    ],
  ],
  [
    "a replica that hangs, restarts, and is down while it is written to",
    pair,
    (sim) => {
      sim.advance(10_000);
      sim.inject({ kind: "hang", instanceId: "instance-1", durationMs: 5_000 });
      sim.advance(20_000);
      sim.restartInstance("instance-1");
      sim.settle();
    },
    [
      "10: instance-1 of instance-0 stands, received 9 applied 8",
      "15: instance-1 of instance-0 receives applies, received 9 applied 8",
      "30: instance-1 of instance-0 stands, received 29 applied 28",
      "35: instance-1 of instance-0 receives applies, received 29 applied 28",
    ],
  ],
  [
    "users who write otherwise, also while they cannot",
    pair,
    (sim) => {
      sim.advance(10_000);
      sim.setWorkload("instance-0", { transactionsPerSecond: 10 });
      sim.advance(10_000);
      sim.restartInstance("instance-0");
      sim.advance(1_000);
      sim.setWorkload("instance-0", { transactionsPerSecond: 500 });
      sim.settle();
      sim.advance(5_000);
    },
    [
      "10: WorkloadSet instance-0: 0+1000 at 0, 10000+10 at 10",
      "20: WritesInterrupted instance-0: 10000+10 at 10, 10100 (200000 B)+0 at 20; waiting since 20",
      "20: instance-1 of instance-0 applies, received 19 applied 18",
      "21: WorkloadSet instance-0: 10000+10 at 10, 10100 (200000 B)+0 at 20, 10100 (200000 B)+0 at 21; waiting since 20",
      "25: WritesResumed instance-0, unavailableMs 5000, lostTransactions 0, replacedId null: 10000+10 at 10, 10100 (200000 B)+0 at 20, 10100 (200000 B)+0 at 21, 10100 (200000 B)+500 at 25",
      "25: instance-1 of instance-0 receives applies, received 19 applied 19",
    ],
  ],
  [
    "replicas that a partition keeps from the promoted one: it keeps the writes that they have not read",
    trio,
    (sim) => {
      sim.advance(10_000);
      sim.setWorkload("instance-0", { transactionsPerSecond: 500, bytesPerTransaction: 10 });
      sim.inject({ kind: "partition", instanceId: "instance-2", durationMs: 60_000 });
      sim.advance(10_000);
      sim.promoteReplica("instance-1", { moveClients: true });
      sim.advance(20_000);
      sim.setWorkload("instance-1", { transactionsPerSecond: 10, bytesPerTransaction: 10 });
      sim.advance(60_000);
    },
    [
      "10: WorkloadSet instance-0: 0+1000 at 0, 10000+500 at 10",
      "10: instance-2 of instance-0 applies, received 9 applied 8",
      "25.223: instance-0 has no log",
      "25.223: LogStarted instance-1, replacedId instance-0, lostTransactions 0: 0+1000 at 0, 10000+500 at 10, 17611+0 at 25.223; waiting since 25.223",
      "25.223: WritesResumed instance-1, unavailableMs 0, lostTransactions 0, replacedId instance-0: 0+1000 at 0, 10000+500 at 10, 17611+500 at 25.223",
      "25.223: instance-0 of instance-1 receives applies, received 25.223 applied 25.223",
      "25.223: instance-2 of instance-1 applies, received 9 applied 9",
      "40: WorkloadSet instance-1: 0+1000 at 0, 10000+500 at 10, 17611+500 at 25.223, 24999+10 at 40",
      "70: instance-2 of instance-1 receives applies, received 9 applied 9",
    ],
  ],
  [
    "a source whose clients stay when another is promoted, and that gets the clients of both when it is back",
    pair,
    (sim) => {
      sim.advance(10_000);
      sim.promoteReplica("instance-1");
      sim.settle();
      sim.advance(10_000);
      sim.setWorkload("instance-1", { transactionsPerSecond: 1000, bytesPerTransaction: 20 });
      sim.advance(10_000);
      sim.promoteReplica("instance-0", { moveClients: true });
      sim.settle();
      sim.advance(10_000);
      sim.inject({ kind: "crash", instanceId: "instance-0" });
    },
    [
      "15.223: LogStarted instance-1, replacedId instance-0, lostTransactions 0: 15223+0 at 15.223",
      "15.223: WritesInterrupted instance-0: 0+1000 at 0, 15223+0 at 15.223; waiting since 15.223",
      "15.223: instance-0 of instance-1 receives applies, received 15.223 applied 15.223",
      "25.223: WorkloadSet instance-1: 15223+0 at 15.223, 15223+1000 at 25.223",
      "40.446: LogStarted instance-0, replacedId instance-1, lostTransactions 0: 30446 (456690 B)+0 at 40.446; waiting since 15.223",
      "40.446: WorkloadMoved instance-1, toId instance-0, lostTransactions 0: 15223+1000 at 25.223, 30446 (456690 B)+0 at 40.446",
      "40.446: instance-1 has no log",
      "40.446: WritesResumed instance-0, unavailableMs 25223, lostTransactions 0, replacedId instance-1: 30446 (456690 B)+2000 at 40.446",
      "40.446: instance-1 of instance-0 receives applies, received 40.446 applied 40.446",
      "50.446: WritesInterrupted instance-0: 30446 (456690 B)+2000 at 40.446, 50446 (756690 B)+0 at 50.446; waiting since 50.446",
      "50.446: instance-1 of instance-0 applies, received 49.446 applied 48.446",
    ],
  ],
  [
    "a set that becomes a group, and members that leave it",
    trio,
    (sim) => {
      sim.advance(10_000);
      sim.convertToHa("instance-0", { name: "orders" });
      sim.settle();
      sim.removeReplica("group-0", "instance-2");
      sim.settle();
      sim.deleteHaGroup("group-0");
      sim.settle();
    },
    [
      "130: AcknowledgementChanged instance-0: 0+1000 at 0; degraded 130 waits from 130 until 131",
      "131: SemiSynchronousRestored instance-0: 0+1000 at 0; on 130",
      "138: LogStarted instance-2, replacedId instance-0, lostTransactions 0: 137000+0 at 138",
      "138: AcknowledgementChanged instance-0: 0+1000 at 0; on 137",
      "138: WritesInterrupted instance-0: 0+1000 at 0, 138000+0 at 138; waiting since 138; on 137",
      "138: instance-1 of instance-0 stands, received 137 applied 136",
      "138: AcknowledgementChanged instance-0: 0+1000 at 0, 138000+0 at 138; waiting since 138; on 137",
      "148: LogStarted instance-1, replacedId instance-0, lostTransactions 0: 137000+0 at 148",
    ],
  ],
  [
    "a disk that is full: nothing more is received until there is room",
    pair,
    (sim) => {
      sim.advance(10_000);
      sim.setDataSize("instance-0", 10);
      sim.advance(10_000);
      sim.setDataSize("instance-0", 9);
      sim.advance(10_000);
    },
    [
      "10: instance-1 of instance-0 applies, received 9 applied 8",
      "20: instance-1 of instance-0 receives applies, received 9 applied 9",
    ],
  ],
  [
    "a source without writes: its replicas have links only where a fault has made one, and these follow their states",
    twoPairs,
    (sim) => {
      sim.inject({ kind: "hang", instanceId: "instance-3", durationMs: 10_000 });
      sim.advance(20_000);
      sim.inject({ kind: "cutLink", replicaId: "instance-3", durationMs: 20_000 });
      sim.advance(10_000);
      sim.inject({ kind: "hang", instanceId: "instance-3", durationMs: 20_000 });
      sim.advance(30_000);
    },
    [
      "20: instance-3 of instance-2 applies, received 20 applied 20, cut",
      "30: instance-3 of instance-2 stands, received 20 applied 20, cut",
      "40: instance-3 of instance-2 stands, received 20 applied 20",
      "50: instance-3 of instance-2 receives applies, received 20 applied 20",
    ],
  ],
]);

/** Two sets, of which users write to the first one. */
function twoPairs(): ReplicationSimulator {
  const sim = pair();
  sim.createInstance({ flavorId: "2", volumeGb: 10 });
  sim.settle();
  sim.createReplica({ flavorId: "2", volumeGb: 10, replicaOf: "instance-2" });
  sim.settle();
  return sim;
}
