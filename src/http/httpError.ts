import type { ErrorCode } from "../domain/errors.js";

/** A request that was refused before the simulator heard of it. */
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
