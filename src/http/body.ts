import { HttpRefusal } from "./httpError.js";

/** The bytes of a body, or what was wrong with it: to be heard of only by who asks for the body. */
export type RawBody = Uint8Array | HttpRefusal;

/**
 * The JSON of a body, or undefined where there is none.
 * @throws HttpRefusal 413 when it is too large, 415 when it is no JSON by its type, 400 when it cannot be read
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

/** Another reader took the body before the handler could: a mistake of the program that mounts the handler. */
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
 * Reads no further than it must: a body that says, or turns out, to be too large is not taken in.
 * @throws BodyConsumedError where a parser has read the body before
 */
export async function readBytes(request: Request, bytesMax: number): Promise<RawBody> {
  // Such a request has no body; bridges that make their requests bit by bit need not make a stream to say so.
  if (request.method === "GET" || request.method === "HEAD") return new Uint8Array();
  if (request.bodyUsed || request.body?.locked === true) throw new BodyConsumedError();
  const told = Number(request.headers.get("content-length") ?? Number.NaN);
  let raw: RawBody;
  try {
    raw = await bytesOf(request, told, bytesMax);
  } catch (error) {
    // Streams that a parser has drained or destroyed fail with a TypeError, or with an error about their state.
    throw isStateError(error) ? new BodyConsumedError(error) : error;
  }
  const isMissing = raw instanceof Uint8Array && raw.length === 0 && told > 0;
  if (isMissing) throw new BodyConsumedError();
  return raw;
}

function isStateError(error: unknown): boolean {
  const { code } = error as { readonly code?: unknown };
  return error instanceof TypeError || code === "ERR_INVALID_STATE";
}

async function bytesOf(request: Request, told: number, bytesMax: number): Promise<RawBody> {
  // What a socket gives is never more than it said.
  if (told <= bytesMax) return bounded(new Uint8Array(await request.arrayBuffer()), bytesMax);
  if (request.body === null) return new Uint8Array();
  const reader = (request.body as ReadableStream<Uint8Array>).getReader();
  const chunks: Uint8Array[] = [];
  let size = 0;
  let isTooLarge = told > bytesMax;
  while (!isTooLarge) {
    const { done, value } = await reader.read();
    if (done) return mergeUntrusted(chunks, size);
    size += value.length;
    chunks.push(value);
    isTooLarge = size > bytesMax;
  }
  // Nobody waits for the rest; a stream that cannot be cancelled is left alone.
  reader.cancel().catch(() => undefined);
  return tooLarge(bytesMax);
}

/** A body that is at hand, if it is not too large. */
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

/** The deepest nesting, without a parser that would have to go there. */
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
