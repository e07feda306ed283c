import { InvalidInputError } from "../model/errors.js";
import { assertOption, type OptionRule, parseOptions } from "../model/schema/entryPointOptions.js";

/** A request as plain values with its complete body. */
export interface PlainRequest {
  readonly method: string;
  /** Complete, with its origin. */
  readonly url: string;
  readonly headers?: ConstructorParameters<typeof Headers>[0];
  readonly body?: string | Uint8Array | null;
}

/** A parsed plain request. */
export interface ReadRequest extends Pick<Request, "method" | "url" | "headers"> {
  readonly bytes: Uint8Array;
}

const rule = "http-request";

const aMethod: OptionRule = { expected: "a string", accepts: (value) => typeof value === "string" };

/** Schema of a URL. */
export const urlRule: OptionRule = {
  expected: "a URL with its origin, such as https://db.test",
  accepts: (value) => typeof value === "string" && URL.canParse(value),
};

/** Schema of a request, of any class of a host. */
export const requestRule: OptionRule = {
  expected: "a Request",
  accepts: (value) => {
    const { method, url, headers } = value as Partial<Request>;
    return aMethod.accepts(method) && urlRule.accepts(url) && typeof headers?.get === "function";
  },
};

/**
 * Refuses a value that is not a request, without including it: a printed error would reveal sockets, headers and
 * tokens.
 * @throws InvalidInputError `http-request`
 */
export function assertRequest(request: unknown): void {
  try {
    assertOption(request, requestRule, { field: "request", rule });
  } catch {
    const shell = typeof request === "object" && request !== null ? {} : request;
    assertOption(shell, requestRule, { field: "request", rule });
  }
}

/**
 * Parses a plain request.
 * @throws InvalidInputError `http-request`
 */
export function readPlainRequest(given: PlainRequest): ReadRequest {
  const anything: OptionRule = { expected: "anything", accepts: () => true };
  const demands = { method: aMethod, url: urlRule, headers: anything, body: aBody };
  const { method, url, headers, body } = parseOptions(given, demands, {
    field: "request",
    rule,
  });
  assertOption(method, aMethod, { field: "method", rule });
  assertOption(url, urlRule, { field: "url", rule });
  return { method, url, headers: readHeaders(headers), bytes: bytesOf(body) };
}

const aBody: OptionRule = {
  expected: "a string, bytes, or null",
  accepts: (value) => typeof value === "string" || value instanceof Uint8Array || value === null,
};

function readHeaders(headers: PlainRequest["headers"]): Headers {
  try {
    return new Headers(headers);
  } catch {
    const expected = "what new Headers() takes";
    throw new InvalidInputError([{ field: "headers", value: {}, expected, rule }]);
  }
}

function bytesOf(body: PlainRequest["body"]): Uint8Array {
  return typeof body === "string" ? new TextEncoder().encode(body) : (body ?? new Uint8Array());
}
