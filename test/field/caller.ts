/** What a caller sees of an answer. */
export interface Answer {
  readonly status: number;
  readonly body: unknown;
}

/** A caller of one account over HTTP, without a socket. */
export function caller(
  handler: (request: Request) => Promise<Response>,
  account = "1234",
): (method: string, path: string, body?: object) => Promise<Answer> {
  return async (method, path, body) => {
    const response = await handler(
      new Request(`http://db.test/v1.0/${account}${path}`, {
        method,
        headers: { "X-Auth-Token": "t", "Content-Type": "application/json" },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      }),
    );
    const text = await response.text();
    return { status: response.status, body: text === "" ? undefined : JSON.parse(text) };
  };
}
