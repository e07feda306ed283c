import type { JsonObject } from "../wire/index.js";
import type { Service } from "./options.js";
import type { Reply } from "./reply.js";
import { type Call, dispatchByMethod } from "./request.js";

/** Version documents, without authentication: `GET /` and, in the documented dialect, `GET /v1.0`. */
export function versions(call: Call, service: Service): Reply | undefined {
  switch (call.path) {
    case "/":
      return dispatchByMethod(call, {
        GET: () => versionsReply({ versions: [version(call)] }, service),
      });
    case `/${service.dialect.version}`:
    case `/${service.dialect.version}/`:
      return dispatchByMethod(call, {
        GET: () => versionsReply({ version: version(call) }, service),
      });
    default:
      return undefined;
  }
}

/** @throws ReplicationError during an outage: the service answers nothing then, not even its versions */
function versionsReply(json: JsonObject, { sim }: Service): Reply {
  const outage = sim.view.refusal();
  if (outage !== undefined) throw outage;
  return { status: 200, json };
}

function version({ baseUrl, dialect }: Call): JsonObject {
  return {
    id: dialect.version,
    status: "CURRENT",
    updated: "2012-08-01T00:00:00Z",
    links: [{ rel: "self", href: `${baseUrl}/${dialect.version}/` }],
  };
}
