import type { JsonObject } from "./json.js";

/** Methods of the API. */
export type Method = "GET" | "POST" | "PUT" | "PATCH" | "DELETE";

/** A request without HTTP: what is left of it when it has been received, authenticated and parsed. */
export interface WireRequest {
  readonly method: string;
  /** Below `/v1.0/{accountId}`, percent-encoded as in a URL: `/instances/{id}/action`. */
  readonly path: string;
  readonly query?: Readonly<Record<string, string | undefined>>;
  /** What `JSON.parse` gave; undefined where there was no body. */
  readonly body?: unknown;
}

/** An answer without HTTP. */
export interface WireResponse {
  readonly status: number;
  /** Headers that belong to the answer itself: `Allow` of a 405, `Retry-After` of a limited rate. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Absent where the API answers with an empty body. */
  readonly body?: JsonObject;
}
