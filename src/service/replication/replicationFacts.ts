import { required } from "../../model/schema/fields.js";
import { booleanField, count, text } from "../../model/schema/rowSchemaParts.js";
import { type FactDescriptors, ofRow } from "../shared/factDescriptor.js";
import { positionField } from "./dataPlaneRows.js";

/** Kinds of facts about sources and replicas. */
export type ReplicationFactType = "ReplicationStarted" | "ReplicationStopped" | "ReplicaPromoted";

const ofLink = {
  replicaId: required(text),
  replicaRow: required(count),
  sourceId: required(text),
  sourceRow: required(count),
} as const;

/** Facts about sources and replicas. */
export const replicationFacts: FactDescriptors<ReplicationFactType> = {
  ReplicationStarted: { of: ofLink },
  ReplicationStopped: { of: ofLink },
  ReplicaPromoted: {
    of: {
      ...ofRow,
      oldSourceId: required(text),
      writtenPosition: required(positionField),
      receivedPosition: required(positionField),
      isEjected: required(booleanField),
      movesClients: required(booleanField),
    },
  },
};
