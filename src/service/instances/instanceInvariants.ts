import { backupOf, configurationOf, groupOf, scheduleOf } from "../../kernel/queries.js";
import { faultOnPart } from "../faults/activeFaults.js";
import { type Invariants, sibling } from "../shared/invariant.js";
import type { Instance } from "./instance.model.js";

/** What always holds for an instance. */
export const instanceInvariants: Invariants<Instance> = {
  "what occupies an instance is a backup of it": (instance, { topology }) => {
    if (instance.backupId === null) return true;
    const backup = backupOf(topology, { accountId: instance.accountId, id: instance.backupId });
    return backup?.instanceId === instance.id && backup.work !== null;
  },
  "an instance in BACKUP is occupied by a backup": ({ status, backupId }) =>
    status !== "BACKUP" || backupId !== null,
  "an instance is cut off exactly while a fault stands on its network": (instance, { topology }) =>
    (instance.partitionId === null) === (faultOnPart(topology, "network", instance) === undefined),
  "a configuration that is attached exists": ({ accountId, configurationId }, { topology }) =>
    configurationId === null ||
    configurationOf(topology, { accountId, id: configurationId }) !== undefined,
  "a member is listed by its group": (instance, { topology }) => {
    if (instance.groupId === null) return true;
    const group = groupOf(topology, { accountId: instance.accountId, id: instance.groupId });
    return (
      group !== undefined &&
      (group.sourceId === instance.id) !== group.replicaIds.includes(instance.id)
    );
  },
  "only members are converting": ({ state, groupId }) => state !== "converting" || groupId !== null,
  "a schedule and its instance point at each other": (instance, { topology }) =>
    instance.scheduleId === null ||
    scheduleOf(topology, { accountId: instance.accountId, id: instance.scheduleId })?.ownerId ===
      instance.id,
  "an instance has exactly the work that its state calls for": ({ state, work }, { lifecycle }) =>
    lifecycle.instance.taskOf[state] === (work?.task ?? null),
  "the status of an instance is its state's": ({ state, status }, { lifecycle }) =>
    lifecycle.instance.statusOf[state] === status,
  "a deleted instance is gone": ({ state }) => state !== "deleted",
  "an instance's time never goes back": ({ createdAt, updatedAt, work }, { now }) =>
    createdAt <= updatedAt && updatedAt <= now && (work === null || work.dueAt >= updatedAt),
  "an account finds its instance by id": (instance, { topology }) =>
    sibling(topology, instance, instance.id)?.ordinal === instance.ordinal,
};
