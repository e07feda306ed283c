import { record } from "../compositeFields.js";
import type { Backup, BackupSchedule, Configuration, HaGroup, Instance } from "../entities.js";
import type { Field, RecordFields } from "../fields.js";
import type { OperationPolicy } from "../operationPolicy.js";

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
