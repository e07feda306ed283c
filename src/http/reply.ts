import type { ErrorCode } from "../model/errors.js";
import type { ErrorFormat } from "../wire/index.js";

/** A response before it becomes a `Response`. */
export interface Reply {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** Sent as JSON; absent means an empty body. */
  readonly json?: unknown;
  /** Whether a fault loses it, so that it is never sent. */
  readonly isLost?: boolean;
  /** A body that is not JSON, with its type. */
  readonly content?: { readonly type: string; readonly body: string | OpenStream };
}

/** Opens a stream when the response is sent, so that a response without a body (HEAD) opens none. */
export type OpenStream = () => ReadableStream<Uint8Array>;

/** A response as plain values. */
export interface PlainResponse {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  /** Empty for a response without a body. */
  readonly body: string;
}

/** The answered request. */
interface ResponseContext {
  readonly requestId: string;
  /** HEAD gets the headers of GET and no body. */
  readonly isHead: boolean;
}

/** Returns the response of an error. */
export function faultReply(
  { errors }: { readonly errors: ErrorFormat },
  code: ErrorCode,
  details: { readonly message: string; readonly headers?: Readonly<Record<string, string>> },
): Reply {
  const { message, headers = {} } = details;
  return { status: errors.statusByCode[code], headers, json: errors.body(code, { message }) };
}

/** Returns the `Response` of a reply. */
export function responseOf(reply: Reply, context: ResponseContext): Response {
  const { headers, body } = rendered(reply, context);
  const sent = typeof body === "string" ? body : body();
  return new Response(sent === "" ? null : sent, { status: reply.status, headers });
}

/** Returns the plain form of a reply. */
export function toPlainResponse(reply: Reply, context: ResponseContext): PlainResponse {
  const { headers, body } = rendered(reply, context);
  return { status: reply.status, headers, body: typeof body === "string" ? body : "" };
}

function rendered(
  { status, json, content, headers }: Reply,
  { requestId, isHead }: ResponseContext,
): {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | OpenStream;
} {
  const { type, body } =
    content ??
    (json === undefined ? empty : { type: "application/json", body: JSON.stringify(json) });
  const hasLength = typeof body === "string" && status !== 204;
  return {
    headers: {
      ...headers,
      "X-Request-Id": requestId,
      "Cache-Control": "no-store",
      ...(type === undefined ? {} : { "Content-Type": type }),
      ...(hasLength ? { "Content-Length": String(byteLengthOf(body)) } : {}),
    },
    body: isHead ? "" : body,
  };
}

/** Returns the length of a text in UTF-8, for which most need not be encoded. */
function byteLengthOf(text: string): number {
  for (let at = 0; at < text.length; at++) {
    if (text.charCodeAt(at) > 127) return new TextEncoder().encode(text).length;
  }
  return text.length;
}

const empty = { type: undefined, body: "" };
