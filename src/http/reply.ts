import type { ErrorCode } from "../domain/errors.js";
import type { ErrorFormat } from "../wire/index.js";

/** An answer before it is a `Response`. */
export interface Reply {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** Goes out as JSON; absent means an empty body. */
  readonly json?: unknown;
  /** Is never sent: a fault loses it. */
  readonly isLost?: boolean;
  /** A body that is no JSON, with its type. */
  readonly content?: { readonly type: string; readonly body: string | OpenStream };
}

/** Opens a stream when its answer is sent, so that an answer without a body (HEAD) opens none. */
export type OpenStream = () => ReadableStream<Uint8Array>;

/** An answer as plain values. */
export interface PlainResponse {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  /** Empty for an answer without a body. */
  readonly body: string;
}

/** The request that is answered. */
interface Asked {
  readonly requestId: string;
  /** HEAD gets the headers of GET, and no body. */
  readonly isHead: boolean;
}

/** The answer that a fault gives. */
export function faultReply(
  { errors }: { readonly errors: ErrorFormat },
  code: ErrorCode,
  said: { readonly message: string; readonly headers?: Readonly<Record<string, string>> },
): Reply {
  const { message, headers = {} } = said;
  return { status: errors.statusByCode[code], headers, json: errors.body(code, { message }) };
}

/** The `Response` for an answer. */
export function responseOf(reply: Reply, asked: Asked): Response {
  const { headers, body } = rendered(reply, asked);
  const sent = typeof body === "string" ? body : body();
  return new Response(sent === "" ? null : sent, { status: reply.status, headers });
}

/** The plain form of an answer. */
export function toPlainResponse(reply: Reply, asked: Asked): PlainResponse {
  const { headers, body } = rendered(reply, asked);
  return { status: reply.status, headers, body: typeof body === "string" ? body : "" };
}

function rendered(
  { status, json, content, headers }: Reply,
  { requestId, isHead }: Asked,
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
      ...(hasLength ? { "Content-Length": String(new TextEncoder().encode(body).length) } : {}),
    },
    body: isHead ? "" : body,
  };
}

const empty = { type: undefined, body: "" };
