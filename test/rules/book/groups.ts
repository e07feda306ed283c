import { groupTakesIn } from "../../lifecycle/documented.js";
import { converting, group, pair, unconverted } from "../fixtures.js";
import { groupExists } from "../shared.js";
import { specify } from "../spec.js";

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

export const addAcl = specify("addAcl", {
  "group-exists": groupExists((groupId) => ({ groupId, address })),
  "acl-status": {
    code: "unprocessableEntity",
    refuses: [
      {
        when: "the group is BUILD",
        world: converting,
        input: { groupId: "group-0", address },
        message: `cannot change the ACLs of HA group group-0 in status BUILD; allowed: any status but BUILD`,
        field: "groupId",
        value: "BUILD",
        allowed: needs,
      },
    ],
    passes: [
      { when: "the group is ACTIVE", world: group, input: { groupId: "group-0", address } },
      { when: "the group is ERROR", world: unconverted, input: { groupId: "group-0", address } },
      {
        when: "the group has the range already",
        world: group,
        input: { groupId: "group-0", address: "10.0.0.0/8" },
      },
    ],
  },
});

export const deleteAcl = specify("deleteAcl", {
  "group-exists": groupExists((groupId) => ({ groupId, address: "10.0.0.0/8" })),
  "acl-exists": {
    code: "itemNotFound",
    refuses: [
      {
        when: "the group has other ranges",
        world: group,
        input: { groupId: "group-0", address: "10.0.0.0/9" },
        message: "ACL 10.0.0.0/9 not found in HA group group-0",
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
        message: `ACL ${address} not found in HA group group-0`,
        field: "address",
        value: address,
        allowed: [],
      },
      {
        when: "what is asked for is no range at all",
        world: group,
        input: { groupId: "group-0", address: "anywhere" },
        message: "ACL anywhere not found in HA group group-0",
        field: "address",
        value: "anywhere",
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
    code: "unprocessableEntity",
    refuses: [
      {
        when: "the group is BUILD",
        world: converting,
        input: { groupId: "group-0", address: "10.0.0.0/8" },
        message: `cannot change the ACLs of HA group group-0 in status BUILD; allowed: any status but BUILD`,
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
        world: unconverted,
        input: { groupId: "group-0", address: "10.0.0.0/8" },
      },
    ],
  },
});
