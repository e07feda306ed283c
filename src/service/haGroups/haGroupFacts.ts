import { enumOf, required } from "../../model/schema/fields.js";
import { changesOf } from "../../model/schema/rowDeclaration.js";
import { count, named, text } from "../../model/schema/rowSchemaParts.js";
import {
  counted,
  type FactDescriptors,
  ofRemoved,
  ofRow,
  ofStateEntered,
} from "../shared/factDescriptor.js";
import { haGroupRow, replicationModeField } from "./haGroupRow.js";

/** Kinds of facts about HA groups. */
export type HaGroupFactType =
  | "GroupCreated"
  | "GroupStateEntered"
  | "GroupChanged"
  | "GroupRemoved"
  | "MemberJoined"
  | "MemberLeft"
  | "ReplicationModeChanged"
  | "AclAdded"
  | "AclRemoved";

const ofMember = {
  groupId: required(text),
  groupRow: required(count),
  instanceId: required(text),
  instanceRow: required(count),
} as const;

/** Facts about HA groups and their members. */
export const haGroupFacts: FactDescriptors<HaGroupFactType> = {
  GroupCreated: {
    of: { group: required(haGroupRow.field), counted },
  },
  GroupStateEntered: { of: ofStateEntered },
  GroupChanged: {
    of: {
      ...ofRow,
      changes: required(
        changesOf(haGroupRow, ["flavorId", "volumeGb", "configurationId", "pendingReplicaNames"]),
      ),
    },
  },
  GroupRemoved: { of: ofRemoved },
  MemberJoined: {
    of: {
      ...ofMember,
      role: required(enumOf<"source" | "replica">({ ...named, of: ["source", "replica"] })),
    },
  },
  MemberLeft: { of: ofMember },
  ReplicationModeChanged: {
    of: { ...ofRow, mode: required(replicationModeField) },
  },
  AclAdded: { of: { ...ofRow, address: required(text) } },
  AclRemoved: { of: { ...ofRow, address: required(text) } },
};
