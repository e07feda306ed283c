import type {
  CommandType,
  InputOf,
  InstanceStatus,
  ReplicationSimulator,
} from "replication-simulator";
import {
  converting,
  empty,
  group,
  largeGroup,
  lone,
  pair,
  small,
  trio,
  withState,
} from "../fixtures.js";
import { instanceExists, outsideGroups } from "../shared.js";
import { type RuleSpec, specify, statusSpec } from "../spec.js";

const one = { instanceId: "instance-0" } as const;
const operable: readonly InstanceStatus[] = [
  "ACTIVE",
  "RESTART_REQUIRED",
  "REPLICATION_ERROR",
  "BLOCKED",
  "SHUTDOWN",
];
const resizable: readonly InstanceStatus[] = ["ACTIVE", "RESTART_REQUIRED", "BLOCKED", "SHUTDOWN"];

/** A replica is being built from a hidden backup of `instance-0`, which serves again meanwhile. */
const copied = () => {
  const sim = lone();
  sim.createReplica({ ...small, replicaOf: "instance-0" });
  sim.advance(4_000);
  return sim;
};

function whileCopied<K extends CommandType>(input: InputOf<K>, doing: string): RuleSpec<K> {
  return {
    code: "unprocessableEntity",
    refuses: [
      {
        when: "a replica is being copied from it",
        world: copied,
        input,
        message: `cannot ${doing} instance instance-0 while its replica instance-1 is built from it; wait until the replica is ACTIVE`,
        field: "instanceId",
        value: "instance-0",
      },
    ],
    passes: [
      {
        when: "the copy is made, and the replica still building",
        world: () => {
          const sim = copied();
          sim.advance(3_000);
          return sim;
        },
        input,
      },
    ],
  };
}

export const renameInstance = specify("renameInstance", {
  "instance-exists": instanceExists((instanceId) => ({ instanceId, name: "orders" })),
  "rename-status": (() => {
    const takenIn: readonly InstanceStatus[] = [
      "BUILD",
      "ACTIVE",
      "RESTART",
      "REBOOT",
      "RESIZE",
      "DETACH_REPLICA",
      "CONVERT_TO_HA",
      "BACKUP",
      "RESTART_REQUIRED",
      "REPLICATION_ERROR",
      "BLOCKED",
      "SHUTDOWN",
      "ERROR",
      "FAILED",
    ];
    const byStatus = statusSpec<"renameInstance">({
      world: (state) => withState(lone(), "instance-0", state),
      id: "instance-0",
      input: { ...one, name: "orders" },
      doing: "rename",
      takenIn,
      needs: takenIn,
    });
    return {
      ...byStatus,
      passes: [
        ...byStatus.passes,
        {
          when: "it is a member of an HA group",
          world: group,
          input: { ...one, name: "orders-a" },
        },
      ],
    };
  })(),
});

export const restartInstance = specify("restartInstance", {
  "instance-exists": instanceExists((instanceId) => ({ instanceId })),
  "not-ha-member": outsideGroups((instanceId) => ({ instanceId }), "restart the group"),
  "restart-status": statusSpec<"restartInstance">({
    world: (state) => withState(lone(), "instance-0", state),
    id: "instance-0",
    input: one,
    doing: "restart",
    takenIn: operable,
    needs: operable,
  }),
  "hidden-backup-running": whileCopied<"restartInstance">(one, "restart"),
});

export const resizeFlavor = specify("resizeFlavor", {
  "instance-exists": instanceExists((instanceId) => ({ instanceId, flavorId: "3" })),
  "not-ha-member": outsideGroups(
    (instanceId) => ({ instanceId, flavorId: "3" }),
    "resize the flavor of the group",
  ),
  "flavor-exists": {
    code: "badRequest",
    refuses: [
      {
        when: "no flavor has the id",
        world: lone,
        input: { ...one, flavorId: "10" },
        message: "flavor 10 not found",
        field: "flavorId",
        value: "10",
        allowed: ["1", "2", "3", "4", "5", "6", "7", "8", "9"],
      },
    ],
    passes: [{ when: "a flavor has it", world: lone, input: { ...one, flavorId: "9" } }],
  },
  "flavor-differs": {
    code: "badRequest",
    refuses: ["2", 2].map((flavorId) => ({
      when: `it is the present flavor, as a ${typeof flavorId}`,
      world: lone,
      input: { ...one, flavorId },
      message: "instance instance-0 already has flavor 2",
      field: "flavorId",
      value: "2",
    })),
    passes: [
      { when: "it is larger", world: lone, input: { ...one, flavorId: 3 } },
      { when: "it is smaller", world: lone, input: { ...one, flavorId: 1 } },
    ],
  },
  "datastore-flavor": {
    code: "badRequest",
    refuses: [
      {
        when: "the datastore version is not offered on it",
        world: () => {
          const sim = empty();
          sim.createInstance({ ...small, datastore: { version: "8.0" } });
          sim.settle();
          return sim;
        },
        input: { ...one, flavorId: "1" },
        message: "datastore mysql 8.0 is not offered on flavor 1",
        field: "flavorId",
        value: "1",
        allowed: ["2", "3", "4", "5", "6", "7", "8", "9"],
      },
    ],
    passes: [
      {
        when: "the datastore version is offered on it",
        world: lone,
        input: { ...one, flavorId: "1" },
      },
    ],
  },
  "replication-flavor": {
    code: "badRequest",
    refuses: ["instance-0", "instance-1"].map((instanceId) => ({
      when: `the ${instanceId === "instance-0" ? "source" : "replica"} would have 512 MB`,
      world: pair,
      input: { instanceId, flavorId: "1" },
      message: "replication needs a flavor of at least 1024 MB; flavor 1 has 512 MB",
      field: "flavorId",
      value: "1",
      allowed: ["2", "3", "4", "5", "6", "7", "8", "9"],
    })),
    passes: [
      {
        when: "the replica would have 2 GB, other than its source",
        world: pair,
        input: { instanceId: "instance-1", flavorId: "3" },
      },
      { when: "it neither has nor is a replica", world: lone, input: { ...one, flavorId: "1" } },
    ],
  },
  "resize-flavor-status": statusSpec<"resizeFlavor">({
    world: (state) => withState(lone(), "instance-0", state),
    id: "instance-0",
    input: { ...one, flavorId: "3" },
    doing: "resize the flavor of",
    takenIn: resizable,
    needs: resizable,
  }),
  "hidden-backup-running": whileCopied<"resizeFlavor">(
    { ...one, flavorId: "3" },
    "resize the flavor of",
  ),
});

export const resizeVolume = specify("resizeVolume", {
  "instance-exists": instanceExists((instanceId) => ({ instanceId, volumeGb: 11 })),
  "not-ha-member": outsideGroups(
    (instanceId) => ({ instanceId, volumeGb: 11 }),
    "resize the volumes of the group",
  ),
  "volume-grows": {
    code: "badRequest",
    refuses: [
      {
        when: "the size stays",
        world: lone,
        input: { ...one, volumeGb: 10 },
        message: "cannot shrink the volume of instance instance-0 from 10 GB; got 10",
        field: "volumeGb",
        value: 10,
        allowed: "11 to 300",
      },
      {
        when: "the size shrinks",
        world: lone,
        input: { ...one, volumeGb: 9 },
        message: "cannot shrink the volume of instance instance-0 from 10 GB; got 9",
        field: "volumeGb",
        value: 9,
        allowed: "11 to 300",
      },
    ],
    passes: [
      { when: "it grows by 1 GB", world: lone, input: { ...one, volumeGb: 11 } },
      { when: "it grows to the maximum", world: lone, input: { ...one, volumeGb: 300 } },
    ],
  },
  "resize-volume-status": statusSpec<"resizeVolume">({
    world: (state) => withState(lone(), "instance-0", state),
    id: "instance-0",
    input: { ...one, volumeGb: 11 },
    doing: "resize the volume of",
    takenIn: resizable,
    needs: resizable,
  }),
  "hidden-backup-running": whileCopied<"resizeVolume">(
    { ...one, volumeGb: 20 },
    "resize the volume of",
  ),
});

export const deleteInstance = specify("deleteInstance", {
  "instance-exists": instanceExists((instanceId) => ({ instanceId })),
  "not-ha-member": (() => {
    const members = outsideGroups<"deleteInstance">(
      (instanceId) => ({ instanceId }),
      "remove it from the group, or delete the group",
    );
    return {
      ...members,
      refuses: [
        ...members.refuses,
        {
          when: "its set is still being converted to HA",
          world: converting,
          input: { instanceId: "instance-1" },
          message:
            "instance instance-1 belongs to HA group group-0; remove it from the group, or delete the group",
          field: "instanceId",
          value: "instance-1",
        },
      ],
    };
  })(),
  "source-has-replicas": {
    code: "forbidden",
    refuses: [
      {
        when: "it has a replica",
        world: pair,
        input: one,
        message: "instance instance-0 has 1 replica; detach or delete instance-1 first",
        field: "instanceId",
        value: "instance-0",
      },
      {
        when: "its replica is still building",
        world: () => {
          const sim = lone();
          sim.createReplica({ ...small, replicaOf: "instance-0" });
          return sim;
        },
        input: one,
        message: "instance instance-0 has 1 replica; detach or delete instance-1 first",
        field: "instanceId",
        value: "instance-0",
      },
      {
        when: "one of its two replicas is being deleted",
        world: () => {
          const sim = trio();
          sim.deleteInstance("instance-1");
          return sim;
        },
        input: one,
        message: "instance instance-0 has 1 replica; detach or delete instance-2 first",
        field: "instanceId",
        value: "instance-0",
      },
    ],
    passes: [
      { when: "it is a replica itself", world: pair, input: { instanceId: "instance-1" } },
      {
        when: "its replica has been deleted",
        world: () => {
          const sim = pair();
          sim.deleteInstance("instance-1");
          sim.settle();
          return sim;
        },
        input: one,
      },
    ],
  },
  "member-leaving": {
    code: "unprocessableEntity",
    refuses: [
      {
        when: "it is being removed from its group",
        world: () => {
          const sim = largeGroup();
          sim.removeReplica("group-0", "instance-2");
          return sim;
        },
        input: { instanceId: "instance-2" },
        message:
          "instance instance-2 is DETACH_REPLICA, being removed from HA group group-0; wait until that ends, then delete it",
        field: "instanceId",
        value: "DETACH_REPLICA",
      },
    ],
    passes: [
      {
        when: "it has left its group",
        world: () => {
          const sim = largeGroup();
          sim.removeReplica("group-0", "instance-2");
          sim.settle();
          return sim;
        },
        input: { instanceId: "instance-2" },
      },
    ],
  },
  "replicas-leaving": {
    code: "unprocessableEntity",
    refuses: [
      {
        when: "its replica is being deleted",
        world: () => {
          const sim = pair();
          sim.deleteInstance("instance-1");
          return sim;
        },
        input: one,
        message:
          "replica instance-1 of instance instance-0 is DELETION_PENDING; wait until that ends, then delete the source",
        field: "instanceId",
        value: "DELETION_PENDING",
      },
      {
        when: "its replica is being detached",
        world: () => {
          const sim = pair();
          sim.detachReplica("instance-1");
          return sim;
        },
        input: one,
        message:
          "replica instance-1 of instance instance-0 is DETACH_REPLICA; wait until that ends, then delete the source",
        field: "instanceId",
        value: "DETACH_REPLICA",
      },
    ],
    passes: [
      {
        when: "its replica has been detached",
        world: () => {
          const sim = pair();
          sim.detachReplica("instance-1");
          sim.settle();
          return sim;
        },
        input: one,
      },
    ],
  },
  "delete-status": statusSpec<"deleteInstance">({
    world: (state) => withState(lone(), "instance-0", state),
    id: "instance-0",
    input: one,
    doing: "delete",
    takenIn: [
      "ACTIVE",
      "RESTART",
      "REBOOT",
      "RESIZE",
      "DETACH_REPLICA",
      "CONVERT_TO_HA",
      "RESTART_REQUIRED",
      "REPLICATION_ERROR",
      "BLOCKED",
      "SHUTDOWN",
      "ERROR",
      "FAILED",
      "DELETION_PENDING",
    ],
    needs: [
      "ACTIVE",
      "RESTART",
      "REBOOT",
      "RESIZE",
      "DETACH_REPLICA",
      "CONVERT_TO_HA",
      "RESTART_REQUIRED",
      "REPLICATION_ERROR",
      "BLOCKED",
      "SHUTDOWN",
      "ERROR",
      "FAILED",
      "DELETION_PENDING",
    ],
  }),
});

export const setDataSize = specify("setDataSize", {
  "instance-exists": instanceExists((instanceId) => ({ instanceId, usedGb: 1 })),
  "data-fits": {
    code: "badRequest",
    refuses: [
      {
        when: "there is more data than volume",
        world: lone,
        input: { ...one, usedGb: 10.01 },
        message: "10.01 GB of data exceed the volume of instance instance-0 (10 GB)",
        field: "usedGb",
        value: 10.01,
        allowed: "at most 10",
      },
    ],
    passes: [
      { when: "the volume is exactly full", world: lone, input: { ...one, usedGb: 10 } },
      { when: "the volume is empty", world: lone, input: { ...one, usedGb: 0 } },
    ],
  },
});

export const setWorkload = specify("setWorkload", {
  "instance-exists": instanceExists((instanceId) => ({ instanceId, transactionsPerSecond: 1 })),
  "writes-on-source": {
    code: "forbidden",
    refuses: [
      {
        when: "it is a replica",
        world: pair,
        input: { instanceId: "instance-1", transactionsPerSecond: 1 },
        message: "instance instance-1 is a replica; set the workload of its source instance-0",
        field: "instanceId",
        value: "instance-1",
      },
    ],
    passes: [
      { when: "it is a source", world: pair, input: { ...one, transactionsPerSecond: 1 } },
      { when: "it stands alone", world: lone, input: { ...one, transactionsPerSecond: 0 } },
    ],
  },
});

const two =
  (writesThere = 0): (() => ReplicationSimulator) =>
  () => {
    const sim = lone();
    sim.createInstance(small);
    sim.settle();
    sim.setWorkload("instance-0", { transactionsPerSecond: 60_000 });
    sim.setWorkload("instance-1", { transactionsPerSecond: writesThere });
    return sim;
  };
const move = { instanceId: "instance-0", toInstanceId: "instance-1" } as const;
const moved = { when: "it stands alone", world: two(), input: move } as const;

export const moveClients = specify("moveClients", {
  "instance-exists": instanceExists(
    (instanceId) => ({ instanceId, toInstanceId: "instance-1" }),
    two(),
  ),
  "clients-target-exists": {
    code: "itemNotFound",
    refuses: [
      {
        when: "no resource has the id",
        world: two(),
        input: { ...move, toInstanceId: "no-such-id" },
        message: "instance no-such-id not found",
        field: "toInstanceId",
        value: "no-such-id",
      },
    ],
    passes: [moved],
  },
  "clients-move-elsewhere": {
    code: "badRequest",
    refuses: [
      {
        when: "it is the same",
        world: two(),
        input: { ...move, toInstanceId: "instance-0" },
        message: "the clients of instance instance-0 already write there",
        field: "toInstanceId",
        value: "instance-0",
      },
    ],
    passes: [moved],
  },
  "clients-target-writable": {
    code: "forbidden",
    refuses: [
      {
        when: "it is a replica",
        world: () => {
          const sim = pair();
          sim.setWorkload("instance-0", { transactionsPerSecond: 1 });
          return sim;
        },
        input: move,
        message: "instance instance-1 is a replica of instance-0; detach it, then move the clients",
        field: "toInstanceId",
        value: "instance-1",
      },
    ],
    passes: [moved],
  },
  "clients-rate": {
    code: "badRequest",
    refuses: [
      {
        when: "both write more than one instance takes",
        world: two(40_001),
        input: move,
        message:
          "together the clients would write 100001 transactions a second on instance instance-1",
        field: "toInstanceId",
        value: "instance-1",
        allowed: "at most 100000",
      },
    ],
    passes: [{ when: "it is just as much", world: two(40_000), input: move }],
  },
  "has-clients": {
    code: "unprocessableEntity",
    refuses: [
      {
        when: "no client writes",
        world: two(),
        input: { instanceId: "instance-1", toInstanceId: "instance-0" },
        message: "no clients write on instance instance-1; set a workload first",
        field: "instanceId",
        value: "instance-1",
      },
    ],
    passes: [moved],
  },
});
