import { group, largeGroup } from "../../rules/fixtures.js";
import { rate, testFacts } from "./factCases.js";

/* Links, logs and acknowledgements of HA groups, whose commits wait for a replica. */

testFacts([
  [
    "a group that waits again at once for a line that has become later, but not too late",
    group,
    (sim) => {
      sim.inject({ kind: "cutLink", replicaId: "instance-1" });
      sim.advance(15_000);
      sim.inject({ kind: "restoreLink", replicaId: "instance-1" });
      sim.advance(1_400);
      sim.inject({ kind: "slowLink", replicaId: "instance-1", lagMs: 5_000 });
      sim.advance(20_000);
    },
    [
      "0: instance-1 of instance-0 applies, received 0 applied 0, cut",
      "0: AcknowledgementChanged instance-0: 0+1000 at 0; on 0 until 10.001",
      "0: CommitsStalled instance-0: 0+1000 at 0; on 0 until 10.001",
      "10.001: SemiSynchronousDegraded instance-0: 0+1000 at 0; degraded 10.001",
      "10.001: CommitStallEnded instance-0, stalledMs 10001, outcome degraded: 0+1000 at 0; degraded 10.001",
      "15: instance-1 of instance-0 receives applies, received 0 applied 0",
      "15: AcknowledgementChanged instance-0: 0+1000 at 0; degraded 15 waits from 16.556 until 17.556",
      "16.4: instance-1 of instance-0 receives applies, received 14 applied 14, slow extraLagMs 5000",
      "16.4: AcknowledgementChanged instance-0: 0+1000 at 0; degraded 16.4 waits from 16.4 until 22.4",
      "22.4: SemiSynchronousRestored instance-0: 0+1000 at 0; on 16.4",
    ],
  ],
  [
    "a failover that loses nothing that was acknowledged",
    group,
    (sim) => {
      sim.advance(10_000);
      sim.inject({ kind: "crash", instanceId: "instance-0" });
      sim.settle();
      sim.advance(20_000);
    },
    [
      "10: WritesInterrupted instance-0: 0+1000 at 0, 10000+0 at 10; waiting since 10; on 0",
      "10: instance-1 of instance-0 applies, received 9 applied 8",
      "10: AcknowledgementChanged instance-0: 0+1000 at 0, 10000+0 at 10; waiting since 10; on 9",
      "30: LogStarted instance-1, replacedId instance-0, lostTransactions 0: 9000+0 at 30; waiting since 10",
      "30: WorkloadMoved instance-0, toId instance-1, lostTransactions 0: 0+1000 at 0, 10000+0 at 10, 10000+0 at 30; on 9",
      "30: WritesResumed instance-1, unavailableMs 20000, lostTransactions 0, replacedId instance-0: 9000+1000 at 30",
      "30: instance-2 of instance-1 stands, received 30 applied 30",
      "30: AcknowledgementChanged instance-0: 0+1000 at 0, 10000+0 at 10, 10000+0 at 30",
      "30: AcknowledgementChanged instance-1: 9000+1000 at 30; degraded 30",
      "104: instance-2 of instance-1 receives applies, received 30 applied 30",
      "104: AcknowledgementChanged instance-1: 9000+1000 at 30; degraded 104 waits from 112.112 until 113.112",
      "113.112: SemiSynchronousRestored instance-1: 9000+1000 at 30; on 112.112",
    ],
  ],
  [
    "a group whose replicas are cut off in turn, and a failover that loses what was written since",
    largeGroup,
    (sim) => {
      sim.advance(10_000);
      sim.inject({ kind: "cutLink", replicaId: "instance-1", durationMs: 60_000 });
      sim.advance(5_000);
      sim.inject({ kind: "cutLink", replicaId: "instance-2", durationMs: 90_000 });
      sim.advance(30_000);
      sim.inject({ kind: "crash", instanceId: "instance-0" });
      sim.settle();
    },
    [
      "10: instance-1 of instance-0 applies, received 9 applied 8, cut",
      "10: AcknowledgementChanged instance-0: 0+1000 at 0; on 9",
      "15: instance-2 of instance-0 applies, received 14 applied 13, cut",
      "15: AcknowledgementChanged instance-0: 0+1000 at 0; on 14 until 24.001",
      "15: CommitsStalled instance-0: 0+1000 at 0; on 14 until 24.001",
      "24.001: SemiSynchronousDegraded instance-0: 0+1000 at 0; degraded 24.001",
      "24.001: CommitStallEnded instance-0, stalledMs 9001, outcome degraded: 0+1000 at 0; degraded 24.001",
      "45: WritesInterrupted instance-0: 0+1000 at 0, 45000+0 at 45; waiting since 45; degraded 24.001",
      "45: AcknowledgementChanged instance-0: 0+1000 at 0, 45000+0 at 45; waiting since 45; degraded 45",
      "65: LogStarted instance-2, replacedId instance-0, lostTransactions 31000: 14000+0 at 65; waiting since 45",
      "65: WorkloadMoved instance-0, toId instance-2, lostTransactions 0: 0+1000 at 0, 45000+0 at 45, 45000+0 at 65; degraded 45",
      "65: WritesResumed instance-2, unavailableMs 20000, lostTransactions 31000, replacedId instance-0: 14000+1000 at 65",
      "65: instance-1 of instance-2 receives applies, received 65 applied 65",
      "65: instance-3 of instance-2 stands, received 65 applied 65",
      "65: AcknowledgementChanged instance-0: 0+1000 at 0, 45000+0 at 45, 45000+0 at 65",
      "65: AcknowledgementChanged instance-2: 14000+1000 at 65; on 65",
      "139: instance-3 of instance-2 receives applies, received 65 applied 65",
      "139: AcknowledgementChanged instance-2: 14000+1000 at 65; on 138",
    ],
  ],
  [
    "a group that degrades, is restored, and changes its source by order",
    group,
    (sim) => {
      sim.advance(10_000);
      sim.inject({ kind: "cutLink", replicaId: "instance-1", durationMs: 20_000 });
      sim.advance(60_000);
      sim.forceFailover("group-0");
      sim.settle();
    },
    [
      "10: instance-1 of instance-0 applies, received 9 applied 8, cut",
      "10: AcknowledgementChanged instance-0: 0+1000 at 0; on 9 until 19.001",
      "10: CommitsStalled instance-0: 0+1000 at 0; on 9 until 19.001",
      "19.001: SemiSynchronousDegraded instance-0: 0+1000 at 0; degraded 19.001",
      "19.001: CommitStallEnded instance-0, stalledMs 9001, outcome degraded: 0+1000 at 0; degraded 19.001",
      "30: instance-1 of instance-0 receives applies, received 9 applied 9",
      "30: AcknowledgementChanged instance-0: 0+1000 at 0; degraded 30 waits from 32.223 until 33.223",
      "33.223: SemiSynchronousRestored instance-0: 0+1000 at 0; on 32.223",
      "81.223: instance-0 has no log",
      "81.223: LogStarted instance-1, replacedId instance-0, lostTransactions 0: 81223+0 at 81.223; waiting since 81.223",
      "81.223: WritesResumed instance-1, unavailableMs 0, lostTransactions 0, replacedId instance-0: 81223+1000 at 81.223",
      "81.223: instance-0 of instance-1 receives applies, received 81.223 applied 81.223",
      "81.223: AcknowledgementChanged instance-1: 81223+1000 at 81.223; on 81.223",
    ],
  ],
  [
    "a group whose only line is slower than it waits",
    group,
    (sim) => {
      sim.advance(10_000);
      sim.inject({ kind: "slowLink", replicaId: "instance-1", lagMs: 9_500, durationMs: 60_000 });
      sim.advance(90_000);
    },
    [
      "10: instance-1 of instance-0 receives applies, received 9 applied 8, slow extraLagMs 9500",
      "10: AcknowledgementChanged instance-0: 0+1000 at 0; on 9 until 19.001",
      "19.001: SemiSynchronousDegraded instance-0: 0+1000 at 0; degraded 19.001",
      "70: instance-1 of instance-0 receives applies, received 59.5 applied 58.5",
      "70: AcknowledgementChanged instance-0: 0+1000 at 0; degraded 70 waits from 71.056 until 72.056",
      "72.056: SemiSynchronousRestored instance-0: 0+1000 at 0; on 71.056",
    ],
  ],
  [
    "a group whose line carries less than is written",
    group,
    (sim) => {
      sim.advance(10_000);
      sim.inject({ kind: "slowLink", replicaId: "instance-1", factor: 2, durationMs: 60_000 });
      sim.advance(90_000);
    },
    [
      "10: instance-1 of instance-0 receives applies, received 9 applied 8, slow factor 2",
      "10: AcknowledgementChanged instance-0: 0+1000 at 0; on 9 until 28.001",
      "28.001: SemiSynchronousDegraded instance-0: 0+1000 at 0; degraded 28.001",
      "70: instance-1 of instance-0 receives applies, received 39 applied 39",
      "70: AcknowledgementChanged instance-0: 0+1000 at 0; degraded 70 waits from 73.334 until 74.334",
      "74.334: SemiSynchronousRestored instance-0: 0+1000 at 0; on 73.334",
    ],
  ],
  [
    "commits that wait for the only replica, until it is back in time",
    group,
    (sim) => {
      sim.advance(10_000);
      sim.inject({ kind: "cutLink", replicaId: "instance-1", durationMs: 5_000 });
      sim.advance(10_000);
    },
    [
      "10: instance-1 of instance-0 applies, received 9 applied 8, cut",
      "10: AcknowledgementChanged instance-0: 0+1000 at 0; on 9 until 19.001",
      "10: CommitsStalled instance-0: 0+1000 at 0; on 9 until 19.001",
      "15: instance-1 of instance-0 receives applies, received 9 applied 9",
      "15: AcknowledgementChanged instance-0: 0+1000 at 0; on 9",
      "15: CommitStallEnded instance-0, stalledMs 5000, outcome acknowledged: 0+1000 at 0; on 9",
    ],
  ],
  [
    "commits that wait when users begin to write, and no more when they end",
    group,
    (sim) => {
      sim.setWorkload("instance-0", { transactionsPerSecond: 0 });
      sim.inject({ kind: "cutLink", replicaId: "instance-1" });
      sim.advance(10_000);
      sim.setWorkload("instance-0", rate);
      sim.advance(2_000);
      sim.setWorkload("instance-0", { transactionsPerSecond: 0 });
      sim.advance(20_000);
    },
    [
      "0: WorkloadSet instance-0: 0+0 at 0; on 0",
      "0: AcknowledgementChanged instance-0: 0+0 at 0; on 0",
      "0: instance-1 of instance-0 applies, received 0 applied 0, cut",
      "0: AcknowledgementChanged instance-0: 0+0 at 0; on 0",
      "10: WorkloadSet instance-0: 0+0 at 0, 0+1000 at 10; on 0",
      "10: AcknowledgementChanged instance-0: 0+0 at 0, 0+1000 at 10; on 0 until 20.001",
      "10: CommitsStalled instance-0: 0+0 at 0, 0+1000 at 10; on 0 until 20.001",
      "12: WorkloadSet instance-0: 0+0 at 0, 0+1000 at 10, 2000+0 at 12; on 0 until 20.001",
      "12: AcknowledgementChanged instance-0: 0+0 at 0, 0+1000 at 10, 2000+0 at 12; on 0 until 20.001",
      "12: CommitStallEnded instance-0, stalledMs 2000, outcome interrupted: 0+0 at 0, 0+1000 at 10, 2000+0 at 12; on 0 until 20.001",
      "20.001: SemiSynchronousDegraded instance-0: 0+0 at 0, 0+1000 at 10, 2000+0 at 12; degraded 20.001",
    ],
  ],
  [
    "commits that wait while a group gets another source by order: they go with it",
    group,
    (sim) => {
      sim.advance(10_000);
      sim.forceFailover("group-0");
      sim.advance(2_500);
      sim.inject({ kind: "cutLink", replicaId: "instance-1" });
      sim.settle();
    },
    [
      "12.5: instance-1 of instance-0 applies, received 11.5 applied 10.5, cut",
      "12.5: AcknowledgementChanged instance-0: 0+1000 at 0; on 11.5 until 21.501",
      "12.5: CommitsStalled instance-0: 0+1000 at 0; on 11.5 until 21.501",
      "21.223: CommitStallEnded instance-0, stalledMs 8723, outcome interrupted: 0+1000 at 0; on 11.5 until 21.501",
      "21.223: instance-0 has no log",
      "21.223: LogStarted instance-1, replacedId instance-0, lostTransactions 0: 11500+0 at 21.223; waiting since 21.223",
      "21.223: WritesResumed instance-1, unavailableMs 0, lostTransactions 0, replacedId instance-0: 11500+1000 at 21.223",
      "21.223: instance-0 of instance-1 receives applies, received 21.223 applied 21.223",
      "21.223: AcknowledgementChanged instance-1: 11500+1000 at 21.223; on 21.223",
    ],
  ],
  [
    "a source that waits for no replica, is down meanwhile, and waits again",
    group,
    (sim) => {
      sim.advance(10_000);
      sim.inject({ kind: "cutLink", replicaId: "instance-1", durationMs: 14_000 });
      sim.advance(12_000);
      sim.inject({ kind: "crash", instanceId: "instance-0", durationMs: 5_000 });
      sim.advance(20_000);
    },
    [
      "10: instance-1 of instance-0 applies, received 9 applied 8, cut",
      "10: AcknowledgementChanged instance-0: 0+1000 at 0; on 9 until 19.001",
      "10: CommitsStalled instance-0: 0+1000 at 0; on 9 until 19.001",
      "19.001: SemiSynchronousDegraded instance-0: 0+1000 at 0; degraded 19.001",
      "19.001: CommitStallEnded instance-0, stalledMs 9001, outcome degraded: 0+1000 at 0; degraded 19.001",
      "22: WritesInterrupted instance-0: 0+1000 at 0, 22000+0 at 22; waiting since 22; degraded 19.001",
      "22: AcknowledgementChanged instance-0: 0+1000 at 0, 22000+0 at 22; waiting since 22; degraded 22",
      "24: instance-1 of instance-0 applies, received 9 applied 9",
      "24: AcknowledgementChanged instance-0: 0+1000 at 0, 22000+0 at 22; waiting since 22; degraded 24",
      "27: WritesResumed instance-0, unavailableMs 5000, lostTransactions 0, replacedId null: 0+1000 at 0, 22000+0 at 22, 22000+1000 at 27; degraded 24",
      "27: instance-1 of instance-0 receives applies, received 9 applied 9",
      "27: AcknowledgementChanged instance-0: 0+1000 at 0, 22000+0 at 22, 22000+1000 at 27; degraded 27 waits from 28.334 until 29.334",
      "29.334: SemiSynchronousRestored instance-0: 0+1000 at 0, 22000+0 at 22, 22000+1000 at 27; on 28.334",
    ],
  ],
  [
    "a source that waits again for the first of two replicas that has caught up",
    largeGroup,
    (sim) => {
      sim.advance(10_000);
      sim.inject({ kind: "cutLink", replicaId: "instance-1", durationMs: 30_000 });
      sim.advance(10_000);
      sim.inject({ kind: "cutLink", replicaId: "instance-2", durationMs: 20_000 });
      sim.advance(30_000);
    },
    [
      "10: instance-1 of instance-0 applies, received 9 applied 8, cut",
      "10: AcknowledgementChanged instance-0: 0+1000 at 0; on 9",
      "20: instance-2 of instance-0 applies, received 19 applied 18, cut",
      "20: AcknowledgementChanged instance-0: 0+1000 at 0; on 19 until 29.001",
      "20: CommitsStalled instance-0: 0+1000 at 0; on 19 until 29.001",
      "29.001: SemiSynchronousDegraded instance-0: 0+1000 at 0; degraded 29.001",
      "29.001: CommitStallEnded instance-0, stalledMs 9001, outcome degraded: 0+1000 at 0; degraded 29.001",
      "40: instance-1 of instance-0 receives applies, received 9 applied 9",
      "40: AcknowledgementChanged instance-0: 0+1000 at 0; degraded 40 waits from 43.334 until 44.334",
      "40: instance-2 of instance-0 receives applies, received 19 applied 19",
      "40: AcknowledgementChanged instance-0: 0+1000 at 0; degraded 40 waits from 42.223 until 43.223",
      "43.223: SemiSynchronousRestored instance-0: 0+1000 at 0; on 42.223",
    ],
  ],
  [
    "a source that waits again for a replica whose line is late, and is answered by one that still catches up",
    largeGroup,
    (sim) => {
      sim.inject({ kind: "slowLink", replicaId: "instance-1", lagMs: 20_000 });
      sim.advance(10_000);
      sim.inject({ kind: "cutLink", replicaId: "instance-2" });
      sim.advance(50_000);
      sim.inject({ kind: "restoreLink", replicaId: "instance-1" });
      sim.inject({ kind: "slowLink", replicaId: "instance-1", lagMs: 5_000 });
      sim.inject({ kind: "restoreLink", replicaId: "instance-2" });
      sim.advance(10_000);
    },
    [
      "0: instance-1 of instance-0 receives applies, received 0 applied 0, slow extraLagMs 20000",
      "0: AcknowledgementChanged instance-0: 0+1000 at 0; on 0",
      "10: instance-2 of instance-0 applies, received 9 applied 8, cut",
      "10: AcknowledgementChanged instance-0: 0+1000 at 0; on 9 until 19.001",
      "19.001: SemiSynchronousDegraded instance-0: 0+1000 at 0; degraded 19.001",
      "60: instance-1 of instance-0 receives applies, received 39 applied 38",
      "60: AcknowledgementChanged instance-0: 0+1000 at 0; degraded 60 waits from 62.223 until 63.223",
      "60: instance-1 of instance-0 receives applies, received 39 applied 38, slow extraLagMs 5000",
      "60: AcknowledgementChanged instance-0: 0+1000 at 0; degraded 60 waits from 61.667 until 67.667",
      "60: instance-2 of instance-0 receives applies, received 9 applied 9",
      "60: AcknowledgementChanged instance-0: 0+1000 at 0; degraded 60 waits from 61.667 until 65.267",
      "65.267: SemiSynchronousRestored instance-0: 0+1000 at 0; on 61.667",
    ],
  ],
  [
    "a line that is as late as a source waits: in time",
    group,
    (sim) => {
      sim.advance(10_000);
      sim.inject({ kind: "slowLink", replicaId: "instance-1", lagMs: 9_000 });
      sim.advance(60_000);
    },
    [
      "10: instance-1 of instance-0 receives applies, received 9 applied 8, slow extraLagMs 9000",
      "10: AcknowledgementChanged instance-0: 0+1000 at 0; on 9",
    ],
  ],
  [
    "a replica that was ahead and has too much to apply: what it has received is not lost",
    largeGroup,
    (sim) => {
      sim.setWorkload("instance-0", { transactionsPerSecond: 1000, bytesPerTransaction: 10_000 });
      sim.advance(10_000);
      sim.inject({ kind: "breakReplication", replicaId: "instance-2" });
      sim.advance(15_000);
      sim.inject({ kind: "cutLink", replicaId: "instance-1" });
      sim.advance(5_000);
      sim.inject({ kind: "crash", instanceId: "instance-0" });
      sim.advance(20_000);
    },
    [
      "0: WorkloadSet instance-0: 0+1000 at 0; on 0",
      "0: AcknowledgementChanged instance-0: 0+1000 at 0; on 0",
      "10: instance-2 of instance-0 receives, received 9 applied 8, error 1062",
      "10: AcknowledgementChanged instance-0: 0+1000 at 0; on 9",
      "25: instance-1 of instance-0 applies, received 24 applied 23, cut",
      "25: AcknowledgementChanged instance-0: 0+1000 at 0; on 24",
      "30: WritesInterrupted instance-0: 0+1000 at 0, 30000 (300000000 B)+0 at 30; waiting since 30; on 24",
      "30: instance-2 of instance-0 stands, received 29 applied 8, error 1062",
      "30: AcknowledgementChanged instance-0: 0+1000 at 0, 30000 (300000000 B)+0 at 30; waiting since 30; on 29",
      "50: LogStarted instance-1, replacedId instance-0, lostTransactions 0: 29000 (290000000 B)+0 at 50; waiting since 30",
      "50: WorkloadMoved instance-0, toId instance-1, lostTransactions 0: 0+1000 at 0, 30000 (300000000 B)+0 at 30, 30000 (300000000 B)+0 at 50; on 29",
      "50: WritesResumed instance-1, unavailableMs 20000, lostTransactions 0, replacedId instance-0: 29000 (290000000 B)+1000 at 50",
      "50: instance-2 of instance-1 receives applies, received 50 applied 50",
      "50: instance-3 of instance-1 stands, received 50 applied 50",
      "50: AcknowledgementChanged instance-0: 0+1000 at 0, 30000 (300000000 B)+0 at 30, 30000 (300000000 B)+0 at 50",
      "50: AcknowledgementChanged instance-1: 29000 (290000000 B)+1000 at 50; on 50",
    ],
  ],
  [
    "a replica that is added to a group: it begins with what its source held when its build began",
    group,
    (sim) => {
      sim.advance(10_000);
      sim.addReplica("group-0", { flavorId: "2", volumeGb: 10 });
      sim.settle();
    },
    [
      "10: instance-2 of instance-0 stands, received 10 applied 10",
      "10: AcknowledgementChanged instance-0: 0+1000 at 0; on 9",
      "84: instance-2 of instance-0 receives applies, received 10 applied 10",
      "84: AcknowledgementChanged instance-0: 0+1000 at 0; on 83",
    ],
  ],
  [
    "a replica that was ahead and is down when its source is lost: what it alone has is lost with it",
    largeGroup,
    (sim) => {
      sim.advance(10_000);
      sim.inject({ kind: "cutLink", replicaId: "instance-1" });
      sim.advance(10_000);
      sim.inject({ kind: "crash", instanceId: "instance-2" });
      sim.inject({ kind: "crash", instanceId: "instance-0" });
      sim.advance(20_000);
    },
    [
      "10: instance-1 of instance-0 applies, received 9 applied 8, cut",
      "10: AcknowledgementChanged instance-0: 0+1000 at 0; on 9",
      "20: instance-2 of instance-0 stands, received 19 applied 18",
      "20: AcknowledgementChanged instance-0: 0+1000 at 0; on 19 until 29.001",
      "20: CommitsStalled instance-0: 0+1000 at 0; on 19 until 29.001",
      "20: WritesInterrupted instance-0: 0+1000 at 0, 20000+0 at 20; waiting since 20; on 19 until 29.001",
      "20: AcknowledgementChanged instance-0: 0+1000 at 0, 20000+0 at 20; waiting since 20; on 19",
      "20: CommitStallEnded instance-0, stalledMs 0, outcome interrupted: 0+1000 at 0, 20000+0 at 20; waiting since 20; on 19",
      "40: LogStarted instance-1, replacedId instance-0, lostTransactions 10000: 9000+0 at 40; waiting since 20",
      "40: WorkloadMoved instance-0, toId instance-1, lostTransactions 0: 0+1000 at 0, 20000+0 at 20, 20000+0 at 40; on 19",
      "40: WritesResumed instance-1, unavailableMs 20000, lostTransactions 10000, replacedId instance-0: 9000+1000 at 40",
      "40: instance-2 of instance-1 stands, received 40 applied 40",
      "40: instance-3 of instance-1 stands, received 40 applied 40",
      "40: AcknowledgementChanged instance-0: 0+1000 at 0, 20000+0 at 20, 20000+0 at 40",
      "40: AcknowledgementChanged instance-1: 9000+1000 at 40; degraded 40",
    ],
  ],
  [
    "a failover that is forced to a replica whose line is cut",
    group,
    (sim) => {
      sim.advance(10_000);
      sim.inject({ kind: "cutLink", replicaId: "instance-1" });
      sim.advance(1_000);
      sim.forceFailover("group-0");
      sim.settle();
    },
    [
      "10: instance-1 of instance-0 applies, received 9 applied 8, cut",
      "10: AcknowledgementChanged instance-0: 0+1000 at 0; on 9 until 19.001",
      "10: CommitsStalled instance-0: 0+1000 at 0; on 9 until 19.001",
      "19.001: SemiSynchronousDegraded instance-0: 0+1000 at 0; degraded 19.001",
      "19.001: CommitStallEnded instance-0, stalledMs 9001, outcome degraded: 0+1000 at 0; degraded 19.001",
      "22: instance-0 has no log",
      "22: LogStarted instance-1, replacedId instance-0, lostTransactions 13000: 9000+0 at 22; waiting since 22",
      "22: WritesResumed instance-1, unavailableMs 0, lostTransactions 13000, replacedId instance-0: 9000+1000 at 22",
      "22: instance-0 of instance-1 receives applies, received 22 applied 22",
      "22: AcknowledgementChanged instance-1: 9000+1000 at 22; on 22",
    ],
  ],
  [
    "a replica that leaves its group while the source is down: users stay with the group",
    largeGroup,
    (sim) => {
      sim.advance(10_000);
      sim.removeReplica("group-0", "instance-2");
      sim.inject({ kind: "crash", instanceId: "instance-0", durationMs: 9_000 });
      sim.settle();
    },
    [
      "10: WritesInterrupted instance-0: 0+1000 at 0, 10000+0 at 10; waiting since 10; on 0",
      "10: instance-1 of instance-0 applies, received 9 applied 8",
      "10: instance-2 of instance-0 applies, received 9 applied 8",
      "10: AcknowledgementChanged instance-0: 0+1000 at 0, 10000+0 at 10; waiting since 10; on 9",
      "18: LogStarted instance-2, replacedId instance-0, lostTransactions 0: 9000+0 at 18",
      "18: AcknowledgementChanged instance-0: 0+1000 at 0, 10000+0 at 10; waiting since 10; on 9",
      "19: WritesResumed instance-0, unavailableMs 9000, lostTransactions 0, replacedId null: 0+1000 at 0, 10000+0 at 10, 10000+1000 at 19; on 9",
      "19: instance-1 of instance-0 receives applies, received 9 applied 9",
      "19: AcknowledgementChanged instance-0: 0+1000 at 0, 10000+0 at 10, 10000+1000 at 19; on 9",
    ],
  ],
  [
    "a source that waits for a restart, and a replica that goes down when it had stopped before: it acknowledges no more",
    largeGroup,
    (sim) => {
      sim.advance(10_000);
      const [parameter = ""] = sim.settings.catalog.staticParameters;
      sim.createConfiguration({ name: "tuned", values: { [parameter]: 1 } });
      sim.attachGroupConfiguration("group-0", "configuration-0");
      sim.advance(10_000);
      sim.inject({ kind: "breakReplication", replicaId: "instance-2" });
      sim.advance(10_000);
      sim.inject({ kind: "crash", instanceId: "instance-2" });
      sim.advance(10_000);
    },
    [
      "20: instance-2 of instance-0 receives, received 19 applied 18, error 1062",
      "20: AcknowledgementChanged instance-0: 0+1000 at 0; on 19",
      "30: instance-2 of instance-0 stands, received 29 applied 18, error 1062",
      "30: AcknowledgementChanged instance-0: 0+1000 at 0; on 29",
    ],
  ],
]);
