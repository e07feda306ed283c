import { ReplicationError } from "../domain/errors.js";
import type { ReplicationSimulator } from "../simulator.js";
import { differenceOf, type WorldDifference } from "./difference.js";
import { type Journal, unreadable } from "./records.js";
import { HistoryVerbs } from "./verbs/history.js";

/**
 * How two worlds of common origin differ, as plain data: simulators that were forked of one another or of the same
 * world, or journals, which are folded for it.
 * O(lines since they parted + rows that differ) between forks on the immutable store, else O(lines + rows).
 * @throws UnreadableWorldError `common-origin` when they have no past in common
 */
export function diff(
  left: ReplicationSimulator | Journal,
  right: ReplicationSimulator | Journal,
): WorldDifference {
  try {
    return differenceOf(HistoryVerbs.tell(left), HistoryVerbs.tell(right));
  } catch (cause) {
    if (HistoryVerbs.is(left) && HistoryVerbs.is(right)) throw cause;
    if (cause instanceof ReplicationError) throw cause;
    throw unreadable("journal-lines", "what a journal tells cannot have happened", cause);
  }
}
