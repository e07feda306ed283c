import { HttpRefusal } from "./httpError.js";

/** The bytes of a body, or the error of reading it, which is reported only if the body is needed. */
export type RawBody = Uint8Array | HttpRefusal;

/**
 * Returns the JSON of a body, or undefined if it is empty.
 * @throws HttpRefusal 413 if it is too large, 415 if its type is not JSON, 400 if it cannot be parsed
 */
export function parseBody(raw: RawBody, headers: Headers, depthMax: number): unknown {
  if (raw instanceof HttpRefusal) throw raw;
  if (raw.length === 0) return undefined;
  const type = headers.get("content-type") ?? "";
  if (!isJson(type)) {
    throw new HttpRefusal("badMediaType", {
      message: `the body must be application/json; got ${type === "" ? "no content type" : type.slice(0, 80)}`,
    });
  }
  const text = decoded(raw);
  if (depthOf(text) > depthMax) {
    throw new HttpRefusal("badRequest", {
      message: `the body is nested deeper than ${String(depthMax)} levels`,
    });
  }
  try {
    return JSON.parse(text);
  } catch {
    throw new HttpRefusal("badRequest", { message: "the body is not valid JSON" });
  }
}

/** The body was already read before the handler got the request: a bug of the program that mounts the handler. */
export class BodyConsumedError extends Error {
  override readonly name = "BodyConsumedError";

  constructor(cause?: unknown) {
    super(
      "the body of this request was read before the simulator got it; mount the simulator ahead of body parsers such as express.json()",
      cause === undefined ? {} : { cause },
    );
  }
}

/**
 * Returns the bytes of a body. Stops reading a body that declares, or has, more bytes than allowed.
 * @throws BodyConsumedError if a parser has read the body before
 */
export async function readBytes(request: Request, bytesMax: number): Promise<RawBody> {
  // These requests have no body. Bridges that build requests themselves need not create a stream for it.
  if (request.method === "GET" || request.method === "HEAD") return new Uint8Array();
  if (request.bodyUsed || request.body?.locked === true) throw new BodyConsumedError();
  const declaredLength = Number(request.headers.get("content-length") ?? Number.NaN);
  let raw: RawBody;
  try {
    raw = await bytesOf(request, declaredLength, bytesMax);
  } catch (error) {
    // Streams that a parser has drained or destroyed fail with a TypeError, or with an error about their state.
    throw isStateError(error) ? new BodyConsumedError(error) : error;
  }
  const isMissing = raw instanceof Uint8Array && raw.length === 0 && declaredLength > 0;
  if (isMissing) throw new BodyConsumedError();
  return raw;
}

function isStateError(error: unknown): boolean {
  const { code } = error as { readonly code?: unknown };
  return error instanceof TypeError || code === "ERR_INVALID_STATE";
}

async function bytesOf(
  request: Request,
  declaredLength: number,
  bytesMax: number,
): Promise<RawBody> {
  // A socket never delivers more than the declared length.
  if (declaredLength <= bytesMax)
    return bounded(new Uint8Array(await request.arrayBuffer()), bytesMax);
  if (request.body === null) return new Uint8Array();
  const reader = (request.body as ReadableStream<Uint8Array>).getReader();
  const chunks: Uint8Array[] = [];
  let size = 0;
  let isTooLarge = declaredLength > bytesMax;
  while (!isTooLarge) {
    const { done, value } = await reader.read();
    if (done) return mergeUntrusted(chunks, size);
    size += value.length;
    chunks.push(value);
    isTooLarge = size > bytesMax;
  }
  // The rest is not needed. A stream that cannot be cancelled is left alone.
  reader.cancel().catch(() => undefined);
  return tooLarge(bytesMax);
}

/** Returns an available body, if it is not too large. */
export function bounded(bytes: Uint8Array, bytesMax: number): RawBody {
  return bytes.length > bytesMax ? tooLarge(bytesMax) : bytes;
}

function tooLarge(bytesMax: number): HttpRefusal {
  return new HttpRefusal("overLimit", {
    message: `the body exceeds ${String(bytesMax)} bytes`,
  });
}

function mergeUntrusted(chunks: readonly Uint8Array[], size: number): Uint8Array {
  const [only] = chunks;
  if (only !== undefined && chunks.length === 1) return only;
  const bytes = new Uint8Array(size);
  let at = 0;
  for (const chunk of chunks) {
    bytes.set(chunk, at);
    at += chunk.length;
  }
  return bytes;
}

function isJson(type: string): boolean {
  const [name = "", ...parameters] = type
    .toLowerCase()
    .split(";")
    .map((part) => part.trim());
  const charset = parameters.find((part) => part.startsWith("charset="))?.slice("charset=".length);
  return (
    (name === "application/json" || name === "text/json") &&
    (charset === undefined || /^"?utf-?8"?$/.test(charset))
  );
}

function decoded(bytes: Uint8Array): string {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    throw new HttpRefusal("badRequest", { message: "the body is not valid UTF-8" });
  }
}

/** Returns the maximum nesting without parsing, so that deep input cannot exhaust the stack. */
function depthOf(text: string): number {
  let depth = 0;
  let deepest = 0;
  let isInText = false;
  for (let at = 0; at < text.length; at++) {
    const char = text[at];
    if (isInText) {
      if (char === "\\") at++;
      else if (char === '"') isInText = false;
    } else if (char === '"') isInText = true;
    else if (char === "{" || char === "[") deepest = Math.max(deepest, ++depth);
    else if (char === "}" || char === "]") depth--;
  }
  return deepest;
}
