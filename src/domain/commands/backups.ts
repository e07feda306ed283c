import type { InputOf } from "../commandTypes.js";
import { boolean, optional, required, string } from "../fields.js";
import { change, govern } from "../operationPolicy.js";
import { idField, label, ownerKind } from "../sharedFields.js";
import { command, input } from "./command.js";

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
