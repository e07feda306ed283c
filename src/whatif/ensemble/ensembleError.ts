import { ReplicationError } from "../../model/errors.js";

/** Rules that refuse an ensemble, a shard or a result; `docs/executors.md` lists what to do about each. */
export type EnsembleRule =
  | "spec-format"
  | "spec-input"
  | "engine-version"
  | "engine-behaviour"
  | "scenario-source"
  | "scenario-behaviour"
  | "scenario-module"
  | "design-name"
  | "engine"
  | "other-ensemble"
  | "shard-id"
  | "not-deterministic"
  | "measure-names"
  | "measure-value"
  | "too-many-values"
  | "share-in-sketch"
  | "unreadable-line"
  | "shards-missing"
  | "worker-lost"
  | "no-worker";

/** An ensemble, a shard of it or a result was refused, and nothing has changed. */
export class EnsembleError extends ReplicationError {
  override readonly name: string = "EnsembleError";

  /** A refusal by one of the rules. */
  constructor(
    rule: EnsembleRule,
    message: string,
    details: { readonly field?: string; readonly value?: unknown; readonly allowed?: string } = {},
    options?: ErrorOptions,
  ) {
    super({ code: "badRequest", rule, message, ...details }, options);
  }
}

/** Returns the error of a design or a measure that an ensemble does not have. */
export function unknownName(
  kind: "design" | "measure",
  name: string,
  names: readonly string[],
): EnsembleError {
  const allowed = names.join(", ");
  const rule = kind === "design" ? "design-name" : "measure-names";
  const message = `${kind} ${name} not found; allowed: ${allowed}`;
  return new EnsembleError(rule, message, { field: kind, value: name, allowed });
}
