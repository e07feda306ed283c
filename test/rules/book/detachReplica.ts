import type { InstanceStatus } from "replication-simulator";
import { converting, group, lone, pair, withState } from "../fixtures.js";
import { specify, statusSpec } from "../spec.js";

const replica = { instanceId: "instance-1" } as const;
const needs: readonly InstanceStatus[] = [
  "ACTIVE",
  "RESTART_REQUIRED",
  "REPLICATION_ERROR",
  "BLOCKED",
  "SHUTDOWN",
];
const byStatus = statusSpec<"detachReplica">({
  world: (state) => withState(pair(), "instance-1", state),
  id: "instance-1",
  input: replica,
  doing: "detach",
  takenIn: needs,
  needs,
});

export const detachReplica = specify("detachReplica", {
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
    passes: [{ when: "it is the account's own", world: pair, input: replica }],
  },
  "not-ha-member": {
    code: "forbidden",
    refuses: [
      {
        when: "it is a replica in an HA group",
        world: group,
        input: replica,
        message: "instance instance-1 belongs to HA group group-0; use remove_replica on the group",
        field: "instanceId",
        value: "instance-1",
      },
    ],
    passes: [
      {
        when: "its conversion to HA has failed",
        world: () => {
          const sim = converting();
          sim.failTask({ task: "convert" });
          sim.settle();
          return sim;
        },
        input: replica,
      },
    ],
  },
  "is-replica": {
    code: "badRequest",
    refuses: [
      {
        when: "it stands alone",
        world: lone,
        input: { instanceId: "instance-0" },
        message: "instance instance-0 is not a replica",
        field: "instanceId",
        value: "instance-0",
      },
      {
        when: "it is a source",
        world: pair,
        input: { instanceId: "instance-0" },
        message: "instance instance-0 is not a replica",
        field: "instanceId",
        value: "instance-0",
      },
      {
        when: "it has been detached already",
        world: () => {
          const sim = pair();
          sim.detachReplica("instance-1");
          sim.settle();
          return sim;
        },
        input: replica,
        message: "instance instance-1 is not a replica",
        field: "instanceId",
        value: "instance-1",
      },
    ],
    passes: [{ when: "it is a replica", world: pair, input: replica }],
  },
  "current-source": {
    code: "badRequest",
    refuses: [
      {
        when: "it would be pointed at another instance",
        world: pair,
        input: { ...replica, replicaOf: "instance-1" },
        message:
          "replica_of must be null or the current source; pointing a replica at another source is not supported",
        field: "replicaOf",
        value: "instance-1",
        allowed: "instance-0",
      },
    ],
    passes: [
      {
        when: "its present source is named",
        world: pair,
        input: { ...replica, replicaOf: "instance-0" },
      },
    ],
  },
  "detach-status": {
    ...byStatus,
    refuses: [
      ...byStatus.refuses,
      {
        when: "it is being detached already",
        world: () => {
          const sim = pair();
          sim.detachReplica("instance-1");
          return sim;
        },
        input: replica,
        message: `cannot detach instance instance-1 in status DETACH_REPLICA; allowed: ${needs.join(", ")}`,
        field: "instanceId",
        value: "DETACH_REPLICA",
        allowed: needs,
      },
      {
        when: "its set is being converted to HA",
        world: converting,
        input: replica,
        message: `cannot detach instance instance-1 in status CONVERT_TO_HA; allowed: ${needs.join(", ")}`,
        field: "instanceId",
        value: "CONVERT_TO_HA",
        allowed: needs,
      },
    ],
    passes: [
      ...byStatus.passes,
      // A detach is what one does when the source is down: its status does not matter.
      ...(["shutdown", "blocked", "error", "restarting", "resizingFlavor"] as const).map(
        (state) => ({
          when: `its source is ${state}`,
          world: () => withState(pair(), "instance-0", state),
          input: replica,
        }),
      ),
    ],
  },
});
