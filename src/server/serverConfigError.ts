/** A server that must not start with the options that it was given. */
export class ServerConfigError extends Error {
  override readonly name = "ServerConfigError";
}
