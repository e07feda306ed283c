import type { InputOf } from "../../model/commandTypes.js";
import { change, govern } from "../../model/operationPolicy.js";
import { boolean, optional, required, string } from "../../model/schema/fields.js";
import { idField, label, ownerKind } from "../../model/sharedFields.js";
import { command, input } from "../commands/command.js";

/** Commands on backups. */
export const backupCommands = {
  createBackup: command({
    input: input<InputOf<"createBackup">>({
      name: required(
        string({ rule: "backup-name", source: "§1.9 [docs]", lengthMax: "maxBackupNameLength" }),
      ),
      ownerKind: optional(ownerKind),
      ownerId: required(idField),
      description: optional(string({ rule: "backup-description", source: "§1.9 [docs]" })),
      parentId: optional(idField),
      incremental: optional(boolean({ rule: "backup-incremental", source: "§1.9 [trove]" })),
      label: optional(label),
    }),
    ...change("createBackups"),
    result: "newBackup",
  }),
  deleteBackup: command({
    input: input<InputOf<"deleteBackup">>({ backupId: required(idField) }),
    ...govern("deleteBackups"),
    result: "backup",
  }),
} as const;
