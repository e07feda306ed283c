import type { RandomTarget, ReplicationSimulator } from "replication-simulator";
import { empty, group, lone, pair, small, withState } from "../fixtures.js";
import { knownPlace, labelUnique } from "../shared.js";
import { specify } from "../spec.js";

const crash = { fault: { kind: "crash", instanceId: "instance-0" } } as const;
const hang = { fault: { kind: "hang", instanceId: "instance-0" } } as const;
const recover = { fault: { kind: "recover", instanceId: "instance-0" } } as const;
const breaking = { fault: { kind: "breakReplication", replicaId: "instance-1" } } as const;
const repair = { fault: { kind: "repairReplication", replicaId: "instance-1" } } as const;

const random = { kind: "random", fault: "crash", timeToFailure: 1, timeToRepair: 1 } as const;
/** When a simulator begins. */
const start = 1_767_225_600_000;

const broken = (): ReplicationSimulator => {
  const sim = pair();
  sim.inject(breaking.fault);
  return sim;
};

const cut = (): ReplicationSimulator => {
  const sim = pair();
  sim.inject({ kind: "cutLink", replicaId: "instance-1" });
  return sim;
};

const partition = { fault: { kind: "partition", instanceId: "instance-0" } } as const;
const heal = { fault: { kind: "healPartition", instanceId: "instance-0" } } as const;
const cutOff = (): ReplicationSimulator => {
  const sim = pair();
  sim.inject(partition.fault);
  return sim;
};

const zoneDown = (): ReplicationSimulator => {
  const sim = lone();
  const { zone } = sim.getInstance("instance-0");
  sim.inject({ kind: "correlated", effect: "crash", zone });
  return sim;
};

const failing = (target: RandomTarget) => (): ReplicationSimulator => {
  const sim = lone();
  sim.inject({ ...random, target });
  return sim;
};

export const injectFault = specify("injectFault", {
  "fault-target-exists": {
    code: "itemNotFound",
    refuses: [
      {
        when: "no resource has the id",
        world: lone,
        input: { fault: { kind: "crash", instanceId: "no-such-id" } },
        message: "instance no-such-id not found",
        field: "fault.instanceId",
        value: "no-such-id",
      },
      {
        when: "another account has it",
        world: () => {
          const sim = empty();
          sim.account("5678").createInstance(small);
          sim.settle();
          return sim;
        },
        input: crash,
        message: "instance instance-0 not found",
        field: "fault.instanceId",
        value: "instance-0",
      },
      {
        when: "random faults are of an instance that is none",
        world: lone,
        input: { fault: { ...random, target: { instanceId: "no-such-id" } } },
        message: "instance no-such-id not found",
        field: "fault.target.instanceId",
        value: "no-such-id",
      },
      {
        when: "random faults are of the set of a source that is none",
        world: lone,
        input: { fault: { ...random, target: { sourceId: "no-such-id" } } },
        message: "instance no-such-id not found",
        field: "fault.target.sourceId",
        value: "no-such-id",
      },
      {
        when: "random faults are of a group that is none",
        world: lone,
        input: { fault: { ...random, target: { groupId: "instance-0" } } },
        message: "HA group instance-0 not found",
        field: "fault.target.groupId",
        value: "instance-0",
      },
      {
        when: "no resource with a task has the id",
        world: lone,
        input: { fault: { kind: "failTask", task: "build", of: "no-such-id" } },
        message: "instance, HA group or backup no-such-id not found",
        field: "fault.of",
        value: "no-such-id",
      },
      {
        when: "no replica has the id",
        world: pair,
        input: { fault: { kind: "breakReplication", replicaId: "no-such-id" } },
        message: "instance no-such-id not found",
        field: "fault.replicaId",
        value: "no-such-id",
      },
    ],
    passes: [
      { when: "it is an instance", world: lone, input: crash },
      { when: "it is an outage of all", world: empty, input: { fault: { kind: "outage" } } },
      {
        when: "what is to come names what may be there then",
        world: empty,
        input: { ...crash, afterMs: 1 },
      },
      {
        when: "random faults are of a group",
        world: group,
        input: { fault: { ...random, target: { groupId: "group-0" } } },
      },
      { when: "it is a replica", world: pair, input: breaking },
      { when: "it is a member of an HA group", world: group, input: breaking },
    ],
  },
  "fault-time": {
    code: "badRequest",
    refuses: [
      {
        when: "it is to come at a time and after a delay",
        world: lone,
        input: { ...crash, at: start, afterMs: 0 },
        message: "pass either `at` or `afterMs`, not both",
        field: "at",
        value: start,
      },
    ],
    passes: [
      { when: "it strikes at once", world: lone, input: crash },
      { when: "it is to come after a delay", world: lone, input: { ...crash, afterMs: 0 } },
    ],
  },
  "preparation-is-of-build": {
    code: "badRequest",
    refuses: [
      {
        when: "a restart has no preparation",
        world: lone,
        input: { fault: { kind: "failTask", task: "restart", atPreparation: true } },
        message: "task restart has no preparation step; atPreparation is for build only",
        field: "fault.atPreparation",
        value: "restart",
        allowed: "build",
      },
    ],
    passes: [
      {
        when: "it is a build",
        world: lone,
        input: { fault: { kind: "failTask", task: "build", atPreparation: true } },
      },
    ],
  },
  "slow-link-needs-lag-or-factor": {
    code: "badRequest",
    refuses: [
      {
        when: "it has neither",
        world: pair,
        input: { fault: { kind: "slowLink", replicaId: "instance-1" } },
        message: "slowLink requires lagMs, factor or both",
        field: "fault.lagMs",
        value: undefined,
        allowed: "lagMs, factor",
      },
    ],
    passes: [
      {
        when: "it has a lag",
        world: pair,
        input: { fault: { kind: "slowLink", replicaId: "instance-1", lagMs: 1 } },
      },
      {
        when: "it has a factor",
        world: pair,
        input: { fault: { kind: "slowLink", replicaId: "instance-1", factor: 2 } },
      },
    ],
  },
  "correlated-place": {
    code: "badRequest",
    refuses: [
      {
        when: "it has no place",
        world: lone,
        input: { fault: { kind: "correlated", effect: "crash" } },
        message: "correlated requires zone, rack or both",
        field: "fault.zone",
        value: undefined,
        allowed: "zone, rack",
      },
    ],
    passes: [
      {
        when: "it has a zone",
        world: lone,
        input: { fault: { kind: "correlated", effect: "crash", zone: "zone-1" } },
      },
    ],
  },
  "known-place": knownPlace(
    (place) => ({ fault: { kind: "correlated", effect: "crash", ...place }, afterMs: 1 }),
    lone,
    "fault.",
  ),
  "random-place": {
    code: "badRequest",
    refuses: [
      {
        when: "a rack is one of a population",
        world: lone,
        input: {
          fault: {
            kind: "randomAmong",
            fault: "crash",
            target: { rack: "rack-1" },
            timeBetweenFailures: 1,
            timeToRepair: 1,
          },
        },
        message: "a zone or a rack has a clock of its own; use injectRandom",
        field: "fault.target",
        value: '{"rack":"rack-1"}',
        allowed: "instances",
      },
      {
        when: "the failure is one of replicas",
        world: lone,
        input: { fault: { ...random, fault: "cutLink", target: { each: "zone" } } },
        message: "cutLink is no failure of a whole zone or rack",
        field: "fault.fault",
        value: "cutLink",
        allowed: ["crash", "hang", "partition"],
      },
    ],
    passes: [
      {
        when: "each rack crashes at random",
        world: lone,
        input: { fault: { ...random, target: { each: "rack" } } },
      },
      {
        when: "a zone is cut off at random",
        world: empty,
        input: { fault: { ...random, fault: "partition", target: { zone: "zone-2" } } },
      },
    ],
  },
  "fault-is-of-replica": {
    code: "badRequest",
    refuses: [
      {
        when: "it is a source",
        world: pair,
        input: { fault: { kind: "breakReplication", replicaId: "instance-0" } },
        message: "instance instance-0 is not a replica",
        field: "fault.replicaId",
        value: "instance-0",
      },
    ],
    passes: [{ when: "it is a replica", world: pair, input: breaking }],
  },
  "label-unique": labelUnique((label) => ({ fault: { kind: "outage" }, label }), empty),
  "fault-time-in-future": {
    code: "unprocessableEntity",
    refuses: [
      {
        when: "its time is past",
        world: empty,
        input: { fault: { kind: "outage" }, at: start - 1 },
        message: `fault time ${String(start - 1)} is in the past; the current virtual time is ${String(start)}`,
        field: "at",
        value: start - 1,
        allowed: `${String(start)} or more`,
      },
    ],
    passes: [
      { when: "its time is now", world: empty, input: { fault: { kind: "outage" }, at: start } },
    ],
  },
  "fault-link": {
    code: "unprocessableEntity",
    refuses: [
      {
        when: "it is cut already",
        world: cut,
        input: { fault: { kind: "slowLink", replicaId: "instance-1", factor: 2 } },
        message: "the link of replica instance-1 already has fault-0; clear it first",
        field: "fault.replicaId",
        value: "instance-1",
      },
      {
        when: "nothing is to be restored",
        world: pair,
        input: { fault: { kind: "restoreLink", replicaId: "instance-1" } },
        message: "the link of replica instance-1 has no fault",
        field: "fault.replicaId",
        value: "instance-1",
      },
    ],
    passes: [
      {
        when: "it is whole",
        world: pair,
        input: { fault: { kind: "cutLink", replicaId: "instance-1" } },
      },
      {
        when: "it is cut and to be restored",
        world: cut,
        input: { fault: { kind: "restoreLink", replicaId: "instance-1" } },
      },
    ],
  },
  "fault-network": {
    code: "unprocessableEntity",
    refuses: [
      {
        when: "it is cut off already",
        world: cutOff,
        input: partition,
        message: "the network of instance instance-0 already has fault-0; clear it first",
        field: "fault.instanceId",
        value: "instance-0",
      },
      {
        when: "it is not cut off",
        world: pair,
        input: heal,
        message: "the network of instance instance-0 has no fault",
        field: "fault.instanceId",
        value: "instance-0",
      },
    ],
    passes: [
      { when: "it is reached", world: pair, input: partition },
      { when: "it is to be reached again", world: cutOff, input: heal },
    ],
  },
  "correlated-victims": {
    code: "unprocessableEntity",
    refuses: [
      {
        when: "nothing stands there",
        world: empty,
        input: { fault: { kind: "correlated", effect: "hang", zone: "zone-1", rack: "rack-1" } },
        message: "no instance in zone-1, rack-1 is in service; create one or wait for it",
        field: "fault.effect",
        value: "hang",
      },
    ],
    passes: [
      {
        when: "an instance in service stands there",
        world: lone,
        input: { fault: { kind: "correlated", effect: "hang", rack: "rack-2" } },
      },
    ],
  },
  "source-available": {
    code: "unprocessableEntity",
    refuses: [
      {
        when: "the source is down",
        world: () => {
          const sim = broken();
          sim.inject(crash.fault);
          return sim;
        },
        input: repair,
        message:
          "cannot repair replication while the source instance-0 is SHUTDOWN; recover the source first",
        field: "fault.replicaId",
        value: "SHUTDOWN",
      },
    ],
    passes: [{ when: "the source serves", world: broken, input: repair }],
  },
  "fault-status": {
    code: "unprocessableEntity",
    refuses: [
      {
        when: "what is to recover is well",
        world: lone,
        input: recover,
        message:
          "cannot recover instance instance-0 in status ACTIVE; allowed: BACKUP, REPLICATION_ERROR, BLOCKED, SHUTDOWN",
        field: "fault.instanceId",
        value: "ACTIVE",
        allowed: ["BACKUP", "REPLICATION_ERROR", "BLOCKED", "SHUTDOWN"],
      },
      {
        when: "what is to be repaired is well",
        world: pair,
        input: repair,
        message:
          "cannot repair the replication of instance instance-1 in status ACTIVE; allowed: REPLICATION_ERROR",
        field: "fault.replicaId",
        value: "ACTIVE",
        allowed: ["REPLICATION_ERROR"],
      },
      {
        when: "replication is broken already",
        world: broken,
        input: breaking,
        message:
          "cannot break the replication of instance instance-1 in status REPLICATION_ERROR; allowed: ACTIVE, RESTART_REQUIRED",
        field: "fault.replicaId",
        value: "REPLICATION_ERROR",
        allowed: ["ACTIVE", "RESTART_REQUIRED"],
      },
      {
        when: "what is to hang is building",
        world: () => withState(lone(), "instance-0", "building"),
        input: hang,
        message:
          "cannot hang instance instance-0 in status BUILD; allowed: ACTIVE, RESTART_REQUIRED, REPLICATION_ERROR",
        field: "fault.instanceId",
        value: "BUILD",
        allowed: ["ACTIVE", "RESTART_REQUIRED", "REPLICATION_ERROR"],
      },
    ],
    passes: [
      { when: "what is to crash serves", world: lone, input: crash },
      { when: "what is to hang serves", world: lone, input: hang },
      {
        when: "what is to recover is down",
        world: () => withState(lone(), "instance-0", "shutdown"),
        input: recover,
      },
      {
        when: "what is to recover hangs",
        world: () => withState(lone(), "instance-0", "blocked"),
        input: recover,
      },
    ],
  },
});

export const failTask = specify("failTask", {
  "fault-target-exists": {
    code: "itemNotFound",
    refuses: [
      {
        when: "no resource has the id",
        world: lone,
        input: { task: "build", of: "no-such-id" },
        message: "instance, HA group or backup no-such-id not found",
        field: "of",
        value: "no-such-id",
      },
    ],
    passes: [
      { when: "it is an instance", world: lone, input: { task: "reboot", of: "instance-0" } },
      { when: "it is a group", world: group, input: { task: "failover", of: "group-0" } },
      { when: "it is of any", world: empty, input: { task: "build" } },
    ],
  },
  "preparation-is-of-build": {
    code: "badRequest",
    refuses: [
      {
        when: "a restart has no preparation",
        world: lone,
        input: { task: "restart", atPreparation: true },
        message: "task restart has no preparation step; atPreparation is for build only",
        field: "atPreparation",
        value: "restart",
        allowed: "build",
      },
    ],
    passes: [
      { when: "it is a build", world: lone, input: { task: "build", atPreparation: true } },
      { when: "it is not said", world: lone, input: { task: "restart" } },
      { when: "it is denied", world: lone, input: { task: "restart", atPreparation: false } },
    ],
  },
  "label-unique": labelUnique((label) => ({ task: "build", label }), empty),
});

export const clearFault = specify("clearFault", {
  "fault-exists": {
    code: "itemNotFound",
    refuses: [
      {
        when: "none was injected",
        world: lone,
        input: { faultId: "fault-0" },
        message: "fault fault-0 not found, or already ended",
        field: "faultId",
        value: "fault-0",
      },
      {
        when: "it is no id of a fault",
        world: broken,
        input: { faultId: "fault-00" },
        message: "fault fault-00 not found, or already ended",
        field: "faultId",
        value: "fault-00",
      },
      {
        when: "another account injected it",
        world: () => {
          const sim = empty();
          sim.account("5678").inject({ kind: "outage" });
          return sim;
        },
        input: { faultId: "fault-0" },
        message: "fault fault-0 not found, or already ended",
        field: "faultId",
        value: "fault-0",
      },
    ],
    passes: [{ when: "it stands", world: broken, input: { faultId: "fault-0" } }],
  },
  "fault-is-whole": {
    code: "unprocessableEntity",
    refuses: [
      {
        when: "it is the clock of one instance of several",
        world: failing("all"),
        input: { faultId: "fault-1" },
        message: "fault fault-1 is the part of a random fault for one instance; clear fault-0",
        field: "faultId",
        value: "fault-1",
        allowed: "fault-0",
      },
      {
        when: "it is the part of a correlated fault",
        world: zoneDown,
        input: { faultId: "fault-1" },
        message: "fault fault-1 is the part of a correlated fault for one instance; clear fault-0",
        field: "faultId",
        value: "fault-1",
        allowed: "fault-0",
      },
      {
        when: "it is the clock of a rack of several",
        world: failing({ each: "rack" }),
        input: { faultId: "fault-1" },
        message: "fault fault-1 is the part of a random fault for one place; clear fault-0",
        field: "faultId",
        value: "fault-1",
        allowed: "fault-0",
      },
    ],
    passes: [
      { when: "it is the correlated fault", world: zoneDown, input: { faultId: "fault-0" } },
      {
        when: "it is the clock of the one rack",
        world: failing({ rack: "rack-1" }),
        input: { faultId: "fault-0" },
      },
      { when: "it is the process", world: failing("all"), input: { faultId: "fault-0" } },
      {
        when: "it is the clock of the one instance",
        world: failing({ instanceId: "instance-0" }),
        input: { faultId: "fault-0" },
      },
    ],
  },
});
