import { birthByCommand } from "../../kernel/lineage.js";
import { backupOf } from "../../kernel/queries.js";
import type { Transaction } from "../../kernel/transaction.js";
import { wantedDatastore } from "../../model/catalog.js";
import type { CommandOf } from "../../model/commandTypes.js";
import type { Implementations } from "../commands/implementation.js";
import { databasesFrom, usersFrom } from "../databases/normalizeInputs.js";
import { requireInstance } from "../shared/lookups.js";
import { createInstanceRules } from "./createInstanceRules.js";
import type { Instance } from "./instance.model.js";
import {
  deleteRules,
  renameRules,
  resizeFlavorRules,
  resizeVolumeRules,
  restartRules,
} from "./instanceRules.js";
import { newInstance } from "./newInstance.js";

/** Commands on instances, whatever their role in replication. */
export const instanceImplementations = {
  createInstance: {
    rules: createInstanceRules,
    decide: createInstance,
  },
  renameInstance: {
    rules: renameRules,
    decide: (moment, command) => {
      change(moment, requireInstance(moment, command), { name: command.name });
    },
  },
  restartInstance: {
    rules: restartRules,
    decide: (moment, command) => {
      moment.stepInstance(requireInstance(moment, command), "restart.requested");
    },
  },
  resizeFlavor: {
    rules: resizeFlavorRules,
    decide: (moment, command) => {
      const target = String(command.flavorId);
      moment.stepInstance(requireInstance(moment, command), "flavorResize.requested", { target });
    },
  },
  resizeVolume: {
    rules: resizeVolumeRules,
    decide: (moment, command) => {
      const target = command.volumeGb;
      moment.stepInstance(requireInstance(moment, command), "volumeResize.requested", { target });
    },
  },
  deleteInstance: {
    rules: deleteRules,
    decide: (moment, command) => {
      moment.stepInstance(requireInstance(moment, command), "delete.requested");
    },
  },
} satisfies Implementations;

/** Creates a stand-alone instance, optionally with the data of a backup, and starts its build. */
function createInstance(moment: Transaction, command: CommandOf<"createInstance">): void {
  const { catalog, topology, accountId } = moment.context;
  const { restoreFrom } = command;
  const backup =
    restoreFrom === undefined ? undefined : backupOf(topology, { accountId, id: restoreFrom });
  const datastore =
    backup === undefined
      ? wantedDatastore(catalog, command.datastore)
      : { type: backup.datastoreType, version: backup.datastoreVersion };
  const { label, name } = command;
  const birth = birthByCommand(moment, { label, kind: "instance", name });
  moment.emit({
    type: "InstanceCreated",
    counted: birth.counted,
    instance: newInstance(moment, {
      name,
      birth,
      flavorId: command.flavorId,
      volumeGb: command.volumeGb,
      datastoreType: datastore.type,
      datastoreVersion: datastore.version,
      databases: [...(backup?.databases ?? []), ...databasesFrom(command.databases)],
      users: [...(backup?.users ?? []), ...usersFrom(command.users)],
      configurationId: command.configurationId ?? null,
      latency: "build",
      place: command,
      target: backup?.dataGb ?? null,
      copies: { latency: "restorePerGb", dataGb: backup?.dataGb ?? 0 },
      logPosition: backup?.logPosition ?? null,
    }),
  });
}

/** Changes fields of an instance at once. */
export function change(
  moment: Transaction,
  instance: Instance,
  changes: Partial<Pick<Instance, "name" | "usedGb" | "configurationId">>,
): void {
  moment.emit({ type: "InstanceChanged", id: instance.id, row: instance.ordinal, changes });
}
