import type { Command, CommandType } from "../../model/commandTypes.js";
import { commands } from "../../service/commands/commands.js";

/** Returns the default label of the resource that a command creates; undefined if it creates none. */
export function creates(type: CommandType): string | undefined {
  switch (commands[type].result) {
    case "newInstance":
      return type === "createInstance" ? "instance" : "replica";
    case "newGroup":
      return "group";
    case "newSchedule":
      return "schedule";
    case "newBackup":
      return "backup";
    case "newConfiguration":
      return "configuration";
    case "faultId":
      return "fault";
    case "instance":
    case "group":
    case "schedule":
    case "backup":
    case "configuration":
    case "nothing":
      return undefined;
  }
}

/** Whether a name for what a command creates follows an instance, a group, or neither. */
export function kindOf({ type }: Command): "instance" | "group" | "other" {
  const created = creates(type);
  if (created === "instance" || created === "replica") return "instance";
  return created === "group" ? "group" : "other";
}

/** Returns the id of what a command has created, from its result; undefined where it created nothing. */
export function createdId(value: unknown): string | undefined {
  const id = typeof value === "string" ? value : (value as { readonly id?: unknown } | null)?.id;
  return typeof id === "string" ? id : undefined;
}
