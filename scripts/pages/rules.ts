import type { CommandType } from "../../src/domain/commandTypes.js";
import type { Field, RecordFields } from "../../src/domain/fields.js";
import { documentedLimits, limitSources } from "../../src/domain/limits.js";
import { commandFields } from "../../src/domain/schema.js";
import { ruleBook } from "../../src/engine/commandTable.js";
import { code, generated, table } from "./markdown.js";
import { numbersChapter } from "./ruleNumbers.js";

/** `docs/rules.md`: what each command takes, and every rule that can refuse it. */
export function rulesPage(): string {
  const commands = Object.keys(ruleBook) as CommandType[];
  return [
    ...generated(
      "Rules",
      "the rule book in `src/topology/rules/` and the schema in `src/domain/schema.ts`",
    ),
    "What each command takes, and every rule that can refuse it, in the order in which a caller hears of them. First the",
    "input is read as a whole: an `InvalidInputError` (fault `badRequest`) lists every field that does not hold what it",
    "must. Then the rules, one after the other; the first that is broken refuses, by its id (`error.rule`) and its fault",
    "(`error.fault`). `sim.check(command)` gives all that would refuse a command now, and executes nothing.",
    "",
    "Sources: `R…`, `C…`, `T…`, `H…` and `§…` are explained in [fidelity](fidelity.md#sources).",
    "",
    `[Limits](#limits) · [By number](#by-number) · ${commands.map((command) => `[${command}](#${command.toLowerCase()})`).join(" · ")}`,
    "",
    "## Limits",
    "",
    "Every one can be set: `new ReplicationSimulator({ limits: { maxVolumeGb: 1024 } })`.",
    "",
    ...table(
      ["limit", "default", "meaning", "source"],
      Object.entries(limitSources).map(([name, { value, says, source }]) => [
        code(name),
        String(value),
        says,
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
    ["field", "", "holds", "rule", "source"],
    fieldRows(recordOf(commandFields[command]), ""),
  );
  if (rules.length === 0) return [...heading, ...fields, "", "No rule refuses it.", ""];
  return [
    ...heading,
    ...fields,
    "",
    ...table(
      ["rule", "fault", "says", "about", "source"],
      rules.map(({ id, code: fault, says, field, source }) => [
        code(id),
        code(fault),
        says,
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
