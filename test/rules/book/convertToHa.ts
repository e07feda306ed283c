import { documentedCatalog, type ReplicationSimulator } from "replication-simulator";
import { instanceStatuses } from "../../lifecycle/documented.js";
import { converting, empty, group, lone, pair, small, trio, withState } from "../fixtures.js";
import { labelUnique } from "../shared.js";
import { specify, statesOf } from "../spec.js";

const input = { instanceId: "instance-0", name: "orders" } as const;
const byReplica = { instanceId: "instance-1", name: "orders" } as const;

/** `instance-0` and its replica `instance-1`, which differs. */
const uneven = (difference: { flavorId?: string; volumeGb?: number }) => () => {
  const sim = lone();
  sim.createReplica({ ...small, replicaOf: "instance-0", ...difference });
  sim.settle();
  return sim;
};

/** The set was made while smaller flavors could replicate. */
const outgrown = (): ReplicationSimulator => pair().fork({ limits: { minReplicationRamMb: 2048 } });

export const convertToHa = specify("convertToHa", {
  "instance-exists": {
    code: "itemNotFound",
    refuses: [
      {
        when: "no resource has the id",
        world: pair,
        input: { ...input, instanceId: "no-such-id" },
        message: "instance no-such-id not found",
        field: "instanceId",
        value: "no-such-id",
      },
    ],
    passes: [
      { when: "it is the source", world: pair, input: input },
      { when: "it is the replica", world: pair, input: byReplica },
      {
        when: "it is the second replica",
        world: trio,
        input: { ...input, instanceId: "instance-2" },
      },
    ],
  },
  "outside-ha": {
    code: "forbidden",
    refuses: [
      {
        when: "its set is an HA group already",
        world: group,
        input: input,
        message: "instance instance-0 already belongs to HA group group-0",
        field: "instanceId",
        value: "instance-0",
      },
      {
        when: "its set is an HA group already, and it is the replica",
        world: group,
        input: byReplica,
        message: "instance instance-1 already belongs to HA group group-0",
        field: "instanceId",
        value: "instance-1",
      },
    ],
    passes: [
      {
        when: "an earlier conversion has failed",
        world: () => {
          const sim = converting();
          sim.failTask({ task: "convert" });
          sim.settle();
          return sim;
        },
        input: input,
      },
    ],
  },
  "in-replication-set": {
    code: "badRequest",
    refuses: [
      {
        when: "it stands alone",
        world: lone,
        input: input,
        message: "instance instance-0 is not part of a replication set",
        field: "instanceId",
        value: "instance-0",
      },
      {
        when: "its only replica has been detached",
        world: () => {
          const sim = pair();
          sim.detachReplica("instance-1");
          sim.settle();
          return sim;
        },
        input: input,
        message: "instance instance-0 is not part of a replication set",
        field: "instanceId",
        value: "instance-0",
      },
    ],
    passes: [
      { when: "it has one replica", world: pair, input: input },
      { when: "it has two replicas", world: trio, input: input },
    ],
  },
  "ha-datastore": {
    code: "badRequest",
    refuses: [
      {
        when: "the version replicates, but not under HA",
        world: () =>
          pair({
            catalog: {
              ...documentedCatalog,
              datastores: documentedCatalog.datastores.map((known) => ({ ...known, ha: false })),
            },
          }),
        input: input,
        message: "datastore mysql 5.6 does not support HA",
        field: "instanceId",
        value: "mysql 5.6",
      },
    ],
    passes: [{ when: "the version can be highly available", world: pair, input: input }],
  },
  "ha-flavor": {
    code: "badRequest",
    refuses: [
      {
        when: "the members are too small",
        world: outgrown,
        input: input,
        message: "replication needs a flavor of at least 2048 MB; flavor 2 has 1024 MB",
        field: "instanceId",
        value: "2",
        allowed: ["3", "4", "5", "6", "7", "8"],
      },
      {
        when: "only the replica is too small",
        world: () => {
          const sim = empty();
          sim.createInstance({ ...small, flavorId: "3" });
          sim.settle();
          sim.createReplica({ ...small, replicaOf: "instance-0" });
          sim.settle();
          return sim.fork({ limits: { minReplicationRamMb: 2048 } });
        },
        input: input,
        message: "replication needs a flavor of at least 2048 MB; flavor 2 has 1024 MB",
        field: "instanceId",
        value: "2",
        allowed: ["3", "4", "5", "6", "7", "8"],
      },
    ],
    passes: [{ when: "the members have exactly 1 GB", world: pair, input: input }],
  },
  "equal-members": {
    code: "badRequest",
    refuses: [
      {
        when: "the flavors differ",
        world: uneven({ flavorId: "3" }),
        input: input,
        message:
          "members of an HA group must have equal flavor and volume size: instance instance-0 has flavor 2 and 10 GB, instance-1 has flavor 3 and 10 GB",
        field: "instanceId",
        value: "instance-1",
        allowed: "flavor 2 and 10 GB",
      },
      {
        when: "the volumes differ, and the replica is asked",
        world: uneven({ volumeGb: 11 }),
        input: byReplica,
        message:
          "members of an HA group must have equal flavor and volume size: instance instance-0 has flavor 2 and 10 GB, instance-1 has flavor 2 and 11 GB",
        field: "instanceId",
        value: "instance-1",
        allowed: "flavor 2 and 10 GB",
      },
      {
        when: "only the second replica differs",
        world: () => {
          const sim = pair();
          sim.createReplica({ ...small, volumeGb: 20, replicaOf: "instance-0" });
          sim.settle();
          return sim;
        },
        input: input,
        message:
          "members of an HA group must have equal flavor and volume size: instance instance-0 has flavor 2 and 10 GB, instance-2 has flavor 2 and 20 GB",
        field: "instanceId",
        value: "instance-2",
        allowed: "flavor 2 and 10 GB",
      },
    ],
    passes: [
      {
        when: "the replica has grown to the size of its source",
        world: () => {
          const sim = uneven({ volumeGb: 9 })();
          sim.resizeVolume("instance-1", 10);
          sim.settle();
          return sim;
        },
        input: input,
      },
    ],
  },
  "equal-configurations": {
    code: "badRequest",
    refuses: [
      {
        when: "only the source has one",
        world: () => {
          const sim = pair();
          sim.createConfiguration({ name: "tuned", values: { connect_timeout: 1 } });
          sim.attachConfiguration("instance-0", "configuration-0");
          return sim;
        },
        input: input,
        message:
          "members of an HA group must have the same configuration: instance-0 has configuration-0, instance-1 has none",
        field: "instanceId",
        value: "instance-1",
        allowed: "configuration-0",
      },
      {
        when: "only the replica has one, and is asked",
        world: () => {
          const sim = pair();
          sim.createConfiguration({ name: "tuned", values: { connect_timeout: 1 } });
          sim.attachConfiguration("instance-1", "configuration-0");
          return sim;
        },
        input: byReplica,
        message:
          "members of an HA group must have the same configuration: instance-0 has none, instance-1 has configuration-0",
        field: "instanceId",
        value: "instance-1",
        allowed: "none",
      },
    ],
    passes: [
      {
        when: "both have the same",
        world: () => {
          const sim = pair();
          sim.createConfiguration({ name: "tuned", values: { connect_timeout: 1 } });
          sim.attachConfiguration("instance-0", "configuration-0");
          sim.attachConfiguration("instance-1", "configuration-0");
          return sim;
        },
        input: input,
      },
    ],
  },
  "label-unique": labelUnique((label) => ({ ...input, label }), pair),
  "members-active": {
    code: "unprocessableEntity",
    refuses: [
      ...statesOf(instanceStatuses.filter((status) => status !== "ACTIVE")).flatMap(
        ({ state, status }) =>
          (["instance-0", "instance-1"] as const).map((id) => ({
            when: `${id} is ${status} (${state})`,
            world: () => withState(pair(), id, state),
            input: input,
            message: `cannot convert to HA instance ${id} in status ${status}; allowed: ACTIVE`,
            field: "instanceId",
            value: status,
            allowed: ["ACTIVE"],
          })),
      ),
      {
        when: "it is being converted already",
        world: converting,
        input: input,
        message:
          "cannot convert to HA instance instance-0 in status CONVERT_TO_HA; allowed: ACTIVE",
        field: "instanceId",
        value: "CONVERT_TO_HA",
        allowed: ["ACTIVE"],
      },
      {
        when: "the second of two replicas is still building",
        world: () => {
          const sim = pair();
          sim.createReplica({ ...small, replicaOf: "instance-0" });
          sim.waitFor("instance-0", "ACTIVE");
          return sim;
        },
        input: byReplica,
        message: "cannot convert to HA instance instance-2 in status BUILD; allowed: ACTIVE",
        field: "instanceId",
        value: "BUILD",
        allowed: ["ACTIVE"],
      },
    ],
    passes: [{ when: "all are ACTIVE", world: trio, input: input }],
  },
});
