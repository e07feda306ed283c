import { documentedCatalog, type ReplicationSimulator } from "replication-simulator";
import type { HaGroupState } from "replication-simulator/lifecycle";
import { after, empty, group, largeGroup, small, withGroupState, withState } from "../fixtures.js";
import {
  configurationExists,
  configurationFits,
  groupExists,
  groupStatus,
  knownPlace,
  labelUnique,
} from "../shared.js";
import { type RuleSpec, specify, statusSpec } from "../spec.js";

const one = { groupId: "group-0" } as const;
const everyFlavor = ["1", "2", "3", "4", "5", "6", "7", "8", "9"];
const input = { name: "orders", source: small, replicas: [small] };
const allOf = (flavorId: string) => ({
  ...input,
  source: { ...small, flavorId },
  replicas: [{ ...small, flavorId }],
});

/** Every state but those in which a group is built, or is being deleted already (§2.4). */
const deletable: readonly HaGroupState[] = [
  "active",
  "backingUp",
  "addingReplica",
  "removingReplica",
  "restartRequired",
  "rebooting",
  "resizingVolume",
  "resizingFlavor",
  "detectingFailure",
  "detectingWhileBroken",
  "creationFailed",
  "failingOver",
  "forcingFailover",
  "disablingFailover",
  "failoverDisabled",
  "enablingFailover",
  "updatingProxyNodes",
  "replicationBroken",
  "error",
  "addReplicaFailed",
  "removeReplicaFailed",
  "volumeResizeFailed",
  "flavorResizeFailed",
  "proxyNodesFailed",
  "deletionFailed",
];
const inState = (state: HaGroupState): ReplicationSimulator =>
  withGroupState(group(), "group-0", state);
const changed = (difference: Partial<(typeof documentedCatalog)["datastores"][number]>) => () =>
  empty({
    catalog: {
      ...documentedCatalog,
      datastores: documentedCatalog.datastores.map((known) => ({ ...known, ...difference })),
    },
  });

/** A world in which one account holds as many instances as are said. */
const holding = (count: number) => () => {
  const sim = empty();
  for (let i = 0; i < count; i++) sim.createInstance(small);
  return sim;
};

const labelOfGroup = labelUnique<"createHaGroup">((label) => ({ ...input, label }), empty);
const labelOfMember = labelUnique<"createHaGroup">(
  (label) => ({ ...input, replicas: [{ ...small, label }] }),
  empty,
  "replicas[0].label",
);
/** The group and each of its members can have one, and all at once. */
const labelsUnique: RuleSpec<"createHaGroup"> = {
  code: "badRequest",
  refuses: [
    ...labelOfGroup.refuses,
    ...labelOfMember.refuses,
    {
      when: "a member has the group's",
      world: empty,
      input: {
        ...input,
        label: "a",
        source: { ...small, label: "b" },
        replicas: [{ ...small, label: "a" }],
      },
      message: 'label "a" is used twice in this request',
      field: "replicas[0].label",
      value: "a",
      allowed: "a label of its own for the group and for each member",
    },
    {
      when: "a member that is still to be built has it",
      world: () => {
        const sim = empty();
        sim.createHaGroup({ ...input, replicas: [{ ...small, label: "to come" }] });
        return sim;
      },
      input: { ...input, source: { ...small, label: "to come" } },
      message: 'label "to come" is already used by a member that is to come',
      field: "source.label",
      value: "to come",
      allowed: "a label never used in the account",
    },
  ],
  passes: [...labelOfGroup.passes, ...labelOfMember.passes],
};

export const createHaGroup = specify("createHaGroup", {
  "configuration-exists": configurationExists(
    (configurationId) => ({ ...input, configurationId }),
    empty,
  ),
  "flavor-exists": {
    code: "badRequest",
    refuses: [
      {
        when: "the source's flavor is none",
        world: empty,
        input: { ...input, source: { ...small, flavorId: "10" } },
        message: "flavor 10 not found",
        field: "source.flavorId",
        value: "10",
        allowed: everyFlavor,
      },
      {
        when: "the second replica's flavor is none",
        world: empty,
        input: { ...input, replicas: [small, { ...small, flavorId: "x" }] },
        message: "flavor x not found",
        field: "replicas[1].flavorId",
        value: "x",
        allowed: everyFlavor,
      },
    ],
    passes: everyFlavor.slice(1).map((flavorId) => ({
      when: `all have flavor ${flavorId}`,
      world: empty,
      input: allOf(flavorId),
    })),
  },
  "known-place": knownPlace(
    (place) => ({ ...input, replicas: [{ ...small, ...place }] }),
    empty,
    "replicas[0].",
  ),
  "datastore-exists": {
    code: "badRequest",
    refuses: [
      {
        when: "the type is unknown",
        world: empty,
        input: { ...input, datastore: { type: "postgresql", version: "9" } },
        message: "datastore postgresql 9 not found",
        field: "datastore",
        value: "postgresql 9",
        allowed: documentedCatalog.datastores.map(({ type, version }) => `${type} ${version}`),
      },
    ],
    passes: [
      { when: "nothing is said", world: empty, input: input },
      {
        when: "type and version are known",
        world: empty,
        input: { ...input, datastore: { type: "MariaDB", version: "10" } },
      },
    ],
  },
  "ha-datastore": {
    code: "badRequest",
    refuses: [
      {
        when: "it is MySQL 5.1",
        world: empty,
        input: { ...input, datastore: { version: "5.1" } },
        message: "datastore mysql 5.1 does not support HA",
        field: "datastore",
        value: "mysql 5.1",
      },
      {
        when: "the version is deprecated",
        world: changed({ deprecated: true }),
        input: input,
        message: "datastore mysql 5.6 is deprecated; no new groups can use it",
        field: "datastore",
        value: "mysql 5.6",
      },
    ],
    passes: documentedCatalog.datastores
      .filter(({ version }) => version !== "5.1")
      .map(({ type, version }) => ({
        when: `it is ${type} ${version}`,
        world: empty,
        input: { ...input, datastore: { type, version } },
      })),
  },
  "ha-flavor": {
    code: "badRequest",
    refuses: [
      {
        when: "all have 512 MB",
        world: empty,
        input: allOf("1"),
        message: "replication needs a flavor of at least 1024 MB; flavor 1 has 512 MB",
        field: "source.flavorId",
        value: "1",
        allowed: everyFlavor.slice(1),
      },
      {
        when: "the datastore version is not offered on the flavor",
        world: changed({ flavorIds: ["2"] }),
        input: allOf("3"),
        message: "datastore mysql 5.6 is not offered on flavor 3",
        field: "source.flavorId",
        value: "3",
        allowed: ["2"],
      },
    ],
    passes: [{ when: "all have exactly 1 GB", world: changed({ flavorIds: ["2"] }), input: input }],
  },
  "equal-members": {
    code: "badRequest",
    refuses: [
      {
        when: "the second replica has another flavor",
        world: empty,
        input: { ...input, replicas: [small, { ...small, flavorId: "3" }] },
        message:
          "members of an HA group must have equal flavor and volume size: the source has flavor 2 and 10 GB, replicas[1] has flavor 3 and 10 GB",
        field: "replicas[1]",
        value: "flavor 3 and 10 GB",
        allowed: "flavor 2 and 10 GB",
      },
      {
        when: "the replica has a larger volume",
        world: empty,
        input: { ...input, replicas: [{ ...small, volumeGb: 11 }] },
        message:
          "members of an HA group must have equal flavor and volume size: the source has flavor 2 and 10 GB, replicas[0] has flavor 2 and 11 GB",
        field: "replicas[0]",
        value: "flavor 2 and 11 GB",
        allowed: "flavor 2 and 10 GB",
      },
    ],
    passes: [
      {
        when: "both replicas are as the source",
        world: empty,
        input: { ...input, replicas: [small, small] },
      },
      {
        when: "one flavor is a text, the other a number",
        world: empty,
        input: { ...input, replicas: [{ flavorId: 2, volumeGb: 10 }] },
      },
    ],
  },
  "configuration-fits": configurationFits({ ...input, configurationId: "configuration-0" }, empty),
  "label-unique": labelsUnique,
  "group-replica-limit": {
    code: "overLimit",
    refuses: [
      {
        when: "three replicas are asked for",
        world: empty,
        input: { ...input, replicas: [small, small, small] },
        message: "an HA group cannot have 3 replicas",
        field: "replicas",
        value: 3,
        allowed: "at most 2 replicas",
      },
      {
        when: "an own limit allows fewer",
        world: () => empty({ limits: { maxReplicasPerSource: 1 } }),
        input: { ...input, replicas: [small, small] },
        message: "an HA group cannot have 2 replicas",
        field: "replicas",
        value: 2,
        allowed: "at most 1 replica",
      },
    ],
    passes: [
      {
        when: "two replicas are asked for",
        world: empty,
        input: { ...input, replicas: [small, small] },
      },
      {
        when: "an own limit allows more",
        world: () => empty({ limits: { maxReplicasPerSource: 3 } }),
        input: { ...input, replicas: [small, small, small] },
      },
    ],
  },
  "instance-quota": {
    code: "overLimit",
    refuses: [
      {
        when: "the account has room for one member only",
        world: holding(24),
        input: input,
        message: "the account has 24 instances; 2 more exceed its quota of 25",
        field: "accountId",
        value: "1234",
        allowed: "at most 25 instances",
      },
      {
        when: "the account has room for two of three members",
        world: holding(23),
        input: { ...input, replicas: [small, small] },
        message: "the account has 23 instances; 3 more exceed its quota of 25",
        field: "accountId",
        value: "1234",
        allowed: "at most 25 instances",
      },
    ],
    passes: [{ when: "the account has room for all members", world: holding(23), input: input }],
  },
});

export const deleteHaGroup = specify("deleteHaGroup", {
  "group-exists": groupExists((groupId) => ({ groupId })),
  "group-status": groupStatus<"deleteHaGroup">({
    world: inState,
    input: one,
    doing: "delete",
    takenIn: deletable,
  }),
});

const node = { ...one, ...small };

export const addReplica = specify("addReplica", {
  "group-exists": groupExists((groupId) => ({ groupId, ...small })),
  "flavor-exists": {
    code: "badRequest",
    refuses: [
      {
        when: "no flavor has the id",
        world: group,
        input: { ...node, flavorId: "10" },
        message: "flavor 10 not found",
        field: "flavorId",
        value: "10",
        allowed: everyFlavor,
      },
    ],
    passes: [{ when: "a flavor has it", world: group, input: { ...node, flavorId: 2 } }],
  },
  "known-place": knownPlace((place) => ({ ...node, ...place }), group),
  "equal-members": {
    code: "badRequest",
    refuses: [
      {
        when: "the flavor is another one",
        world: group,
        input: { ...node, flavorId: "9" },
        message:
          "members of an HA group must have equal flavor and volume size: the group has flavor 2 and 10 GB, the replica flavor 9 and 10 GB",
        field: "flavorId",
        value: "9",
        allowed: "2",
      },
      {
        when: "the volume is larger",
        world: group,
        input: { ...node, volumeGb: 11 },
        message:
          "members of an HA group must have equal flavor and volume size: the group has flavor 2 and 10 GB, the replica flavor 2 and 11 GB",
        field: "volumeGb",
        value: 11,
        allowed: "10",
      },
    ],
    passes: [
      { when: "both are the group's", world: group, input: { ...node, name: "third" } },
      {
        when: "the volumes of the group have grown to it",
        world: () => after(group(), (sim) => sim.resizeGroupVolumes("group-0", 11)),
        input: { ...node, volumeGb: 11 },
      },
    ],
  },
  "label-unique": labelUnique((label) => ({ ...small, groupId: "group-0", label }), group),
  "group-status": groupStatus<"addReplica">({
    world: inState,
    input: node,
    doing: "add a replica to",
    takenIn: ["active"],
  }),
  "group-replica-limit": {
    code: "overLimit",
    refuses: [
      {
        when: "the group has two replicas",
        world: largeGroup,
        input: node,
        message: "HA group group-0 already has 2 replicas, the maximum",
        field: "groupId",
        value: "group-0",
        allowed: "at most 2 replicas",
      },
    ],
    passes: [
      { when: "the group has one replica", world: group, input: node },
      {
        when: "an own limit allows more",
        world: () => largeGroup({ limits: { maxReplicasPerSource: 3 } }),
        input: node,
      },
      {
        when: "one of two replicas has been removed",
        world: () => after(largeGroup(), (sim) => sim.removeReplica("group-0", "instance-2")),
        input: node,
      },
    ],
  },
  "instance-quota": {
    code: "overLimit",
    refuses: [
      {
        when: "the account is full",
        world: () => group({ limits: { maxInstancesPerAccount: 2 } }),
        input: node,
        message: "the account has 2 instances; its quota is 2",
        field: "accountId",
        value: "1234",
        allowed: "at most 2 instances",
      },
    ],
    passes: [
      {
        when: "the account has room for one more",
        world: () => group({ limits: { maxInstancesPerAccount: 3 } }),
        input: node,
      },
    ],
  },
});

const leaving = { ...one, instanceId: "instance-2" } as const;

export const removeReplica = specify("removeReplica", {
  "group-exists": groupExists((groupId) => ({ groupId, instanceId: "instance-1" }), largeGroup),
  "member-exists": {
    code: "itemNotFound",
    refuses: [
      {
        when: "no resource has the id",
        world: largeGroup,
        input: { ...one, instanceId: "no-such-id" },
        message: "instance no-such-id is not a member of HA group group-0",
        field: "instanceId",
        value: "no-such-id",
      },
      {
        when: "it is in no group",
        world: () => after(largeGroup(), (sim) => sim.createInstance(small)),
        input: { ...one, instanceId: "instance-3" },
        message: "instance instance-3 is not a member of HA group group-0",
        field: "instanceId",
        value: "instance-3",
      },
      {
        when: "it is in another group",
        world: () => after(largeGroup(), (sim) => sim.createHaGroup(input)),
        input: { ...one, instanceId: "instance-4" },
        message: "instance instance-4 is not a member of HA group group-0",
        field: "instanceId",
        value: "instance-4",
      },
      {
        when: "it has been removed already",
        world: () => after(largeGroup(), (sim) => sim.removeReplica("group-0", "instance-2")),
        input: leaving,
        message: "instance instance-2 is not a member of HA group group-0",
        field: "instanceId",
        value: "instance-2",
      },
    ],
    passes: [{ when: "it is a member", world: largeGroup, input: leaving }],
  },
  "group-replica": {
    code: "badRequest",
    refuses: [
      {
        when: "it is the source",
        world: largeGroup,
        input: { ...one, instanceId: "instance-0" },
        message: "instance-0 is the source of HA group group-0; only a replica can be removed",
        field: "instanceId",
        value: "instance-0",
        allowed: ["instance-1", "instance-2"],
      },
    ],
    passes: ["instance-1", "instance-2"].map((instanceId) => ({
      when: `it is the replica ${instanceId}`,
      world: largeGroup,
      input: { ...one, instanceId },
    })),
  },
  "last-replica": {
    code: "badRequest",
    refuses: [
      {
        when: "it is the only replica",
        world: group,
        input: { ...one, instanceId: "instance-1" },
        message: "instance-1 is the last replica of HA group group-0; delete the group instead",
        field: "instanceId",
        value: "instance-1",
      },
    ],
    passes: [{ when: "another replica stays", world: largeGroup, input: leaving }],
  },
  "group-status": groupStatus<"removeReplica">({
    world: (state) => withGroupState(largeGroup(), "group-0", state),
    input: leaving,
    doing: "remove a replica from",
    takenIn: ["active", "replicationBroken"],
  }),
  "detach-status": statusSpec<"removeReplica">({
    world: (state) => withState(largeGroup(), "instance-2", state),
    id: "instance-2",
    input: leaving,
    doing: "remove",
    takenIn: ["ACTIVE", "RESTART_REQUIRED", "REPLICATION_ERROR", "BLOCKED", "SHUTDOWN"],
    needs: ["ACTIVE", "RESTART_REQUIRED", "REPLICATION_ERROR", "BLOCKED", "SHUTDOWN"],
  }),
});

export const restartGroup = specify("restartGroup", {
  "group-exists": groupExists((groupId) => ({ groupId })),
  "group-status": groupStatus<"restartGroup">({
    world: inState,
    input: one,
    doing: "restart",
    takenIn: ["active", "restartRequired"],
  }),
});

export const resizeGroupFlavor = specify("resizeGroupFlavor", {
  "group-exists": groupExists((groupId) => ({ groupId, flavorId: "3" })),
  "flavor-exists": {
    code: "badRequest",
    refuses: [
      {
        when: "no flavor has the id",
        world: group,
        input: { ...one, flavorId: "10" },
        message: "flavor 10 not found",
        field: "flavorId",
        value: "10",
        allowed: everyFlavor,
      },
    ],
    passes: [{ when: "a flavor has it", world: group, input: { ...one, flavorId: 8 } }],
  },
  "flavor-grows": {
    code: "badRequest",
    refuses: [
      ["2", "the present one"],
      ["1", "smaller"],
      ["9", "another one of the same size"],
    ].map(([flavorId = "", what = ""]) => ({
      when: `the flavor is ${what}`,
      world: group,
      input: { ...one, flavorId },
      message: `cannot shrink HA group group-0 from flavor 2; got ${flavorId}`,
      field: "flavorId",
      value: flavorId,
      allowed: ["3", "4", "5", "6", "7", "8"],
    })),
    passes: [{ when: "it is the next larger one", world: group, input: { ...one, flavorId: "3" } }],
  },
  "group-status": groupStatus<"resizeGroupFlavor">({
    world: inState,
    input: { ...one, flavorId: "3" },
    doing: "resize the flavor of",
    takenIn: ["active"],
  }),
});

export const resizeGroupVolumes = specify("resizeGroupVolumes", {
  "group-exists": groupExists((groupId) => ({ groupId, volumeGb: 11 })),
  "volume-grows": {
    code: "badRequest",
    refuses: [10, 9].map((volumeGb) => ({
      when: volumeGb === 10 ? "the size stays" : "the size shrinks",
      world: group,
      input: { ...one, volumeGb },
      message: `cannot shrink the volumes of HA group group-0 from 10 GB; got ${String(volumeGb)}`,
      field: "volumeGb",
      value: volumeGb,
      allowed: "11 to 300",
    })),
    passes: [
      { when: "they grow by 1 GB", world: group, input: { ...one, volumeGb: 11 } },
      { when: "they grow to the maximum", world: group, input: { ...one, volumeGb: 300 } },
    ],
  },
  "group-status": groupStatus<"resizeGroupVolumes">({
    world: inState,
    input: { ...one, volumeGb: 11 },
    doing: "resize the volumes of",
    takenIn: ["active"],
  }),
});
