import type { ReplicationSimulator } from "replication-simulator";
import { expect, test } from "vitest";
import {
  after,
  configured,
  group,
  lone,
  pair,
  small,
  trio,
  unconverted,
} from "../rules/fixtures.js";

/*
 * The result of `explain`, line by line: the trigger of each entry, and its facts about the explained resource.
 */

function explained(sim: ReplicationSimulator, id: string): readonly string[] {
  return sim.explain(id).map(({ line: { trigger }, facts }) => {
    const what =
      trigger.kind === "command"
        ? trigger.command.type
        : trigger.kind === "task"
          ? `${trigger.task} of ${trigger.id}`
          : trigger.kind;
    return [`${what}:`, ...facts.map(({ type }) => type)].join(" ");
  });
}

const crash = (sim: ReplicationSimulator, instanceId: string): void => {
  sim.inject({ kind: "crash", instanceId });
};

const failedOver = (): ReplicationSimulator =>
  after(group(), (sim) => {
    crash(sim, "instance-0");
  });

/** A group to which users write. */
const written = (): ReplicationSimulator => {
  const sim = group();
  sim.setWorkload("instance-0", { transactionsPerSecond: 100 });
  return sim;
};

const backedUp = (): ReplicationSimulator =>
  after(lone(), (sim) => sim.createBackup({ name: "b", ownerId: "instance-0" }));

const scheduled = (): ReplicationSimulator => {
  const sim = lone();
  sim.createSchedule({ ownerId: "instance-0" });
  return sim;
};

type Case = readonly [
  what: string,
  world: () => ReplicationSimulator,
  id: string,
  chain: readonly string[],
];

const cases: readonly Case[] = [
  [
    "an instance is ACTIVE",
    lone,
    "instance-0",
    [
      "build of instance-0: InstanceStateEntered InstanceChanged",
      "createInstance: InstanceCreated",
    ],
  ],
  [
    "a replica is ACTIVE",
    pair,
    "instance-1",
    [
      "build of instance-1: InstanceStateEntered InstanceChanged",
      "createReplica: InstanceCreated ReplicationStarted",
    ],
  ],
  [
    "a source is ACTIVE: it was restarted for its replica",
    pair,
    "instance-0",
    [
      "restart of instance-0: InstanceStateEntered",
      "createReplica: ReplicationStarted BackupCreated InstanceStateEntered",
    ],
  ],
  [
    "a replica is in REPLICATION_ERROR: its source crashed",
    () =>
      after(trio(), (sim) => {
        crash(sim, "instance-0");
      }),
    "instance-1",
    ["injectFault: FaultInjected InstanceStateEntered"],
  ],
  [
    "a source goes: its group has failed over, and its users have moved",
    () => {
      const sim = written();
      crash(sim, "instance-0");
      sim.advance(20_000);
      return sim;
    },
    "instance-0",
    [
      "failover of group-0: ReplicationStopped MemberLeft SourcePromoted InstanceStateEntered WorkloadMoved AcknowledgementChanged",
      "detectFailure of group-0:",
      "injectFault: FaultInjected InstanceStateEntered WritesInterrupted AcknowledgementChanged",
    ],
  ],
  [
    "a source whose commits wait has crashed",
    () => {
      const sim = written();
      sim.inject({ kind: "cutLink", replicaId: "instance-1" });
      sim.advance(2_000);
      crash(sim, "instance-0");
      return sim;
    },
    "instance-0",
    [
      "injectFault: FaultInjected InstanceStateEntered WritesInterrupted AcknowledgementChanged CommitStallEnded",
    ],
  ],
  [
    "a source is back, and its commits wait",
    () => {
      const sim = written();
      crash(sim, "instance-0");
      sim.inject({ kind: "cutLink", replicaId: "instance-1" });
      sim.inject({ kind: "recover", instanceId: "instance-0" });
      return sim;
    },
    "instance-0",
    [
      "injectFault: FaultInjected InstanceStateEntered WritesResumed AcknowledgementChanged CommitsStalled",
    ],
  ],
  [
    "a replica was promoted with the clients of its source",
    () =>
      after(pair(), (sim) => {
        sim.setWorkload("instance-0", { transactionsPerSecond: 100 });
        sim.promoteReplica("instance-1", { moveClients: true });
      }),
    "instance-1",
    [
      "promote of instance-1: ReplicaPromoted ReplicationStopped ReplicationStarted InstanceStateEntered LogStarted WritesResumed",
      "promoteReplica: InstanceStateEntered",
    ],
  ],
  [
    "a replica took over by hand, and something was lost: its source had crashed",
    () =>
      after(pair(), (sim) => {
        sim.setWorkload("instance-0", { transactionsPerSecond: 100 });
        sim.advance(10_000);
        crash(sim, "instance-0");
        sim.advance(60_000);
        sim.detachReplica("instance-1");
      }),
    "instance-1",
    [
      "detach of instance-1: ReplicationStopped InstanceStateEntered LogStarted WritesResumed",
      "detachReplica: InstanceStateEntered",
      "injectFault: FaultInjected InstanceStateEntered LinkChanged",
    ],
  ],
  [
    "a replica took over by hand, and something was lost: its source could not be resized",
    () =>
      after(pair(), (sim) => {
        sim.setWorkload("instance-0", { transactionsPerSecond: 100 });
        sim.advance(10_000);
        sim.failTask({ task: "resizeFlavor" });
        sim.resizeFlavor("instance-0", "3");
        sim.settle();
        sim.detachReplica("instance-1");
      }),
    "instance-1",
    [
      "detach of instance-1: ReplicationStopped InstanceStateEntered LogStarted WritesResumed",
      "detachReplica: InstanceStateEntered",
      "resizeFlavor of instance-0: InstanceStateEntered",
      "resizeFlavor: LinkChanged",
      "failTask: FaultInjected",
    ],
  ],
  [
    "a build failed: it was planned",
    () =>
      after(lone(), (sim) => {
        sim.failTask({ task: "build" });
        sim.createInstance(small);
      }),
    "instance-1",
    [
      "build of instance-1: InstanceStateEntered",
      "createInstance: InstanceCreated",
      "failTask: FaultInjected",
    ],
  ],
  [
    "a group is ACTIVE",
    group,
    "group-0",
    [
      "convert of group-0: GroupStateEntered ReplicationModeChanged",
      "convertToHa: GroupCreated MemberJoined MemberJoined",
    ],
  ],
  [
    "a member is ACTIVE",
    group,
    "instance-1",
    ["convert of group-0: InstanceStateEntered", "convertToHa: MemberJoined InstanceStateEntered"],
  ],
  [
    "a configuration is there",
    configured,
    "configuration-0",
    ["createConfiguration: ConfigurationCreated"],
  ],
  [
    "a configuration is gone",
    () =>
      after(configured(), (sim) => {
        sim.deleteConfiguration("configuration-0");
      }),
    "configuration-0",
    ["deleteConfiguration: ConfigurationRemoved"],
  ],
  ["a schedule is there", scheduled, "schedule-0", ["createSchedule: ScheduleCreated"]],
  [
    "a schedule is gone",
    () => {
      const sim = scheduled();
      sim.deleteSchedule("schedule-0");
      return sim;
    },
    "schedule-0",
    ["deleteSchedule: ScheduleRemoved"],
  ],
  [
    "a backup is COMPLETED",
    backedUp,
    "backup-0",
    [
      "runBackup of backup-0: BackupStateEntered BackupEnded",
      "startBackup of backup-0: BackupStateEntered",
      "createBackup: BackupCreated",
    ],
  ],
  [
    "a backup is gone",
    () =>
      after(backedUp(), (sim) => {
        sim.deleteBackup("backup-0");
      }),
    "backup-0",
    ["deleteBackup of backup-0: BackupRemoved", "deleteBackup: BackupStateEntered"],
  ],
  [
    "what was backed up is ACTIVE again",
    backedUp,
    "instance-0",
    [
      "runBackup of backup-0: InstanceStateEntered",
      "startBackup of backup-0:",
      "createBackup: BackupCreated InstanceStateEntered",
    ],
  ],
  [
    "a group is ACTIVE after a failover",
    failedOver,
    "group-0",
    [
      "build of instance-2: GroupStateEntered",
      "failover of group-0: MemberLeft SourcePromoted GroupStateEntered MemberJoined",
      "detectFailure of group-0: FailoverStarted GroupStateEntered",
      "injectFault: FaultInjected GroupStateEntered",
    ],
  ],
  [
    "a source that was lost is gone",
    failedOver,
    "instance-0",
    [
      "delete of instance-0: InstanceRemoved",
      "failover of group-0: ReplicationStopped MemberLeft SourcePromoted InstanceStateEntered",
      "detectFailure of group-0:",
      "injectFault: FaultInjected InstanceStateEntered",
    ],
  ],
  [
    "a replica was promoted",
    failedOver,
    "instance-1",
    [
      "failover of group-0: ReplicationStopped SourcePromoted InstanceStateEntered ReplicationStarted",
      "detectFailure of group-0:",
      "injectFault: FaultInjected InstanceStateEntered",
    ],
  ],
  [
    "a replacement is there",
    failedOver,
    "instance-2",
    [
      "build of instance-2: InstanceStateEntered InstanceChanged",
      "failover of group-0: InstanceCreated ReplicationStarted MemberJoined",
      "detectFailure of group-0:",
      "injectFault: FaultInjected",
    ],
  ],
  [
    "a conversion failed: a member crashed meanwhile",
    () => {
      const sim = pair();
      sim.convertToHa("instance-0", { name: "orders", acls: [] });
      crash(sim, "instance-1");
      sim.settle();
      return sim;
    },
    "group-0",
    [
      "convert of group-0: MemberLeft MemberLeft GroupStateEntered",
      "injectFault: FaultInjected",
      "convertToHa: GroupCreated MemberJoined MemberJoined",
    ],
  ],
  [
    "a conversion failed: it was planned",
    unconverted,
    "group-0",
    [
      "convert of group-0: MemberLeft MemberLeft GroupStateEntered",
      "failTask: FaultInjected",
      "convertToHa: GroupCreated MemberJoined MemberJoined",
    ],
  ],
  [
    "a group is gone",
    () =>
      after(group(), (sim) => {
        sim.deleteHaGroup("group-0");
      }),
    "group-0",
    [
      "delete of instance-1: MemberLeft GroupStateEntered GroupRemoved",
      "deleteHaGroup: GroupStateEntered",
    ],
  ],
  [
    "a member is gone with its group",
    () =>
      after(group(), (sim) => {
        sim.deleteHaGroup("group-0");
      }),
    "instance-1",
    ["delete of instance-1: MemberLeft InstanceRemoved", "deleteHaGroup: InstanceStateEntered"],
  ],
  [
    "a replica stands alone",
    () =>
      after(pair(), (sim) => {
        sim.detachReplica("instance-1");
      }),
    "instance-1",
    [
      "detach of instance-1: ReplicationStopped InstanceStateEntered",
      "detachReplica: InstanceStateEntered",
    ],
  ],
  [
    "a fault stands",
    () => {
      const sim = lone();
      crash(sim, "instance-0");
      return sim;
    },
    "fault-0",
    ["injectFault: FaultInjected"],
  ],
  [
    "a renamed instance is ACTIVE: its name is no cause",
    () => {
      const sim = lone();
      sim.renameInstance("instance-0", "y");
      return sim;
    },
    "instance-0",
    [
      "build of instance-0: InstanceStateEntered InstanceChanged",
      "createInstance: InstanceCreated",
    ],
  ],
  [
    "an instance has its name, when the journal has no more of it",
    () => {
      const sim = lone();
      sim.history.truncate(sim.history.savepoint());
      sim.renameInstance("instance-0", "x");
      sim.renameInstance("instance-0", "y");
      sim.createInstance(small);
      return sim;
    },
    "instance-0",
    ["renameInstance: InstanceChanged"],
  ],
  ["an unknown id has no causes", lone, "instance-7", []],
  ["an account is there: it is no row", lone, "1234", []],
];

test.each(cases)("why %s", (_, world, id, chain) => {
  expect(explained(world(), id)).toEqual(chain);
});
