import { replicasOf } from "../../kernel/queries.js";
import { isLeaving } from "../../lifecycle/instanceStates.js";
import { datastoreOf } from "../../model/catalog.js";
import type { CommandOf } from "../../model/commandTypes.js";
import { notHaMember } from "../haGroups/notHaMember.js";
import { replicationFlavorViolation } from "../replication/createReplicaRules.js";
import { pluralize } from "../shared/messages.js";
import {
  instanceExists,
  instanceRule,
  instanceTakes,
  notCopied,
  type Rule,
} from "../shared/rule.js";
import { datastoreFlavorViolation, flavorExists } from "./createInstanceRules.js";

type Rename = CommandOf<"renameInstance">;
type Restart = CommandOf<"restartInstance">;
type ResizeFlavor = CommandOf<"resizeFlavor">;
type ResizeVolume = CommandOf<"resizeVolume">;
type Delete = CommandOf<"deleteInstance">;
type SetDataSize = CommandOf<"setDataSize">;
type SetWorkload = CommandOf<"setWorkload">;

/** Members of HA groups can be renamed too (C25). */
export const renameRules: readonly Rule<Rename>[] = [
  instanceExists(),
  instanceTakes("rename.requested", {
    id: "rename-status",
    source: "C31 [trove]",
    doing: "rename",
  }),
];

/** A restart is refused to members, and while other work is under way. */
export const restartRules: readonly Rule<Restart>[] = [
  instanceExists(),
  notHaMember({ source: "R80 [docs]", instead: "restart the group" }),
  instanceTakes("restart.requested", {
    id: "restart-status",
    source: "T12 §2.3 [trove]",
    doing: "restart",
  }),
  notCopied("restart"),
];

const flavorDiffers = instanceRule<ResizeFlavor>({
  id: "flavor-differs",
  source: "§4.2 [trove]",
  code: "badRequest",
  field: "flavorId",
  description: "The new flavor differs from the current one.",
  violation: (instance, _, { flavorId }) =>
    instance.flavorId === String(flavorId)
      ? {
          message: `instance ${instance.id} already has flavor ${String(flavorId)}`,
          value: flavorId,
        }
      : undefined,
});

const resizedDatastoreFlavor = instanceRule<ResizeFlavor>({
  id: "datastore-flavor",
  source: "§1.3 [docs]",
  code: "badRequest",
  field: "flavorId",
  description: "The datastore version is offered on the flavor.",
  violation: ({ datastoreType: type, datastoreVersion: version }, { catalog }, { flavorId }) =>
    datastoreFlavorViolation(String(flavorId), datastoreOf(catalog, { type, version })),
});

const resizedReplicationFlavor = instanceRule<ResizeFlavor>({
  id: "replication-flavor",
  source: "R9 [docs]",
  code: "badRequest",
  field: "flavorId",
  description: "The new flavor of a source or replica has at least 1 GB of memory.",
  violation: (instance, context, { flavorId }) =>
    instance.sourceId === null && instance.replicaIds.length === 0
      ? undefined
      : replicationFlavorViolation(String(flavorId), context),
});

/** A flavor resize restarts the service. */
export const resizeFlavorRules: readonly Rule<ResizeFlavor>[] = [
  instanceExists(),
  notHaMember({ source: "R80 [docs]", instead: "resize the flavor of the group" }),
  flavorExists,
  flavorDiffers,
  resizedDatastoreFlavor,
  resizedReplicationFlavor,
  instanceTakes("flavorResize.requested", {
    id: "resize-flavor-status",
    source: "T14 §2.3 [trove]",
    doing: "resize the flavor of",
  }),
  notCopied("resize the flavor of"),
];

const volumeGrows = instanceRule<ResizeVolume>({
  id: "volume-grows",
  source: "T14 §4.2 [docs]",
  code: "badRequest",
  field: "volumeGb",
  description: "The new volume size is larger than the current one.",
  violation: (instance, { limits }, { volumeGb }) =>
    volumeGb > instance.volumeGb
      ? undefined
      : {
          message: `cannot shrink the volume of instance ${instance.id} from ${String(instance.volumeGb)} GB; got ${String(volumeGb)}`,
          value: volumeGb,
          allowed: `${String(instance.volumeGb + 1)} to ${String(limits.maxVolumeGb)}`,
        },
});

/** A volume resize grows only. */
export const resizeVolumeRules: readonly Rule<ResizeVolume>[] = [
  instanceExists(),
  notHaMember({ source: "R80 [docs]", instead: "resize the volumes of the group" }),
  volumeGrows,
  instanceTakes("volumeResize.requested", {
    id: "resize-volume-status",
    source: "T14 §2.3 [trove]",
    doing: "resize the volume of",
  }),
  notCopied("resize the volume of"),
];

const withoutReplicas = instanceRule<Delete>({
  id: "source-has-replicas",
  source: "R50 [howto]",
  code: "forbidden",
  description: "The instance has no replicas. Detach or delete them first.",
  violation: (instance, { topology }) => {
    const staying = replicasOf(topology, instance).filter(({ state }) => !isLeaving(state));
    return staying.length === 0
      ? undefined
      : {
          message: `instance ${instance.id} has ${pluralize(staying.length, "replica")}; detach or delete ${staying.map(({ id }) => id).join(" and ")} first`,
          value: instance.id,
        };
  },
});

const replicasGone = instanceRule<Delete>({
  id: "replicas-leaving",
  source: "R50 [inferred]",
  code: "unprocessableEntity",
  description: "No replica of the instance is still being detached or deleted.",
  violation: (instance, { topology }) => {
    const [leaving] = replicasOf(topology, instance);
    return (
      leaving && {
        message: `replica ${leaving.id} of instance ${instance.id} is ${leaving.status}; wait until that ends, then delete the source`,
        value: leaving.status,
      }
    );
  },
});

const hasLeftGroup = instanceRule<Delete>({
  id: "member-leaving",
  source: "R54 [inferred]",
  code: "unprocessableEntity",
  description: "The instance is not being removed from an HA group.",
  violation: ({ id, groupId, state, status }) =>
    groupId !== null && state === "detaching"
      ? {
          message: `instance ${id} is ${status}, being removed from HA group ${groupId}; wait until that ends, then delete it`,
          value: status,
        }
      : undefined,
});

/** A replica can be deleted without detaching it first (R51). */
export const deleteRules: readonly Rule<Delete>[] = [
  instanceExists(),
  notHaMember({
    source: "R54 [docs]",
    instead: "remove it from the group, or delete the group",
    fromAcceptance: true,
  }),
  withoutReplicas,
  hasLeftGroup,
  replicasGone,
  instanceTakes("delete.requested", {
    id: "delete-status",
    source: "R52 R53 C14 [docs]",
    doing: "delete",
  }),
];

const dataFits = instanceRule<SetDataSize>({
  id: "data-fits",
  source: "§1.2 [inferred]",
  code: "badRequest",
  field: "usedGb",
  description: "The data fit on the volume of the instance.",
  violation: (instance, _, { usedGb }) =>
    usedGb <= instance.volumeGb
      ? undefined
      : {
          message: `${String(usedGb)} GB of data exceed the volume of instance ${instance.id} (${String(instance.volumeGb)} GB)`,
          value: usedGb,
          allowed: `at most ${String(instance.volumeGb)}`,
        },
});

/** No operation of the API: what users of the database do to its size. */
export const setDataSizeRules: readonly Rule<SetDataSize>[] = [instanceExists(), dataFits];

const writesOnSource = instanceRule<SetWorkload>({
  id: "writes-on-source",
  source: "R23 [docs]",
  code: "forbidden",
  description: "The instance is not a replica. Clients write to the source.",
  violation: ({ id, sourceId }) =>
    sourceId === null
      ? undefined
      : {
          message: `instance ${id} is a replica; set the workload of its source ${sourceId}`,
          value: id,
        },
});

/** No operation of the API: what users of the database do all day. */
export const setWorkloadRules: readonly Rule<SetWorkload>[] = [instanceExists(), writesOnSource];
