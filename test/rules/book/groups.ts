import type { CommandType } from "replication-simulator";
import { groupTakesIn } from "../../lifecycle/documented.js";
import { type RuleSpec, specify } from "../spec.js";
import { converting, empty, group, pair, small } from "../worlds.js";

const address = "192.168.0.0/16";

/** In the order in which the lifecycle lists its states. */
const needs: readonly string[] = [
  "ACTIVE",
  "BACKUP",
  "ADDING_REPLICA",
  "REMOVING_REPLICA",
  "RESTART_REQUIRED",
  "REBOOT",
  "RESIZING_VOLUME",
  "RESIZING_FLAVOR",
  "HA_FAILOVER",
  "FORCING_FAILOVER",
  "DISABLING_FAILOVER",
  "FAILOVER_DISABLED",
  "ENABLING_FAILOVER",
  "UPDATING_PROXY_NODES",
  "REPLICATION_ERROR",
  "ERROR",
  "ADD_REPLICA_FAIL",
  "REMOVE_REPLICA_ERROR",
  "VOLUME_RESIZE_ERROR",
  "RESIZE_FLAVOR_ERROR",
  "UPDATE_PROXY_NODES_ERROR",
  "DELETING",
  "DELETION-ERROR",
];
if (needs.length !== groupTakesIn["acl.requested"]?.length) throw new RangeError("see §2.4");

const failed = () => {
  const sim = converting();
  sim.failTask({ task: "convert" });
  sim.settle();
  return sim;
};

function exists<K extends CommandType>(
  input: (groupId: string) => RuleSpec<K>["passes"][number]["input"],
): RuleSpec<K> {
  return {
    fault: "itemNotFound",
    refuses: [
      {
        when: "nobody has the id",
        world: group,
        input: input("nobody"),
        message: "HA group nobody was not found",
        field: "groupId",
        value: "nobody",
      },
      {
        when: "an instance has the id",
        world: group,
        input: input("instance-0"),
        message: "HA group instance-0 was not found",
        field: "groupId",
        value: "instance-0",
      },
      {
        when: "another account has it",
        world: () => {
          const sim = empty();
          const other = sim.tenant("5678");
          other.createInstance(small);
          sim.settle();
          other.createReplica({ ...small, replicaOf: "instance-0" });
          sim.settle();
          other.convertToHa("instance-0", { name: "orders", acls: ["10.0.0.0/8"] });
          sim.settle();
          return sim;
        },
        input: input("group-0"),
        message: "HA group group-0 was not found",
        field: "groupId",
        value: "group-0",
      },
    ],
    passes: [{ when: "it is the account's own", world: group, input: input("group-0") }],
  };
}

export const addAcl = specify("addAcl", {
  "group-exists": exists((groupId) => ({ groupId, address })),
  "acl-status": {
    fault: "unprocessableEntity",
    refuses: [
      {
        when: "the group is BUILD",
        world: converting,
        input: { groupId: "group-0", address },
        message: `HA group group-0 is BUILD; a change of its ACLs needs ${needs.join(", ")}`,
        field: "groupId",
        value: "BUILD",
        allowed: needs,
      },
    ],
    passes: [
      { when: "the group is ACTIVE", world: group, input: { groupId: "group-0", address } },
      { when: "the group is ERROR", world: failed, input: { groupId: "group-0", address } },
      {
        when: "the group has the range already",
        world: group,
        input: { groupId: "group-0", address: "10.0.0.0/8" },
      },
    ],
  },
});

export const deleteAcl = specify("deleteAcl", {
  "group-exists": exists((groupId) => ({ groupId, address: "10.0.0.0/8" })),
  "acl-exists": {
    fault: "itemNotFound",
    refuses: [
      {
        when: "the group has other ranges",
        world: group,
        input: { groupId: "group-0", address: "10.0.0.0/9" },
        message: "HA group group-0 has no ACL 10.0.0.0/9",
        field: "address",
        value: "10.0.0.0/9",
        allowed: ["10.0.0.0/8"],
      },
      {
        when: "the group has no ranges",
        world: () => {
          const sim = pair();
          sim.convertToHa("instance-0", { name: "orders" });
          sim.settle();
          return sim;
        },
        input: { groupId: "group-0", address },
        message: `HA group group-0 has no ACL ${address}`,
        field: "address",
        value: address,
        allowed: [],
      },
      {
        when: "what is asked for is no range at all",
        world: group,
        input: { groupId: "group-0", address: "everybody" },
        message: "HA group group-0 has no ACL everybody",
        field: "address",
        value: "everybody",
        allowed: ["10.0.0.0/8"],
      },
    ],
    passes: [
      {
        when: "the group has the range",
        world: group,
        input: { groupId: "group-0", address: "10.0.0.0/8" },
      },
    ],
  },
  "acl-status": {
    fault: "unprocessableEntity",
    refuses: [
      {
        when: "the group is BUILD",
        world: converting,
        input: { groupId: "group-0", address: "10.0.0.0/8" },
        message: `HA group group-0 is BUILD; a change of its ACLs needs ${needs.join(", ")}`,
        field: "groupId",
        value: "BUILD",
        allowed: needs,
      },
    ],
    passes: [
      {
        when: "the group is ACTIVE",
        world: group,
        input: { groupId: "group-0", address: "10.0.0.0/8" },
      },
      {
        when: "the group is ERROR",
        world: failed,
        input: { groupId: "group-0", address: "10.0.0.0/8" },
      },
    ],
  },
});
