import type { CommandType } from "../../src/model/commandTypes.js";
import { documentedLimits, limitSources } from "../../src/model/limits.js";
import type { Field, RecordFields } from "../../src/model/schema/fields.js";
import { commandFields } from "../../src/service/commands/commandFields.js";
import { ruleBook } from "../../src/service/commandTable.js";
import { code, generated, table } from "./markdown.js";
import { numbersChapter } from "./ruleNumbers.js";

/** `docs/rules.md`: what each command takes, and every rule that can refuse it. */
export function rulesPage(): string {
  const commands = Object.keys(ruleBook) as CommandType[];
  return [
    ...generated(
      "Rules",
      "the rules in `src/service/` and the schema in `src/service/commands/commandFields.ts`",
    ),
    "Look up the input of each command and every rule that can refuse it, in the order of the checks. First the whole input is",
    "validated: an `InvalidInputError` (code `badRequest`) lists every invalid field. Then the rules are checked in order. The",
    "first broken rule refuses the command, with its id (`error.rule`) and its error code (`error.code`).",
    "`sim.check(command)` returns all current refusals of a command without executing it.",
    "",
    "Sources: `R…`, `C…`, `T…`, `H…` and `§…` are explained in [fidelity](fidelity.md#sources).",
    "",
    `[Limits](#limits) · [By number](#by-number) · ${commands.map((command) => `[${command}](#${command.toLowerCase()})`).join(" · ")}`,
    "",
    "## Limits",
    "",
    "Each limit is an option: `new ReplicationSimulator({ limits: { maxVolumeGb: 1024 } })`.",
    "",
    ...table(
      ["limit", "default", "meaning", "source"],
      Object.entries(limitSources).map(([name, { value, description, source }]) => [
        code(name),
        String(value),
        description,
        source,
      ]),
    ),
    "",
    ...commands.flatMap(commandChapter),
    ...numbersChapter(),
  ].join("\n");
}

function commandChapter(command: CommandType): readonly string[] {
  const rules = ruleBook[command];
  const heading = [`## ${command}`, ""];
  const fields = table(
    ["field", "", "type and range", "rule", "source"],
    fieldRows(recordOf(commandFields[command]), ""),
  );
  if (rules.length === 0) return [...heading, ...fields, "", "No rule refuses this command.", ""];
  return [
    ...heading,
    ...fields,
    "",
    ...table(
      ["rule", "error code", "what must hold", "field", "source"],
      rules.map(({ id, code: fault, description, field, source }) => [
        code(id),
        code(fault),
        description,
        code(field),
        source,
      ]),
    ),
    "",
  ];
}

function fieldRows(of: RecordFields<object>, prefix: string): readonly (readonly string[])[] {
  const entries = Object.entries(of) as [string, { field: Field<unknown>; required: boolean }][];
  return entries.flatMap(([name, { field, required }]) => {
    const path = `${prefix}${name}`;
    const { shape } = field;
    const row = [
      code(path),
      required ? "required" : "",
      shape.kind === "record" ? "an object:" : listOf(field),
      code(field.rule),
      field.source,
    ];
    if (shape.kind === "record") return [row, ...fieldRows(shape.of, `${path}.`)];
    if (shape.kind === "list" && shape.of.shape.kind === "record")
      return [row, ...fieldRows(shape.of.shape.of, `${path}[].`)];
    return [row];
  });
}

function listOf({ shape, expected }: Field<unknown>): string {
  if (shape.kind !== "list" || shape.of.shape.kind !== "record") return expected(documentedLimits);
  const { countMin, countMax } = shape;
  return countMin === 0
    ? `a list of at most ${String(countMax)} objects:`
    : `a list of ${String(countMin)} to ${String(countMax)} objects:`;
}

function recordOf({ shape }: Field<unknown>): RecordFields<object> {
  if (shape.kind !== "record") throw new Error("a command takes a record");
  return shape.of;
}
