import { formatValue, ReplicationError } from "../../model/errors.js";
import { nearestHint } from "../../model/schema/nearest.js";

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
  name: unknown,
  names: readonly string[],
  field: string = kind,
): EnsembleError {
  const text = typeof name === "string" ? name : formatValue(name);
  const allowed = names.join(", ");
  const rule = kind === "design" ? "design-name" : "measure-names";
  const message = `${kind} ${text} not found; allowed: ${allowed}${nearestHint(text, names)}`;
  return new EnsembleError(rule, message, { field, value: name, allowed });
}

/**
 * Refuses a number that is no integer within its bounds.
 * @throws EnsembleError `spec-input`
 */
export function assertWhole(
  field: string,
  value: unknown,
  { min, max = Number.MAX_SAFE_INTEGER }: { readonly min: number; readonly max?: number },
): void {
  if (Number.isSafeInteger(value) && (value as number) >= min && (value as number) <= max) return;
  const isOpen = max === Number.MAX_SAFE_INTEGER;
  const range = isOpen ? `of at least ${String(min)}` : `from ${String(min)} to ${String(max)}`;
  const allowed = `an integer ${range}`;
  const message = `${field} must be ${allowed}; got ${formatValue(value)}`;
  throw new EnsembleError("spec-input", message, { field, value, allowed });
}

/**
 * Refuses seeds above 2^53, where several integers are one number.
 * @throws EnsembleError `spec-input`
 */
export function assertSeeds({
  first,
  count,
}: {
  readonly first: number;
  readonly count: number;
}): void {
  assertWhole("futures", count, { min: 1 });
  assertWhole("firstSeed", first, { min: 0 });
  assertWhole("firstSeed", first, { min: 0, max: Number.MAX_SAFE_INTEGER - count });
}

/**
 * Refuses a word that is none of a list.
 * @throws EnsembleError the given rule
 */
export function assertWord(
  rule: EnsembleRule,
  field: string,
  value: unknown,
  words: readonly string[],
): void {
  if (words.includes(value as string)) return;
  const text = typeof value === "string" ? value : formatValue(value);
  const allowed = words.join(", ");
  const message = `${field} must be one of ${allowed}; got ${text}${nearestHint(text, words)}`;
  throw new EnsembleError(rule, message, { field, value, allowed });
}
