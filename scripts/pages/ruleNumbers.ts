import type { CommandType } from "../../src/model/commandTypes.js";
import type { Field } from "../../src/model/schema/fields.js";
import { commandFields } from "../../src/service/commands/commandFields.js";
import { ruleBook } from "../../src/service/commandTable.js";
import { code, table } from "./markdown.js";

/** Rules of the service that refuse no command by themselves: what they allow, or where else they are enforced. */
export const accepted: Readonly<Record<string, string>> = {
  R14: "adding a replica restarts its source, each time: RESTART, then ACTIVE; only then the next can be added",
  R15: "a replica may be smaller or larger than its source",
  R16: "a replica whose volume is smaller than its source's data is accepted; its build fails, and it is ERROR",
  R18: "a replica has the default configuration unless one is given, never its source's",
  R22: "the hidden backup that a replica is built from is in no listing, and is removed when the build has ended",
  R24: "source and replicas are on different hosts, which the API never shows",
  R26: "one instance for each request: the wire refuses a list (`body-shape`)",
  R30: "on the wire, a detachment is a PATCH that is answered with 202 and nothing",
  R32: "on the wire, `slave_of` is an alias of `replica_of`",
  R37: "a replica has its source, and its source the replica, until the detachment is done",
  R38: "a name that comes with a detachment is given at once; if the detachment is refused, it is not given",
  R39: "the wire refuses a configuration and a detachment in one request (`one-change`)",
  R40: "the wire refuses a PATCH that changes nothing (`update-not-empty`), and unknown fields (`known-field`)",
  R41: "on the wire, PUT changes the configuration, or detaches where an empty `replica_of` is all it has (`put-configures`)",
  R42: "a detachment leaves the other replica alone",
  R51: "a replica is deleted without being detached first; its source no longer lists it",
  R60: "a conversion names the source or any replica, with the same result",
  R70: "only an admin converts to HA (`role-allows`)",
  R71: "replication is semi-synchronous when the group is ACTIVE",
  R90: "on the wire, a new ACL is answered with 200 and nothing",
  R93: "an ACL that is there already is accepted, and changes nothing",
  R94: "on the wire, the slash of an ACL in a path may be encoded more than once",
  R101: "source and replicas may each have a schedule",
  R106: "backups remain when their instance or group is deleted",
  R107: "the backup of a group is read from its most current replica",
};

/** Every rule of the service by its number: the rules of the book that keep it, or what it lets happen. */
export function numbersChapter(): readonly string[] {
  const kept = new Map<string, Set<string>>();
  const note = (source: string, id: string): void => {
    for (const [number] of source.matchAll(/\bR\d+\b/g)) {
      kept.set(number, (kept.get(number) ?? new Set()).add(code(id)));
    }
  };
  for (const command of Object.keys(ruleBook) as CommandType[]) {
    for (const { source, id } of ruleBook[command]) note(source, id);
    for (const { source, rule } of fieldsOf(commandFields[command])) note(source, rule);
  }
  const numbers = [...new Set([...kept.keys(), ...Object.keys(accepted)])].sort(
    (a, b) => Number(a.slice(1)) - Number(b.slice(1)),
  );
  return [
    "## By number",
    "",
    "Every rule of the service with the rules that enforce it, or what it allows.",
    "",
    ...table(
      ["R", "enforced by", "allows"],
      numbers.map((number) => [
        number,
        [...(kept.get(number) ?? [])].join(", "),
        accepted[number] ?? "",
      ]),
    ),
    "",
  ];
}

/** A field and all that it is made of. */
function fieldsOf(field: Field<unknown>): readonly Field<unknown>[] {
  const { shape } = field;
  switch (shape.kind) {
    case "record":
      return [
        field,
        ...(Object.values(shape.of) as { readonly field: Field<unknown> }[]).flatMap((part) =>
          fieldsOf(part.field),
        ),
      ];
    case "list":
      return [field, ...fieldsOf(shape.of)];
    case "union":
      return [field, ...Object.values(shape.of).flatMap(fieldsOf)];
    case "oneOf":
      return [field, ...shape.of.flatMap(fieldsOf)];
    default:
      return [field];
  }
}
