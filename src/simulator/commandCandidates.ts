import type { Command, CommandType, InputOf } from "../domain/commandTypes.js";
import { InvalidInputError } from "../domain/errors.js";
import { copyUntrusted } from "../domain/parseCommand.js";
import { isRecord } from "../domain/plainData.js";

/** For types of command, the values that each field can have; a field that is left out is not given. */
export type CommandCandidates = {
  readonly [K in CommandType]?: {
    readonly [Field in keyof InputOf<K>]?: readonly InputOf<K>[Field][];
  };
};

/** More commands than this are no small set. */
const maxCommands = 10_000;

/** All commands that the values of their fields span, in the order of the inputs. */
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
    // What they are is checked by who takes them.
    commands.push(...(spanned as readonly unknown[] as readonly Command[]));
  }
  return commands;
}

function refused(field: string, value: unknown, expected: string): InvalidInputError {
  return new InvalidInputError([{ field, value, expected, rule: "command-inputs" }]);
}
