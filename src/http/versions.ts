import type { JsonObject } from "../wire/index.js";
import type { Reply } from "./reply.js";
import { allowing, type Call } from "./request.js";

/** What the service says of itself, to anybody: `GET /` and `GET /v1.0`. */
export function versions(call: Call): Reply | undefined {
  switch (call.path) {
    case "/":
      return allowing(call, {
        GET: () => ({ status: 200, json: { versions: [version(call)] } }),
      });
    case "/v1.0":
    case "/v1.0/":
      return allowing(call, { GET: () => ({ status: 200, json: { version: version(call) } }) });
    default:
      return undefined;
  }
}

function version({ baseUrl }: Call): JsonObject {
  return {
    id: "v1.0",
    status: "CURRENT",
    updated: "2012-08-01T00:00:00Z",
    links: [{ rel: "self", href: `${baseUrl}/v1.0/` }],
  };
}
