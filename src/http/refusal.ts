import type { FaultName } from "../domain/errors.js";

/** A request that was refused before the simulator heard of it. */
export class HttpRefusal extends Error {
  override readonly name = "HttpRefusal";
  readonly fault: FaultName;
  readonly headers: Readonly<Record<string, string>>;

  constructor(
    fault: FaultName,
    {
      message,
      headers = {},
    }: { readonly message: string; readonly headers?: Readonly<Record<string, string>> },
  ) {
    super(message);
    this.fault = fault;
    this.headers = headers;
  }
}
