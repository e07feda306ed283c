import { isList } from "./schema/plainData.js";

/** Error codes of the API. Their HTTP status codes are only in `wire/faults.ts`. */
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

/** Name of a class of errors, in every copy of this library. */
const kind: unique symbol = Symbol.for("replication-simulator/error/kind") as never;
/** The same of an error and of all classes above its own. */
const kinds: unique symbol = Symbol.for("replication-simulator/error/kinds") as never;

/** Details of a refusal. */
export interface ErrorDetails {
  /** Error code of the API. */
  readonly code: ErrorCode;
  /** Id of the rule that refused, as in `docs/rules.md`. */
  readonly rule: string;
  /** One sentence with the offending value and what is allowed. */
  readonly message: string;
  /** The offending input field, if there is one: `volumeGb`, `acls[0]`. */
  readonly field?: string | undefined;
  /** The offending value. */
  readonly value?: unknown;
  /** What is allowed, as text or as a list. */
  readonly allowed?: string | readonly string[] | undefined;
}

/**
 * A request was refused, and nothing has changed. Every error that a caller can cause is a `ReplicationError`. `code`
 * is the API's error code; `rule`, `field`, `value` and `allowed` give the exact reason.
 */
export class ReplicationError extends Error {
  override readonly name: string = "ReplicationError";
  /** @internal */
  static readonly [kind]: string = "ReplicationError";
  /** Error code of the API; `httpStatusByCode` of `replication-simulator/wire` has its HTTP status. */
  readonly code: ErrorCode;
  /** Id of the rule that refused, as in `docs/rules.md`. */
  readonly rule: string;
  /** The offending input field, if there is one: `volumeGb`, `acls[0]`. */
  readonly field: string | undefined;
  /** The offending value, as it was given. */
  readonly value: unknown;
  /** What is allowed, as text or as a list. */
  readonly allowed: string | readonly string[] | undefined;

  /** Created by the simulator. An adapter that refuses a request itself may create one as well. */
  constructor(refusal: ErrorDetails, options?: ErrorOptions) {
    super(refusal.message, options);
    this.code = refusal.code;
    this.rule = refusal.rule;
    this.field = refusal.field;
    this.value = refusal.value;
    this.allowed = refusal.allowed;
  }

  /** @internal */
  get [kinds](): readonly string[] {
    const found: string[] = [];
    let type = this.constructor as typeof ReplicationError | null;
    while (type !== null && kind in type) {
      if (Object.hasOwn(type, kind)) found.push(type[kind]);
      type = Object.getPrototypeOf(type) as typeof ReplicationError | null;
    }
    return found;
  }

  /**
   * True also for an error of the other copy of this library: a process that imports it and requires it has two.
   * @internal
   */
  static override [Symbol.hasInstance](value: unknown): boolean {
    if (Function.prototype[Symbol.hasInstance].call(this, value)) return true;
    // A class that extends one of these has no other copy.
    if (!Object.hasOwn(this, kind) || !(value instanceof Error)) return false;
    const own = (value as { readonly [kinds]?: unknown })[kinds];
    return Array.isArray(own) && own.includes(this[kind]);
  }

  /** The refusal as plain data, for logs and for a journal. */
  toJSON(): ErrorDetails & { readonly name: string } {
    const { name, code: fault, rule, message, field, value, allowed } = this;
    return { name, code: fault, rule, message, field, value: printable(value), allowed };
  }
}

/** One invalid field. */
export interface InputIssue {
  /** Path of the field within the input: `volumeGb`, `users[0].name`. */
  readonly field: string;
  /** Its value; undefined where a required field is missing. */
  readonly value: unknown;
  /** What it must be, as a phrase that follows "must be". */
  readonly expected: string;
  /** Id of the rule of the field, as in `docs/rules.md`. */
  readonly rule: string;
}

/** The input is malformed. Contains all issues at once. Code `badRequest`. */
export class InvalidInputError extends ReplicationError {
  override readonly name: string = "InvalidInputError";
  /** @internal */
  static override readonly [kind]: string = "InvalidInputError";
  /** Every invalid field, in the order of the fields; never empty. */
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

/**
 * The resource does not exist in this account. The id of another account's resource gives the same error. Code
 * `itemNotFound`.
 */
export class NotFoundError extends ReplicationError {
  override readonly name: string = "NotFoundError";
  /** @internal */
  static override readonly [kind]: string = "NotFoundError";
}

/** A rule of the service forbids the request, independent of time. */
export class RuleViolationError extends ReplicationError {
  override readonly name: string = "RuleViolationError";
  /** @internal */
  static override readonly [kind]: string = "RuleViolationError";
}

/**
 * The role of the caller does not allow this: `value` is the role, `allowed` lists the allowed ones. Code `forbidden`.
 */
export class PermissionDeniedError extends RuleViolationError {
  override readonly name: string = "PermissionDeniedError";
  /** @internal */
  static override readonly [kind]: string = "PermissionDeniedError";
}

/** Too many requests of a kind in a minute. Code `overLimit`, like a quota; a quota has no time to retry. */
export class RateLimitError extends RuleViolationError {
  override readonly name: string = "RateLimitError";
  /** @internal */
  static override readonly [kind]: string = "RateLimitError";
  /** Virtual ms until the same request is accepted again; never 0. On the wire: integer seconds, rounded up. */
  readonly retryAfterMs: number;

  /** Creates the refusal of the rule `rate-limit`, with the time until the next attempt is accepted. */
  constructor(refusal: ErrorDetails, retryAfterMs: number) {
    super(refusal);
    this.retryAfterMs = retryAfterMs;
  }

  /** The refusal as plain data, with the time to wait. */
  override toJSON(): ErrorDetails & { readonly name: string; readonly retryAfterMs: number } {
    return { ...super.toJSON(), retryAfterMs: this.retryAfterMs };
  }
}

/** The current status does not allow the request: `allowed` lists the statuses that do. */
export class InvalidStatusError extends ReplicationError {
  override readonly name: string = "InvalidStatusError";
  /** @internal */
  static override readonly [kind]: string = "InvalidStatusError";
}

/** An injected outage refuses the request; without the fault it would be accepted. */
export class InjectedOutageError extends ReplicationError {
  override readonly name: string = "InjectedOutageError";
  /** @internal */
  static override readonly [kind]: string = "InjectedOutageError";
  /** Id of the fault, as `inject` returned it. */
  readonly faultId: string;
  /** Virtual time at which the fault expires, in ms since the epoch; null when it does not. */
  readonly endsAt: number | null;

  /** Creates the refusal by the fault `faultId`, which is active until `untilMs`. */
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

/** A loop over virtual time reached its limit, or waited for something that can no longer happen. */
export class TimeLimitError extends ReplicationError {
  override readonly name: string = "TimeLimitError";
  /** @internal */
  static override readonly [kind]: string = "TimeLimitError";
}

/** A snapshot or a journal that this version cannot read. */
export class InvalidWorldDataError extends ReplicationError {
  override readonly name: string = "InvalidWorldDataError";
  /** @internal */
  static override readonly [kind]: string = "InvalidWorldDataError";
}

/** A bug of the simulator, not of the caller: an internal invariant does not hold. The journal contains the seed. */
export class InvariantViolationError extends Error {
  override readonly name = "InvariantViolationError";

  /** The message names the violated invariant and asks for a report. */
  constructor(problem: string) {
    super(`Simulator bug: ${problem}. Please report it with sim.journal().`);
  }
}

/** Formats an id for a message: unchanged if it is a valid string. */
export function formatId(id: unknown): string {
  return typeof id === "string" && id.length <= idLengthMax ? id : formatValue(id);
}

const idLengthMax = 255;

/** Formats any value for a message: short, on one line. */
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

/** A proxy may throw on any access. */
function formatLength(list: readonly unknown[]): string {
  try {
    return `an array of ${String(list.length)}`;
  } catch {
    return "an array";
  }
}

/** Maximum number of issues in a message; `issues` has all of them. */
const maxListed = 20;

/** Longest message, in characters, without what counts the rest. */
const messageLengthMax = 8000;

function sentences(issues: readonly InputIssue[]): string {
  const listed = issues.slice(0, maxListed).map(sentence);
  const more = issues.length - listed.length;
  const text = listed.join("; ");
  const shown = text.length > messageLengthMax ? `${text.slice(0, messageLengthMax)}...` : text;
  return more === 0 ? shown : `${shown}; and ${String(more)} more`;
}

function sentence(issue: InputIssue): string {
  // Callers choose some field names themselves, at any length.
  const field = issue.field.length > fieldLengthMax ? formatValue(issue.field) : issue.field;
  // Here the name is invalid, not its value.
  if (issue.rule === "known-field")
    return `${field} is not known here; it must be ${issue.expected}`;
  return issue.value === undefined
    ? `${field} is required: ${issue.expected}`
    : `${field} must be ${issue.expected}; got ${formatValue(issue.value)}`;
}

const fieldLengthMax = 255;

/** Only plain data goes into JSON; other values are described. */
function printable(value: unknown): unknown {
  return typeof value === "object" && value !== null ? formatValue(value) : primitive(value);
}

function primitive(value: unknown): unknown {
  const plain = typeof value === "string" || typeof value === "boolean" || value === undefined;
  return plain || value === null || Number.isFinite(value) ? value : formatValue(value);
}
