import type { Fact } from "../domain/facts.js";
import type { OwnedKind } from "../topology/state.js";

/** The fact by which a thing of each kind comes into the world. */
export const createdBy: Readonly<Record<OwnedKind, Fact["type"]>> = {
  instances: "InstanceCreated",
  groups: "GroupCreated",
  schedules: "ScheduleCreated",
  backups: "BackupCreated",
  configurations: "ConfigurationCreated",
};
