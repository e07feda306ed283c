/** A request below the URL of the account. */
export interface ApiRequest {
  readonly method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
  readonly path: string;
  readonly body?: unknown;
}

/** A status and a body as JSON; undefined where the body is empty. */
export interface ApiAnswer {
  readonly status: number;
  readonly body: unknown;
}
