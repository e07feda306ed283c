import { ReplicationSimulator } from "replication-simulator";
import { createHandler, type Handler, type HandlerOptions } from "replication-simulator/http";

/** An answer as tests look at it. */
export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  /** The JSON of the body; undefined for an empty one. */
  readonly json: unknown;
}

/** How a test asks: with a token, a JSON body or a raw one. */
export interface RequestOptions {
  readonly token?: string | null;
  readonly body?: unknown;
  readonly raw?: string | Uint8Array<ArrayBuffer>;
  readonly headers?: Readonly<Record<string, string>>;
}

export const origin = "http://db.test";

/** A handler in a fresh world, and a way to ask it. */
export function service(options: HandlerOptions = {}, sim = new ReplicationSimulator()) {
  const handler = createHandler(sim, options);
  return { sim, handler, send: asker(handler) };
}

/** Asks a handler; `token: null` sends none. */
export function asker(handler: Handler) {
  return async (method: string, path: string, options: RequestOptions = {}): Promise<Answer> => {
    const { token = "any", body, raw, headers = {} } = options;
    const content = raw ?? (body === undefined ? undefined : JSON.stringify(body));
    const request = new Request(`${origin}${path}`, {
      method,
      headers: {
        ...(token === null ? {} : { "X-Auth-Token": token }),
        ...(body === undefined ? {} : { "Content-Type": "application/json" }),
        ...headers,
      },
      ...(content === undefined ? {} : { body: content }),
    });
    const response = await handler(request);
    const text = await response.text();
    return {
      status: response.status,
      headers: response.headers,
      text,
      json: text === "" || !isJson(response) ? undefined : JSON.parse(text),
    };
  };
}

/** The name of a fault and what it says. */
export function faultIn({ json }: Answer): { readonly name: string; readonly message: string } {
  const [name = "", members = {}] = Object.entries(json as Record<string, object>)[0] ?? [];
  return { name, message: (members as { readonly message: string }).message };
}

export const small = { flavorRef: "2", volume: { size: 10 } };

function isJson(response: Response): boolean {
  return response.headers.get("content-type") === "application/json";
}
