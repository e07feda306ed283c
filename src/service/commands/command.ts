import type { OperationPolicy } from "../../model/operationPolicy.js";
import { record } from "../../model/schema/compositeFields.js";
import type { Field, RecordFields } from "../../model/schema/fields.js";
import type { Backup } from "../backups/backup.model.js";
import type { Configuration } from "../configurations/configuration.model.js";
import type { HaGroup } from "../haGroups/haGroup.model.js";
import type { Instance } from "../instances/instance.model.js";
import type { BackupSchedule } from "../schedules/schedule.model.js";

/** Result of a command, by name: the row that it creates or changes, as it is afterwards. */
export interface ResultTypes {
  readonly newInstance: Instance;
  readonly instance: Instance;
  readonly newGroup: HaGroup;
  readonly group: HaGroup;
  readonly newSchedule: BackupSchedule;
  readonly schedule: BackupSchedule;
  readonly newBackup: Backup;
  readonly backup: Backup;
  readonly newConfiguration: Configuration;
  readonly configuration: Configuration;
  /** Id of the injected fault. */
  readonly faultId: string;
  readonly nothing: undefined;
}

/** Static description of a command: its input, who may send it, and its result. */
export interface CommandDeclaration<Input extends object, Result extends keyof ResultTypes>
  extends OperationPolicy {
  readonly input: Field<Input>;
  readonly result: Result;
}

/** Declares a command. Its rules and its decision are in `engine/commands`. */
export function command<Input extends object, Result extends keyof ResultTypes>(
  declared: CommandDeclaration<Input, Result>,
): CommandDeclaration<Input, Result> {
  return declared;
}

/** The input of a command, field by field. */
export function input<T extends object>(of: RecordFields<T>): Field<T> {
  return record<T>({ rule: "input-shape", source: "R1 R26 R40 [api]", of });
}
