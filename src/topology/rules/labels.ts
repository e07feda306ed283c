import type { Command } from "../../domain/commandTypes.js";
import { labelledRow, labelledWords, placeOfLabel } from "../labels.js";
import { type Rule, type RuleContext, rule, type Violation } from "./rule.js";

/** A label names one resource permanently, so that it identifies the same resource in every fork. */
export function labelIsFree<C extends Command & { readonly label?: string }>(): Rule<C> {
  return rule<C>({
    id: "label-unique",
    source: "§11 [inferred]",
    code: "badRequest",
    field: "label",
    says: "A label is given once in an account, and never again, also when what had it is gone.",
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
  const whose = row === undefined ? one(kind) : `${kind} ${row.id}`;
  const gone = place !== null && row === undefined ? ", which is gone" : "";
  return {
    message: `the label ${JSON.stringify(label)} is that of ${whose}${gone}`,
    value: label,
    allowed: "a label that the account has never given",
  };
}

function one(kind: string): string {
  return `${/^([aio]|HA)/.test(kind) ? "an" : "a"} ${kind}`;
}
