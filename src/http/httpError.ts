import type { ErrorCode } from "../model/errors.js";

/**
 * A request was carried out, and a `loseAnswers` fault suppresses its response: a handler rejects with this error, as
 * `fetch` does, and a server closes the connection. It is a TypeError, because `fetch` rejects with one.
 */
export class AnswerLostError extends TypeError {
  override readonly name = "AnswerLostError";

  /** @internal */
  constructor() {
    super("fetch failed: the request was carried out, and its answer is lost (fault loseAnswers)");
  }
}

/** A request that was refused before it reached the simulator. */
export class HttpRefusal extends Error {
  override readonly name = "HttpRefusal";
  readonly code: ErrorCode;
  readonly headers: Readonly<Record<string, string>>;

  constructor(
    code: ErrorCode,
    {
      message,
      headers = {},
    }: { readonly message: string; readonly headers?: Readonly<Record<string, string>> },
  ) {
    super(message);
    this.code = code;
    this.headers = headers;
  }
}
