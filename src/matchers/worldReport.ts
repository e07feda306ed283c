import { journalTimeline, topologyTree } from "../render/index.js";
import type { ReplicationSimulator } from "../simulator.js";

/** Number of journal entries in a failure report. */
const entriesShown = 8;

/**
 * Describes a simulation for the message of a failed assertion: the topology as a tree, the newest journal entries
 * (about one resource where an id is given), the causes of its status, and the seed.
 *
 * @param sim - the simulation under test
 * @param id - id of the resource that the assertion is about
 * @returns several lines of text
 */
export function worldReport(sim: ReplicationSimulator, id?: string): string {
  const parts = [`topology:\n${indented(topologyTree(sim.topology, { ids: true }))}`];
  if (sim.settings.journal) {
    const journal = sim.journal();
    const about = id === undefined ? {} : { about: id };
    const entries = journalTimeline(journal, { ...about, last: entriesShown });
    const title = id === undefined ? "last journal entries" : `last journal entries about ${id}`;
    if (entries !== "") parts.push(`${title}:\n${indented(entries)}`);
    const causes = id === undefined ? "" : causesOf(sim, id);
    if (causes !== "") parts.push(`caused by:\n${indented(causes)}`);
  } else {
    parts.push("no journal: create the simulator with `journal: true` to see the history");
  }
  const { seed } = sim.settings;
  parts.push(`seed: ${JSON.stringify(seed)}, virtual time: ${String(sim.now)}`);
  return parts.join("\n");
}

/** The causes of a status, root cause last; the entry itself stands in the timeline already. */
function causesOf(sim: ReplicationSimulator, id: string): string {
  const [, ...causes] = sim.explain(id);
  return causes
    .map(({ line: { seq, trigger } }) => `#${String(seq)} ${describeTrigger(trigger)}`)
    .join("\n");
}

function describeTrigger(
  trigger: ReturnType<ReplicationSimulator["explain"]>[number]["line"]["trigger"],
): string {
  switch (trigger.kind) {
    case "command": {
      const { type, ...input } = trigger.command;
      return `${type} ${JSON.stringify(input)}`;
    }
    case "task":
      return `${trigger.task} of ${trigger.entity} ${trigger.id} is done`;
    case "tick":
      return `schedule ${trigger.scheduleId} is due`;
    case "acknowledgement":
      return `semi-synchronous timeout of instance ${trigger.instanceId}`;
    case "fault":
      return `${trigger.faultId} ${trigger.action === "activate" ? "activates" : "clears"}`;
  }
}

function indented(text: string): string {
  return text
    .split("\n")
    .map((line) => `  ${line}`)
    .join("\n");
}
