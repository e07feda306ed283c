import type { CommandOf } from "../../domain/commands.js";
import { takeBackup } from "../backups.js";
import type { Moment } from "../moment.js";
import { named, namedBackup, namedGroup } from "./named.js";

/** A backup on demand begins. */
export function createBackup(moment: Moment, command: CommandOf<"createBackup">): void {
  const { ownerKind = "instance", ownerId, name, description, parentId } = command;
  const owner =
    ownerKind === "ha" ? namedGroup(moment, ownerId) : named(moment, { instanceId: ownerId });
  takeBackup(moment, owner, { name, description: description ?? null, parentId: parentId ?? null });
}

/** The files of a backup are deleted; with the last of them, it and its incrementals are gone. */
export function deleteBackup(moment: Moment, { backupId }: CommandOf<"deleteBackup">): void {
  moment.tryBackup(namedBackup(moment, backupId), "delete.requested");
}
