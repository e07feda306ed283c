import { labelledRow, labelledWords, placeOfLabel } from "../../kernel/labels.js";
import type { RuleContext } from "../../kernel/ruleContext.js";
import type { Command } from "../../model/commandTypes.js";
import { type Rule, rule, type Violation } from "../shared/rule.js";

/** A label names one resource permanently, so that it identifies the same resource in every fork. */
export function labelIsFree<C extends Command & { readonly label?: string }>(): Rule<C> {
  return rule<C>({
    id: "label-unique",
    source: "§11 [inferred]",
    code: "badRequest",
    field: "label",
    description:
      "The label was never used in the account. Labels of deleted resources stay reserved.",
    violation: ({ label }, context) =>
      label === undefined ? undefined : takenLabel(label, context),
  });
}

/** What speaks against a label. */
export function takenLabel(label: string, context: RuleContext): Violation | undefined {
  const { topology, accountId } = context;
  const place = placeOfLabel(topology, { accountId, label });
  if (place === undefined) return undefined;
  const row = place === null ? undefined : labelledRow(topology, place);
  const kind = place === null ? "member that is to come" : labelledWords[place.kind];
  const owner = row === undefined ? one(kind) : `${kind} ${row.id}`;
  const gone = place !== null && row === undefined ? ", which is gone" : "";
  return {
    message: `label ${JSON.stringify(label)} is already used by ${owner}${gone}`,
    value: label,
    allowed: "a label never used in the account",
  };
}

function one(kind: string): string {
  return `${/^([aio]|HA)/.test(kind) ? "an" : "a"} ${kind}`;
}
