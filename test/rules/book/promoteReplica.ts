import type { InstanceStatus } from "replication-simulator";
import { group, lone, pair, trio, withState } from "../fixtures.js";
import { specify, statusSpec } from "../spec.js";

const replica = { instanceId: "instance-1" } as const;
const needs: readonly InstanceStatus[] = ["ACTIVE", "RESTART_REQUIRED", "REPLICATION_ERROR"];
const byStatus = statusSpec<"promoteReplica">({
  world: (state) => withState(pair(), "instance-1", state),
  id: "instance-1",
  input: replica,
  doing: "promote",
  takenIn: ["ACTIVE", "RESTART_REQUIRED"],
  needs,
});
/** Its source is down, and so its replication is broken. */
const widowed = {
  when: "its source is down",
  world: () => {
    const sim = pair();
    sim.inject({ kind: "crash", instanceId: "instance-0" });
    return sim;
  },
  input: replica,
};
const statusOf = {
  restarting: "RESTART",
  rebooting: "REBOOT",
  resizingFlavor: "RESIZE",
  deleting: "DELETION_PENDING",
} as const;
const asItIs = { when: "it is a replica", world: pair, input: replica };

export const promoteReplica = specify("promoteReplica", {
  "instance-exists": {
    code: "itemNotFound",
    refuses: [
      {
        when: "no resource has the id",
        world: pair,
        input: { instanceId: "no-such-id" },
        message: "instance no-such-id not found",
        field: "instanceId",
        value: "no-such-id",
      },
    ],
    passes: [asItIs],
  },
  "not-ha-member": {
    code: "forbidden",
    refuses: [
      {
        when: "it is a replica in an HA group",
        world: group,
        input: replica,
        message: "instance instance-1 belongs to HA group group-0; force a failover of the group",
        field: "instanceId",
        value: "instance-1",
      },
    ],
    passes: [asItIs],
  },
  "promoted-replica": {
    code: "badRequest",
    refuses: [
      {
        when: "it stands alone",
        world: lone,
        input: { instanceId: "instance-0" },
        message: "instance instance-0 is not a replica; pass the id of a replica",
        field: "instanceId",
        value: "instance-0",
      },
      {
        when: "it is the source",
        world: pair,
        input: { instanceId: "instance-0" },
        message: "instance instance-0 is not a replica; pass the id of a replica",
        field: "instanceId",
        value: "instance-0",
      },
    ],
    passes: [asItIs],
  },
  "promotion-status": {
    ...byStatus,
    // A replica whose replication is broken is promoted where its source is down.
    refuses: byStatus.refuses.filter(({ when }) => !when.endsWith("(replicationBroken)")),
    passes: [...byStatus.passes, widowed],
  },
  "one-promotion": {
    code: "unprocessableEntity",
    refuses: [
      {
        when: "another replica of the set is being promoted",
        world: () => {
          const sim = trio();
          sim.promoteReplica("instance-2");
          return sim;
        },
        input: replica,
        message: "replica instance-2 of the same set is being promoted; wait until that ends",
        field: "instanceId",
        value: "instance-2",
      },
    ],
    passes: [
      {
        when: "another replica of the set is being detached",
        world: () => {
          const sim = trio();
          sim.detachReplica("instance-2");
          return sim;
        },
        input: replica,
      },
    ],
  },
  "promotion-source-status": {
    code: "unprocessableEntity",
    refuses: (["restarting", "rebooting", "resizingFlavor", "deleting"] as const).map((state) => ({
      when: `its source is ${state}`,
      world: () => withState(pair(), "instance-0", state),
      input: replica,
      message: `cannot promote a replica while its source instance-0 is ${statusOf[state]}; wait until that ends`,
      field: "instanceId",
      value: statusOf[state],
    })),
    passes: [
      ...(["active", "restartRequired", "backingUp"] as const).map((state) => ({
        when: `its source is ${state}`,
        world: () => withState(pair(), "instance-0", state),
        input: replica,
      })),
      widowed,
    ],
  },
  "promotion-receives": {
    code: "unprocessableEntity",
    refuses: [
      {
        when: "its replication is broken",
        world: () => {
          const sim = pair();
          sim.inject({ kind: "breakReplication", replicaId: "instance-1" });
          return sim;
        },
        input: replica,
        message:
          "replica instance-1 does not replicate, and its source instance-0 answers; repair replication, or detach the replica",
        field: "instanceId",
        value: "instance-1",
      },
      {
        when: "the line to its source is cut",
        world: () => {
          const sim = pair();
          sim.inject({ kind: "cutLink", replicaId: "instance-1" });
          return sim;
        },
        input: replica,
        message:
          "replica instance-1 does not replicate, and its source instance-0 answers; repair replication, or detach the replica",
        field: "instanceId",
        value: "instance-1",
      },
    ],
    passes: [
      widowed,
      {
        when: "the line to its source is slow",
        world: () => {
          const sim = pair();
          sim.inject({ kind: "slowLink", replicaId: "instance-1", factor: 2 });
          return sim;
        },
        input: replica,
      },
    ],
  },
});
