import type { Command, CommandType, InputOf } from "../model/commandTypes.js";
import { InvalidInputError } from "../model/errors.js";
import { isRecord } from "../model/schema/plainData.js";
import { copyUntrusted } from "../service/commands/parseCommand.js";

/** For types of command, the possible values of each field; an absent field is omitted. */
export type CommandCandidates = {
  readonly [K in CommandType]?: {
    readonly [Field in keyof InputOf<K>]?: readonly InputOf<K>[Field][];
  };
};

/** Maximum number of commands. */
const maxCommands = 10_000;

/** Returns all commands from the combinations of their values, in the order of the inputs. */
export function commandsOf(inputs: unknown): readonly Command[] {
  if (!isRecord(inputs)) throw refused("inputs", inputs, "an object by type of command");
  const commands: Command[] = [];
  for (const [type, fields] of Object.entries(copyUntrusted(inputs, "inputs"))) {
    if (!isRecord(fields)) throw refused(`inputs.${type}`, fields, "an object by field");
    let spanned: readonly ({ readonly type: string } & Readonly<Record<string, unknown>>)[] = [
      { type },
    ];
    for (const [field, values] of Object.entries(fields)) {
      if (!Array.isArray(values)) {
        throw refused(`inputs.${type}.${field}`, values, "an array of the values that it can have");
      }
      if (spanned.length * values.length > maxCommands) {
        throw refused(`inputs.${type}`, values.length, `at most ${String(maxCommands)} commands`);
      }
      spanned = spanned.flatMap((one) =>
        values.map((value: unknown) => ({ ...one, [field]: value })),
      );
    }
    // Validated where the commands are used.
    commands.push(...(spanned as readonly unknown[] as readonly Command[]));
  }
  return commands;
}

function refused(field: string, value: unknown, expected: string): InvalidInputError {
  return new InvalidInputError([{ field, value, expected, rule: "command-inputs" }]);
}
