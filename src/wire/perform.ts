import type { CommandType } from "../domain/commands.js";
import { type InputIssue, InvalidInputError, ReplicationError } from "../domain/errors.js";
import type { AccountVerbs } from "../simulator/verbs/account.js";
import { contextOf, type WireContext, type WireOptions } from "./context.js";
import { faultResponse } from "./faults.js";
import type { DomainPath } from "./form.js";
import type { WireRequest, WireResponse } from "./messages.js";
import { type Body, type Operation, parameterName } from "./operation.js";
import { routeOf } from "./routing.js";

/**
 * Performs one request of the API on an account: routing, reading, the command, the answer, and faults as answers.
 * Everything that the service does, but without HTTP. Throws nothing that a caller can cause.
 *
 * @example
 * ```ts
 * const { status, body } = perform(sim.tenant("1234"), { method: "GET", path: "/instances" });
 * ```
 */
export function perform(
  account: AccountVerbs,
  request: WireRequest,
  options: WireOptions = {},
): WireResponse {
  let operation: Operation | undefined;
  try {
    const context = contextOf(account.view, options);
    // An outage answers everything, be it right or wrong.
    letIn(context);
    const route = routeOf(request);
    ({ operation } = route);
    // A rate is heard of before what is wrong with the body (§5).
    if (operation.body !== undefined) letIn(context, operation.body.commands[0]);
    const input = readBody(operation.body, request.body, account);
    const { parameters, path } = route;
    const query = request.query ?? {};
    const body = operation.handle({ account, context, parameters, path, query, input });
    return { status: operation.success, ...(body === undefined ? {} : { body }) };
  } catch (error) {
    if (!(error instanceof ReplicationError)) throw error;
    return faultResponse(inWireWords(error, operation?.body, request.body));
  }
}

function letIn({ view }: WireContext, command?: CommandType): void {
  const refusal = view.refusal(command);
  if (refusal !== undefined) throw refusal;
}

function readBody(
  body: Body | undefined,
  value: unknown,
  account: AccountVerbs,
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
  const { fault, rule, message, value, allowed, cause } = error;
  // A path that leads nowhere says so by itself.
  const inPath = fault === "itemNotFound" ? undefined : parameterName(error.field);
  const field = placeOf(error.field) ?? inPath;
  const worded = new ReplicationError({ fault, rule, message, value, allowed, field }, { cause });
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
