import { birthByCommand } from "../../kernel/lineage.js";
import { backupOf, replicasOf } from "../../kernel/queries.js";
import type { Transaction } from "../../kernel/transaction.js";
import type { CommandOf } from "../../model/commandTypes.js";
import type { Work } from "../../model/rows.js";
import type { Mutable } from "../../model/topology.js";
import { hiddenBackup } from "../backups/startBackup.js";
import type { Implementations } from "../commands/implementation.js";
import { catchUpMs } from "../failover/catchUp.js";
import { change } from "../instances/decideInstances.js";
import type { Instance } from "../instances/instance.model.js";
import { follow, type NewInstance, newInstance } from "../instances/newInstance.js";
import { requireInstance } from "../shared/lookups.js";
import { createReplicaRules } from "./createReplicaRules.js";
import { detachRules } from "./detachReplicaRules.js";
import { promoteReplicaRules } from "./promoteReplicaRules.js";

/** Commands on replicas. */
export const replicaImplementations = {
  createReplica: {
    rules: createReplicaRules,
    decide: createReplica,
  },
  detachReplica: {
    rules: detachRules,
    decide: detachReplica,
  },
  promoteReplica: {
    rules: promoteReplicaRules,
    decide: promoteReplica,
  },
} satisfies Implementations;

/**
 * Emits the facts in causal order: the replica exists, follows its source, a hidden backup of the source starts (unless
 * a restore point was given), and the source restarts (T5).
 */
function createReplica(moment: Transaction, command: CommandOf<"createReplica">): void {
  const source = requireInstance(moment, { instanceId: command.replicaOf });
  const { datastoreType, datastoreVersion, databases, users } = source;
  const { label, name } = command;
  const birth = birthByCommand(moment, { label, kind: "instance", parentKey: source.key, name });
  const replica = newInstance(moment, {
    name,
    birth,
    flavorId: command.flavorId,
    volumeGb: command.volumeGb,
    datastoreType,
    datastoreVersion,
    databases,
    users,
    configurationId: command.configurationId ?? null,
    latency: "buildReplica",
    place: command,
    target: null,
    copies: copiedFrom(moment, source, command.restoreFrom),
    near: [source, ...replicasOf(moment.context.topology, source)],
  });
  const hidden =
    command.restoreFrom === undefined ? hiddenBackup(moment, { source, replica }) : undefined;
  // Written into the new row, which has no reader yet: a spread of so many fields would have a shape of its own.
  const work: Mutable<Work> | null = replica.work;
  if (work !== null) work.target = hidden?.backup.id ?? null;
  moment.emit({ type: "InstanceCreated", instance: replica, counted: birth.counted });
  follow(moment, replica, source);
  if (hidden !== undefined) moment.emit(hidden);
  moment.stepInstance(source, "replica.added");
}

/** Returns what a replica is built from: a hidden backup that is still to be taken, or an existing backup. */
function copiedFrom(
  { context }: Transaction,
  { accountId, usedGb }: Instance,
  restoreFrom: string | undefined,
): NewInstance["copies"] & object {
  if (restoreFrom === undefined) return { latency: "buildReplicaPerGb", dataGb: usedGb };
  const backup = backupOf(context.topology, { accountId, id: restoreFrom });
  return { latency: "restorePerGb", dataGb: backup?.dataGb ?? 0 };
}

/** Starts the detach. The link stays until the task is done (R37); a new name applies at once (R38). */
function detachReplica(moment: Transaction, command: CommandOf<"detachReplica">): void {
  const replica = requireInstance(moment, command);
  if (command.name !== undefined) change(moment, replica, { name: command.name });
  moment.stepInstance(replica, "detach.requested");
}

/**
 * Starts a promotion. Roles change when its task is done, at the earliest when the replica has applied what it lacks.
 */
function promoteReplica(moment: Transaction, command: CommandOf<"promoteReplica">): void {
  const replica = requireInstance(moment, command);
  const target = command.moveClients === true ? withClients : null;
  const extraMs = catchUpMs(moment, replica);
  moment.stepInstance(replica, "promotion.requested", { target, extraMs });
}

/** Target of a promotion that also moves the clients of the old source. */
export const withClients = "withClients";
