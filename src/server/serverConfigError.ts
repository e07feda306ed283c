/** The options do not allow the server to start. */
export class ServerConfigError extends Error {
  override readonly name = "ServerConfigError";
}
