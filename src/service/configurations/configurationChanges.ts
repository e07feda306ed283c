import type { InputOf } from "../../model/commandTypes.js";
import type { Configuration } from "./configuration.model.js";

type Values = Configuration["values"];

/** The values of a configuration after an update. */
export function valuesAfter(
  { values: before }: Configuration,
  { values, replace }: Pick<InputOf<"updateConfiguration">, "values" | "replace">,
): Values {
  if (values === undefined) return before;
  return replace === true ? values : { ...before, ...values };
}

/** Names of the parameters that two sets of values do not agree on. */
export function changedParameters(before: Values, after: Values): readonly string[] {
  const names = new Set([...Object.keys(before), ...Object.keys(after)]);
  return [...names].filter((name) => before[name] !== after[name]);
}
