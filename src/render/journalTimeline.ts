import {
  booleanRule,
  nonEmptyString,
  type OptionRules,
  parseOptions,
  wholeFrom,
} from "../model/schema/entryPointOptions.js";
import type { Journal } from "../simulator/serialization.js";
import { type JournalTimelineOptions, timelineText } from "./timelineText.js";
import { renderJournal, renderOptionsOrigin } from "./validateInput.js";

/**
 * Renders a journal as text: for each entry the time since the start, the resource, its status before and after, what
 * happened, and (after `←`) the number of the causing entry. One row for each affected instance or group.
 *
 * @example
 * ```ts
 * import { ReplicationSimulator } from "replication-simulator";
 * import { journalTimeline } from "replication-simulator/render";
 *
 * const sim = new ReplicationSimulator();
 * sim.createInstance({ name: "orders", flavorId: 2, volumeGb: 10 });
 * sim.settle();
 * console.log(journalTimeline(sim.journal()));
 * // 0:00:00  #0  orders  → BUILD         createInstance: mysql 5.6, flavor 2, 10 GB
 * // 0:00:35  #1  orders  BUILD → ACTIVE  build is done  ← #0
 * ```
 * @param journal - the result of `sim.journal()`
 * @param options - interval, entries and names
 * @returns one line for each entry
 * @throws InvalidInputError `render-options`
 * @throws InvalidWorldDataError `render-journal` for anything but a journal
 */
export function journalTimeline(journal: Journal, options: JournalTimelineOptions = {}): string {
  const read = parseOptions(options, demands, renderOptionsOrigin);
  return renderJournal(journal, () => timelineText(journal, read));
}

const demands: OptionRules<JournalTimelineOptions> = {
  since: wholeFrom(0),
  hidden: booleanRule,
  about: nonEmptyString,
  last: wholeFrom(1),
};
