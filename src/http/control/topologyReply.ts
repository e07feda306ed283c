import { topologyMermaid, topologyTree } from "../../render/index.js";
import type { ReplicationSimulator } from "../../simulator.js";
import { HttpRefusal } from "../refusal.js";
import type { Reply } from "../reply.js";
import type { Call } from "../request.js";

/** What there is, as `?format=text` (the default), `mermaid` or `json`; of one account where `?account=` names it. */
export function topologyReply({ query }: Call, sim: ReplicationSimulator): Reply {
  const accountId = query.get("account");
  const view = accountId === null ? {} : { accountId };
  const format = query.get("format") ?? "text";
  switch (format) {
    case "text":
      return plain(`${topologyTree(sim.topology, { ...view, ids: true })}\n`);
    case "mermaid":
      return plain(topologyMermaid(sim.topology, view));
    case "json":
      return { status: 200, json: sim.snapshot().toJSON().topology };
    default:
      throw new HttpRefusal("badRequest", {
        message: `format is text, mermaid or json; got ${format.slice(0, 80)}`,
      });
  }
}

function plain(body: string): Reply {
  return { status: 200, content: { type: "text/plain; charset=utf-8", body } };
}
