import {
  journalTimeline,
  timelineSvg,
  topologyDot,
  topologyMermaid,
  topologySvg,
  topologyTree,
} from "../../render/index.js";
import type { ReplicationSimulator } from "../../simulator.js";
import { HttpRefusal } from "../httpError.js";
import type { Reply } from "../reply.js";
import type { Call } from "../request.js";

/** Renders the topology in the requested `?format=`, of one account if `?account=` is given. */
export function topologyReply({ query }: Call, sim: ReplicationSimulator): Reply {
  const accountId = query.get("account");
  const view = accountId === null ? {} : { accountId };
  return inFormat(query, {
    text: () => plain(`${topologyTree(sim.topology, { ...view, ids: true })}\n`),
    mermaid: () => plain(topologyMermaid(sim.topology, view)),
    dot: () => plain(topologyDot(sim.topology, view)),
    svg: () => drawn(topologySvg(sim.topology, view)),
    json: () => ({ status: 200, json: sim.snapshot().toJSON().topology }),
  });
}

/** Renders the timeline in the requested `?format=`. */
export function timelineReply({ query }: Call, sim: ReplicationSimulator): Reply {
  return inFormat(query, {
    text: () => plain(`${journalTimeline(sim.journal())}\n`),
    svg: () => drawn(timelineSvg(sim.journal())),
  });
}

/** The first format is the default. */
function inFormat(
  query: Call["query"],
  formats: { readonly text: () => Reply } & Readonly<Record<string, () => Reply>>,
): Reply {
  const format = query.get("format") ?? "text";
  const reply = Object.hasOwn(formats, format) ? formats[format] : undefined;
  if (reply !== undefined) return reply();
  throw new HttpRefusal("badRequest", {
    message: `format is one of ${Object.keys(formats).join(", ")}; got ${format.slice(0, 80)}`,
  });
}

function plain(body: string): Reply {
  return { status: 200, content: { type: "text/plain; charset=utf-8", body } };
}

function drawn(body: string): Reply {
  return { status: 200, content: { type: "image/svg+xml", body } };
}
