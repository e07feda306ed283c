import { labelToCome } from "../../kernel/labels.js";
import {
  accountToWrite,
  add,
  enter,
  existing,
  indexes,
  remove,
  writeIndex,
} from "../../kernel/writeRows.js";
import type { FactOf } from "../../model/facts.js";
import type { Mutable, Topology } from "../../model/topology.js";

/** Facts about HA groups and their members. */
export type HaGroupFact = FactOf<
  | "GroupCreated"
  | "GroupStateEntered"
  | "GroupChanged"
  | "GroupRemoved"
  | "MemberJoined"
  | "MemberLeft"
  | "ReplicationModeChanged"
  | "AclAdded"
  | "AclRemoved"
>;

/** Writes a fact of this subject; for `evolve` alone. */
export function evolveHaGroup(topology: Mutable<Topology>, fact: HaGroupFact, at: number): void {
  switch (fact.type) {
    case "GroupCreated": {
      add(topology, "groups", fact.group, fact);
      const account = accountToWrite(topology, fact.group.accountId);
      for (const { label } of fact.group.pendingReplicaNames) {
        if (label !== null) writeIndex(indexes(topology, account), "labels", label, labelToCome);
      }
      return;
    }
    case "GroupStateEntered": {
      enter(existing(topology.groups, fact.row), fact, at);
      return;
    }
    case "GroupChanged": {
      const row = existing(topology.groups, fact.row);
      Object.assign(row, fact.changes);
      row.updatedAt = at;
      return;
    }
    case "GroupRemoved": {
      remove(topology, "groups", fact);
      return;
    }
    case "MemberJoined": {
      existing(topology.instances, fact.instanceRow).groupId = fact.groupId;
      const group = existing(topology.groups, fact.groupRow);
      if (fact.role === "source") group.sourceId = fact.instanceId;
      else group.replicaIds = [...group.replicaIds, fact.instanceId];
      return;
    }
    case "MemberLeft": {
      existing(topology.instances, fact.instanceRow).groupId = null;
      const group = existing(topology.groups, fact.groupRow);
      if (group.sourceId === fact.instanceId) group.sourceId = null;
      else group.replicaIds = group.replicaIds.filter((id) => id !== fact.instanceId);
      return;
    }
    case "ReplicationModeChanged": {
      existing(topology.groups, fact.row).replicationMode = fact.mode;
      return;
    }
    case "AclAdded": {
      const group = existing(topology.groups, fact.row);
      group.acls = [...group.acls, fact.address];
      group.updatedAt = at;
      return;
    }
    case "AclRemoved": {
      const group = existing(topology.groups, fact.row);
      group.acls = group.acls.filter((address) => address !== fact.address);
      group.updatedAt = at;
      return;
    }
  }
}
