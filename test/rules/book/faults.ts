import type { ReplicationSimulator } from "replication-simulator";
import { specify } from "../spec.js";
import { empty, group, lone, pair, small, withState } from "../worlds.js";

const crash = { fault: { kind: "crash", instanceId: "instance-0" } } as const;
const hang = { fault: { kind: "hang", instanceId: "instance-0" } } as const;
const recover = { fault: { kind: "recover", instanceId: "instance-0" } } as const;
const breaking = { fault: { kind: "breakReplication", replicaId: "instance-1" } } as const;
const repair = { fault: { kind: "repairReplication", replicaId: "instance-1" } } as const;

const broken = (): ReplicationSimulator => {
  const sim = pair();
  sim.inject(breaking.fault);
  return sim;
};

export const injectFault = specify("injectFault", {
  "fault-target-exists": {
    fault: "itemNotFound",
    refuses: [
      {
        when: "nobody has the id",
        world: lone,
        input: { fault: { kind: "crash", instanceId: "nobody" } },
        message: "instance nobody was not found",
        field: "fault.instanceId",
        value: "nobody",
      },
      {
        when: "another account has it",
        world: () => {
          const sim = empty();
          sim.tenant("5678").createInstance(small);
          sim.settle();
          return sim;
        },
        input: crash,
        message: "instance instance-0 was not found",
        field: "fault.instanceId",
        value: "instance-0",
      },
      {
        when: "no replica has the id",
        world: pair,
        input: { fault: { kind: "breakReplication", replicaId: "nobody" } },
        message: "instance nobody was not found",
        field: "fault.replicaId",
        value: "nobody",
      },
    ],
    passes: [
      { when: "it is an instance", world: lone, input: crash },
      { when: "it is a replica", world: pair, input: breaking },
      { when: "it is a member of an HA group", world: group, input: breaking },
    ],
  },
  "fault-is-of-replica": {
    fault: "badRequest",
    refuses: [
      {
        when: "it is a source",
        world: pair,
        input: { fault: { kind: "breakReplication", replicaId: "instance-0" } },
        message: "instance-0 is not a replica",
        field: "fault.replicaId",
        value: "instance-0",
      },
    ],
    passes: [{ when: "it is a replica", world: pair, input: breaking }],
  },
  "fault-source-serves": {
    fault: "unprocessableEntity",
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
          "the source instance-0 is SHUTDOWN; replication cannot be repaired before it is back",
        field: "fault.replicaId",
        value: "SHUTDOWN",
      },
    ],
    passes: [{ when: "the source serves", world: broken, input: repair }],
  },
  "fault-status": {
    fault: "unprocessableEntity",
    refuses: [
      {
        when: "what is to recover is well",
        world: lone,
        input: recover,
        message:
          "instance instance-0 is ACTIVE; a recovery needs REPLICATION_ERROR, BLOCKED, SHUTDOWN",
        field: "fault.instanceId",
        value: "ACTIVE",
        allowed: ["REPLICATION_ERROR", "BLOCKED", "SHUTDOWN"],
      },
      {
        when: "what is to be repaired is well",
        world: pair,
        input: repair,
        message: "instance instance-1 is ACTIVE; a repair of replication needs REPLICATION_ERROR",
        field: "fault.replicaId",
        value: "ACTIVE",
        allowed: ["REPLICATION_ERROR"],
      },
      {
        when: "replication is broken already",
        world: broken,
        input: breaking,
        message:
          "instance instance-1 is REPLICATION_ERROR; a break of replication needs ACTIVE, RESTART_REQUIRED",
        field: "fault.replicaId",
        value: "REPLICATION_ERROR",
        allowed: ["ACTIVE", "RESTART_REQUIRED"],
      },
      {
        when: "what is to hang is building",
        world: () => withState(lone(), "instance-0", "building"),
        input: hang,
        message:
          "instance instance-0 is BUILD; a hang needs ACTIVE, RESTART_REQUIRED, REPLICATION_ERROR",
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
