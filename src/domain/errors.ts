/** The API's names for what went wrong. Their status numbers live in `wire/faults.ts` alone. */
export type FaultName =
  | "badRequest"
  | "unauthorized"
  | "forbidden"
  | "itemNotFound"
  | "badMethod"
  | "overLimit"
  | "badMediaType"
  | "unprocessableEntity"
  | "instanceFault"
  | "notImplemented"
  | "serviceUnavailable";

/** What a refusal tells a caller. */
export interface Refusal {
  readonly fault: FaultName;
  /** Id of the rule that refused, as in `docs/rules.md`. */
  readonly rule: string;
  readonly message: string;
  /** The input field at fault, where there is one: `volumeGb`, `acls[0]`. */
  readonly field?: string | undefined;
  /** The offending value. */
  readonly value?: unknown;
  /** What would have been allowed, in words or as a list. */
  readonly allowed?: string | readonly string[] | undefined;
}

/**
 * A request was refused, and nothing has changed. Every error that a caller can cause is one of these.
 * `fault` is the API's own name for it; `rule`, `field`, `value` and `allowed` say exactly why.
 */
export class ReplicationError extends Error {
  override readonly name: string = "ReplicationError";
  readonly fault: FaultName;
  readonly rule: string;
  readonly field: string | undefined;
  readonly value: unknown;
  readonly allowed: string | readonly string[] | undefined;

  constructor(refusal: Refusal, options?: ErrorOptions) {
    super(refusal.message, options);
    this.fault = refusal.fault;
    this.rule = refusal.rule;
    this.field = refusal.field;
    this.value = refusal.value;
    this.allowed = refusal.allowed;
  }

  /** The refusal as plain data, for logs and for a journal. */
  toJSON(): Refusal & { readonly name: string } {
    const { name, fault, rule, message, field, value, allowed } = this;
    return { name, fault, rule, message, field, value: printable(value), allowed };
  }
}

/** One field that does not hold what it must. */
export interface InputIssue {
  readonly field: string;
  readonly value: unknown;
  readonly expected: string;
  readonly rule: string;
}

/** The input is malformed: all its problems at once. Fault `badRequest`. */
export class InvalidInputError extends ReplicationError {
  override readonly name: string = "InvalidInputError";
  readonly issues: readonly InputIssue[];

  constructor(issues: readonly InputIssue[]) {
    const [first] = issues;
    super({
      fault: "badRequest",
      rule: first?.rule ?? "input",
      message: issues.map(sentence).join("; "),
      field: first?.field,
      value: first?.value,
      allowed: first?.expected,
    });
    this.issues = issues;
  }
}

/** No such thing in this account. Another account's id reads exactly the same. Fault `itemNotFound`. */
export class UnknownIdError extends ReplicationError {
  override readonly name: string = "UnknownIdError";
}

/** A rule of the service forbids it, whatever the moment. */
export class RuleRefusedError extends ReplicationError {
  override readonly name: string = "RuleRefusedError";
}

/** The caller's role may not do this: `value` is the role, `allowed` lists those that may. Fault `forbidden`. */
export class RoleRefusedError extends RuleRefusedError {
  override readonly name: string = "RoleRefusedError";
}

/** Too many requests of a kind in a minute. Fault `overLimit`, like a quota; a quota has no time to retry. */
export class RateRefusedError extends RuleRefusedError {
  override readonly name: string = "RateRefusedError";
  /** Virtual ms until the same request would be counted again; never 0. On the wire: whole seconds, rounded up. */
  readonly retryAfterMs: number;

  constructor(refusal: Refusal, retryAfterMs: number) {
    super(refusal);
    this.retryAfterMs = retryAfterMs;
  }

  override toJSON(): Refusal & { readonly name: string; readonly retryAfterMs: number } {
    return { ...super.toJSON(), retryAfterMs: this.retryAfterMs };
  }
}

/** Right request, wrong moment: `allowed` lists the statuses in which it would have been taken. */
export class StatusRefusedError extends ReplicationError {
  override readonly name: string = "StatusRefusedError";
}

/** A fault that was injected refuses it: the service is out of order, and would have done it at another time. */
export class SimulatedFaultError extends ReplicationError {
  override readonly name: string = "SimulatedFaultError";
  /** The fault that answers, as `inject` returned it. */
  readonly faultId: string;
  /** Virtual time at which it lifts itself, in ms since the epoch; null when it does not. */
  readonly untilMs: number | null;

  constructor(
    refusal: Refusal,
    { faultId, untilMs }: { readonly faultId: string; readonly untilMs: number | null },
  ) {
    super(refusal);
    this.faultId = faultId;
    this.untilMs = untilMs;
  }

  override toJSON(): Refusal & {
    readonly name: string;
    readonly faultId: string;
    readonly untilMs: number | null;
  } {
    return { ...super.toJSON(), faultId: this.faultId, untilMs: this.untilMs };
  }
}

/** A loop over virtual time was bounded and reached its bound, or waited for what can no longer happen. */
export class TimeBoundError extends ReplicationError {
  override readonly name: string = "TimeBoundError";
}

/** A snapshot or a journal that this version cannot read. */
export class UnreadableWorldError extends ReplicationError {
  override readonly name: string = "UnreadableWorldError";
}

/** Our mistake, never the caller's: the topology broke one of its own promises. Please report it with this message. */
export class InvariantBrokenError extends Error {
  override readonly name = "InvariantBrokenError";
}

/** A value as it can stand in a message: short, on one line, whatever it is. */
export function shown(value: unknown): string {
  switch (typeof value) {
    case "string":
      return JSON.stringify(value.length > 60 ? `${value.slice(0, 57)}...` : value);
    case "number":
      return Object.is(value, -0) ? "-0" : String(value);
    case "bigint":
      return `${String(value).slice(0, 60)}n`;
    case "function":
      return "a function";
    case "symbol":
      return "a symbol";
    case "object":
      if (value === null) return "null";
      return Array.isArray(value) ? `an array of ${String(value.length)}` : "an object";
    default:
      return String(value);
  }
}

function sentence(issue: InputIssue): string {
  // Here the name is at fault, not what it holds.
  if (issue.rule === "known-field") {
    return `${issue.field} is not known here; it must be ${issue.expected}`;
  }
  return issue.value === undefined
    ? `${issue.field} is required: ${issue.expected}`
    : `${issue.field} must be ${issue.expected}; got ${shown(issue.value)}`;
}

/** Only plain data goes into JSON; anything else is described. */
function printable(value: unknown): unknown {
  return typeof value === "object" && value !== null ? shown(value) : primitive(value);
}

function primitive(value: unknown): unknown {
  const plain = typeof value === "string" || typeof value === "boolean" || value === undefined;
  return plain || value === null || Number.isFinite(value) ? value : shown(value);
}
