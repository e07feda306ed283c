import { transitionTables } from "../lifecycle/compile.js";
import type { CommandType } from "../model/commandTypes.js";
import type { Field } from "../model/schema/fields.js";
import { commandFields } from "../service/commands/commandFields.js";
import { ruleBook } from "../service/commandTable.js";

type Members = Readonly<Record<string, { readonly field: Field<unknown> }>>;

/** Rules that refuse a request before its input and the rule book are looked at. */
const requestRules = ["outage", "rate-limit", "role-allows", "known-command", "known-field"];

/** Every rule that can refuse a command, by id: of requests, of inputs, of the rule book. */
export function knownRules(): readonly string[] {
  const rules = new Set(requestRules);
  for (const type of Object.keys(ruleBook) as CommandType[]) {
    addFieldRules(commandFields[type] as Field<unknown>, rules);
    for (const { id } of ruleBook[type]) rules.add(id);
  }
  return [...rules];
}

/** Every transition between two states of a lifecycle. */
export function knownTransitions(): readonly string[] {
  const names = new Set<string>();
  for (const [lifecycle, table] of Object.entries(transitionTables())) {
    const { states, transitions } = table as {
      readonly states: readonly string[];
      readonly transitions: Readonly<Record<string, Readonly<Record<string, string>>>>;
    };
    for (const from of states) {
      for (const to of Object.values(transitions[from] ?? {})) {
        const name = transitionName(lifecycle, from, to);
        if (name !== undefined) names.add(name);
      }
    }
  }
  return [...names];
}

/** Every kind of fault. */
export function knownFaultKinds(): readonly string[] {
  const fault = memberOf(commandFields.injectFault as Field<unknown>, "fault");
  return fault?.shape.kind === "union" ? Object.keys(fault.shape.of) : [];
}

/** The name of a transition; undefined where the state stays. */
export function transitionName(lifecycle: string, from: string, to: string): string | undefined {
  return from === to ? undefined : `${lifecycle}: ${from} → ${to}`;
}

function addFieldRules({ rule, shape }: Field<unknown>, rules: Set<string>): void {
  rules.add(rule);
  switch (shape.kind) {
    case "record":
      for (const { field } of Object.values(shape.of as Members)) addFieldRules(field, rules);
      break;
    case "list":
      addFieldRules(shape.of, rules);
      break;
    case "union":
      for (const field of Object.values(shape.of)) addFieldRules(field, rules);
      break;
    case "oneOf":
      for (const field of shape.of) addFieldRules(field, rules);
      break;
    default:
  }
}

function memberOf({ shape }: Field<unknown>, name: string): Field<unknown> | undefined {
  if (shape.kind !== "record") return undefined;
  return (shape.of as Members)[name]?.field;
}
