import type { Command, CommandType } from "../../domain/commands.js";

/** What a command creates, as its label is called by default; undefined where it creates nothing. */
export function creates(type: CommandType): string | undefined {
  switch (type) {
    case "createInstance":
      return "instance";
    case "createReplica":
    case "addReplica":
      return "replica";
    case "createHaGroup":
    case "convertToHa":
      return "group";
    case "createSchedule":
      return "schedule";
    case "createBackup":
      return "backup";
    case "createConfiguration":
      return "configuration";
    case "injectFault":
    case "failTask":
      return "fault";
    default:
      return undefined;
  }
}

/** Whether a name for what a command creates follows an instance, a group, or neither. */
export function kindOf({ type }: Command): "instance" | "group" | "other" {
  const created = creates(type);
  if (created === "instance" || created === "replica") return "instance";
  return created === "group" ? "group" : "other";
}
