import { placeFields } from "../../model/placementFields.js";
import { record } from "../../model/schema/compositeFields.js";
import { enumOf, required } from "../../model/schema/fields.js";
import { column, declareRow } from "../../model/schema/rowDeclaration.js";
import {
  booleanField,
  count,
  listOf,
  moment,
  named,
  text,
  texts,
} from "../../model/schema/rowSchemaParts.js";
import { livingColumns, textOrNull } from "../shared/rowColumns.js";
import type {
  Failover,
  HaGroup,
  Network,
  PlannedReplica,
  ReplicationMode,
} from "./haGroup.model.js";

const failover = record<Failover>({
  ...named,
  of: {
    id: required(text),
    groupId: required(text),
    oldSourceId: required(text),
    newSourceId: required(text),
    at: required(moment),
    isForced: required(booleanField),
    lostTransactions: required(count),
  },
});

/** Replicas that a group is still to build. */
export const replicasToComeField = listOf(
  record<PlannedReplica>({
    ...named,
    of: { name: required(textOrNull), label: required(textOrNull), ...placeFields },
  }),
);

/** The mode of replication in a group. */
export const replicationModeField = enumOf<ReplicationMode>({
  ...named,
  of: ["asynchronous", "semi-synchronous"],
});

/** The row of an HA group. */
export const haGroupRow = declareRow<HaGroup>({
  ...livingColumns,
  name: column(text, "no"),
  sourceId: column(textOrNull, "reference"),
  replicaIds: column(texts, "references"),
  pendingReplicaNames: column(replicasToComeField, "length"),
  networks: column(listOf(enumOf<Network>({ ...named, of: ["public", "servicenet"] })), "value"),
  acls: column(texts, "value"),
  replicationMode: column(replicationModeField, "value"),
  failovers: column(listOf(failover), "no"),
  scheduleId: column(textOrNull, "reference"),
  backupId: column(textOrNull, "reference"),
  configurationId: column(textOrNull, "reference"),
});
