import { isList } from "./plainData.js";

/** The API's names for what went wrong. Their status numbers live in `wire/faults.ts` alone. */
export type ErrorCode =
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
export interface ErrorDetails {
  /** The API's own name for it. */
  readonly code: ErrorCode;
  /** Id of the rule that refused, as in `docs/rules.md`. */
  readonly rule: string;
  /** One sentence with the offending value and what would have been allowed. */
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
  /** The API's name for it; `httpStatusByCode` of `replication-simulator/wire` has its number. */
  readonly code: ErrorCode;
  /** Id of the rule that refused, as in `docs/rules.md`. */
  readonly rule: string;
  /** The input field at fault, where there is one: `volumeGb`, `acls[0]`. */
  readonly field: string | undefined;
  /** The offending value, as it was given. */
  readonly value: unknown;
  /** What would have been allowed, in words or as a list. */
  readonly allowed: string | readonly string[] | undefined;

  /** Made by the simulator; an adapter that refuses by itself may make one, too. */
  constructor(refusal: ErrorDetails, options?: ErrorOptions) {
    super(refusal.message, options);
    this.code = refusal.code;
    this.rule = refusal.rule;
    this.field = refusal.field;
    this.value = refusal.value;
    this.allowed = refusal.allowed;
  }

  /** The refusal as plain data, for logs and for a journal. */
  toJSON(): ErrorDetails & { readonly name: string } {
    const { name, code: fault, rule, message, field, value, allowed } = this;
    return { name, code: fault, rule, message, field, value: printable(value), allowed };
  }
}

/** One field that does not hold what it must. */
export interface InputIssue {
  /** Path of the field from the input on: `volumeGb`, `users[0].name`. */
  readonly field: string;
  /** What it held; undefined where a required field is missing. */
  readonly value: unknown;
  /** What it must hold, in words that follow on "must be". */
  readonly expected: string;
  /** Id of the rule of the field, as in `docs/rules.md`. */
  readonly rule: string;
}

/** The input is malformed: all its problems at once. Fault `badRequest`. */
export class InvalidInputError extends ReplicationError {
  override readonly name: string = "InvalidInputError";
  /** Every field that does not hold what it must, in the order of the fields; never empty. */
  readonly issues: readonly InputIssue[];

  /** The first issue gives `rule`, `field`, `value` and `allowed`; the message names all of them. */
  constructor(issues: readonly InputIssue[]) {
    const [first] = issues;
    super({
      code: "badRequest",
      rule: first?.rule ?? "input",
      message: sentences(issues),
      field: first?.field,
      value: first?.value,
      allowed: first?.expected,
    });
    this.issues = issues;
  }
}

/** No such thing in this account. Another account's id reads exactly the same. Fault `itemNotFound`. */
export class NotFoundError extends ReplicationError {
  override readonly name: string = "NotFoundError";
}

/** A rule of the service forbids it, whatever the moment. */
export class RuleViolationError extends ReplicationError {
  override readonly name: string = "RuleViolationError";
}

/** The caller's role may not do this: `value` is the role, `allowed` lists those that may. Fault `forbidden`. */
export class PermissionDeniedError extends RuleViolationError {
  override readonly name: string = "PermissionDeniedError";
}

/** Too many requests of a kind in a minute. Fault `overLimit`, like a quota; a quota has no time to retry. */
export class RateLimitError extends RuleViolationError {
  override readonly name: string = "RateLimitError";
  /** Virtual ms until the same request would be counted again; never 0. On the wire: whole seconds, rounded up. */
  readonly retryAfterMs: number;

  /** A refusal of the rule `rate-limit`, with the time until the next attempt counts. */
  constructor(refusal: ErrorDetails, retryAfterMs: number) {
    super(refusal);
    this.retryAfterMs = retryAfterMs;
  }

  /** The refusal as plain data, with the time to wait. */
  override toJSON(): ErrorDetails & { readonly name: string; readonly retryAfterMs: number } {
    return { ...super.toJSON(), retryAfterMs: this.retryAfterMs };
  }
}

/** Right request, wrong moment: `allowed` lists the statuses in which it would have been taken. */
export class InvalidStatusError extends ReplicationError {
  override readonly name: string = "InvalidStatusError";
}

/** A fault that was injected refuses it: the service is out of order, and would have done it at another time. */
export class InjectedOutageError extends ReplicationError {
  override readonly name: string = "InjectedOutageError";
  /** The fault that answers, as `inject` returned it. */
  readonly faultId: string;
  /** Virtual time at which it lifts itself, in ms since the epoch; null when it does not. */
  readonly endsAt: number | null;

  /** A refusal by the fault `faultId`, which stands until `untilMs`. */
  constructor(
    refusal: ErrorDetails,
    { faultId, endsAt: untilMs }: { readonly faultId: string; readonly endsAt: number | null },
  ) {
    super(refusal);
    this.faultId = faultId;
    this.endsAt = untilMs;
  }

  /** The refusal as plain data, with the fault that answers. */
  override toJSON(): ErrorDetails & {
    readonly name: string;
    readonly faultId: string;
    readonly endsAt: number | null;
  } {
    return { ...super.toJSON(), faultId: this.faultId, endsAt: this.endsAt };
  }
}

/** A loop over virtual time was bounded and reached its bound, or waited for what can no longer happen. */
export class TimeLimitError extends ReplicationError {
  override readonly name: string = "TimeLimitError";
}

/** A snapshot or a journal that this version cannot read. */
export class InvalidWorldDataError extends ReplicationError {
  override readonly name: string = "InvalidWorldDataError";
}

/** A bug of the simulator, not of the caller: an internal invariant does not hold. The journal contains the seed. */
export class InvariantViolationError extends Error {
  override readonly name = "InvariantViolationError";

  /** The message says what does not hold, and asks for a report. */
  constructor(problem: string) {
    super(`Simulator bug: ${problem}. Please report it with sim.journal().`);
  }
}

/** An id as it can stand in a message: as it is, unless it is none. */
export function formatId(id: unknown): string {
  return typeof id === "string" && id.length <= idLengthMax ? id : formatValue(id);
}

const idLengthMax = 255;

/** A value as it can stand in a message: short, on one line, whatever it is. */
export function formatValue(value: unknown): string {
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
      return isList(value) ? formatLength(value) : "an object";
    default:
      return String(value);
  }
}

/** A proxy may throw from whatever is asked of it. */
function formatLength(list: readonly unknown[]): string {
  try {
    return `an array of ${String(list.length)}`;
  } catch {
    return "an array";
  }
}

/** Issues that a message tells; `issues` has all of them. */
const toldMax = 20;

function sentences(issues: readonly InputIssue[]): string {
  const told = issues.slice(0, toldMax).map(sentence);
  const more = issues.length - told.length;
  return more === 0 ? told.join("; ") : `${told.join("; ")}; and ${String(more)} more`;
}

function sentence(issue: InputIssue): string {
  // TokenRegistry name some fields themselves, as branches and the members of an object, at any length.
  const field = issue.field.length > fieldLengthMax ? formatValue(issue.field) : issue.field;
  // Here the name is at fault, not what it holds.
  if (issue.rule === "known-field")
    return `${field} is not known here; it must be ${issue.expected}`;
  return issue.value === undefined
    ? `${field} is required: ${issue.expected}`
    : `${field} must be ${issue.expected}; got ${formatValue(issue.value)}`;
}

const fieldLengthMax = 255;

/** Only plain data goes into JSON; anything else is described. */
function printable(value: unknown): unknown {
  return typeof value === "object" && value !== null ? formatValue(value) : primitive(value);
}

function primitive(value: unknown): unknown {
  const plain = typeof value === "string" || typeof value === "boolean" || value === undefined;
  return plain || value === null || Number.isFinite(value) ? value : formatValue(value);
}
