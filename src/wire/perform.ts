import type { CommandType } from "../model/commandTypes.js";
import { type InputIssue, InvalidInputError, ReplicationError } from "../model/errors.js";
import { assertOption, type OptionRule } from "../model/schema/entryPointOptions.js";
import { isRecord, plainCopy } from "../model/schema/plainData.js";
import type { AccountClient } from "../simulator/accountClient.js";
import type { DomainPath } from "./bodyParser.js";
import type { WireContext } from "./context.js";
import { errorResponse } from "./faults.js";
import { type Body, type Operation, parameterName } from "./operation.js";
import { routeTo } from "./routing.js";
import { contextOf, type WireOptions } from "./wireOptions.js";
import { readRequest, type WireRequest, type WireResponse } from "./wireRequest.js";

/**
 * Performs one request of the API for an account, without HTTP: routing, parsing, the command and the response.
 * Errors of a request are responses and not thrown.
 *
 * @example
 * ```ts
 * import { ReplicationSimulator } from "replication-simulator";
 * import { handleRequest } from "replication-simulator/wire";
 *
 * const sim = new ReplicationSimulator();
 * const { status, body } = handleRequest(sim.account("1234"), { method: "GET", path: "/instances" });
 * console.log(status, JSON.stringify(body)); // 200 {"instances":[]}
 * ```
 * @param account - client of the account, with its role
 * @param request - method, path below the account, query and body
 * @param options - wording of responses, and the dialect
 * @returns status, headers and body
 * @throws InvalidInputError `wire-options` for an account or options that are none
 */
export function handleRequest(
  account: AccountClient,
  request: WireRequest,
  options: WireOptions = {},
): WireResponse {
  assertOption(account, anAccount, { field: "account", rule: "wire-options" });
  const context = contextOf(account.view, options);
  let operation: Operation | undefined;
  let found: unknown;
  try {
    // An outage answers everything, be it right or wrong.
    letIn(context);
    const { query = {}, ...requested } = readRequest(request);
    const route = routeTo(requested, context.dialect);
    ({ operation } = route);
    // A rate limit is reported before errors of the body (§5).
    if (operation.body !== undefined) {
      letIn(context, operation.body.commands[0]);
      found = readPlain(requested.body);
    }
    const input = readBody(operation.body, found, account);
    const { parameters, path } = route;
    const body = operation.handle({ account, context, parameters, path, query, input });
    return { status: operation.success, ...(body === undefined ? {} : { body }) };
  } catch (error) {
    if (!(error instanceof ReplicationError)) throw error;
    return errorResponse(inWireWords(error, operation?.body, found), context.dialect);
  }
}

const anAccount: OptionRule = {
  expected: "an account: a simulator or an account client",
  accepts: (value) => isRecord(value) && isRecord(value["view"]),
};

function letIn({ view }: WireContext, command?: CommandType): void {
  const refusal = view.refusal(command);
  if (refusal !== undefined) throw refusal;
}

/** A body of our own, so that nothing in it answers otherwise when it is asked again. */
function readPlain(body: unknown): unknown {
  const copy = plainCopy(body);
  if (copy !== undefined || body === undefined) return copy;
  const issue = { field: "body", value: "unreadable", expected: "plain data, its numbers finite" };
  throw new InvalidInputError([{ ...issue, rule: "body-shape" }]);
}

function readBody(
  body: Body | undefined,
  value: unknown,
  account: AccountClient,
): Readonly<Record<string, unknown>> {
  if (body === undefined) return {};
  const issues: InputIssue[] = [];
  const input = body.form.read(value, "", { catalog: account.view.catalog, issues });
  if (issues.length > 0) throw new InvalidInputError(issues);
  return input as Readonly<Record<string, unknown>>;
}

/** The one place where a field of a command gets the name that it has in the body or the path. */
function inWireWords(
  error: ReplicationError,
  body: Body | undefined,
  found: unknown,
): ReplicationError {
  const placeOf = (field: string): string | undefined =>
    body?.form.locate(segmentsOf(field), "", found);
  if (error instanceof InvalidInputError) {
    return new InvalidInputError(
      error.issues.map((issue) => ({ ...issue, field: placeOf(issue.field) ?? issue.field })),
    );
  }
  if (error.field === undefined) return error;
  const { code: fault, rule, message, value, allowed, cause } = error;
  // A path that leads nowhere says so by itself.
  const inPath = fault === "itemNotFound" ? undefined : parameterName(error.field);
  const field = placeOf(error.field) ?? inPath;
  const worded = new ReplicationError(
    { code: fault, rule, message, value, allowed, field },
    { cause },
  );
  return "retryAfterMs" in error
    ? Object.assign(worded, { retryAfterMs: error.retryAfterMs })
    : worded;
}

/** `databases[0].characterSet` as `["databases", 0, "characterSet"]`. */
function segmentsOf(field: string): DomainPath {
  return [...field.matchAll(/[^.[\]]+/g)].map(([part]) =>
    /^\d+$/.test(part) ? Number(part) : part,
  );
}
