import { ReplicationError } from "../domain/errors.js";
import type { ReplicationSimulator } from "../simulator.js";
import { HistoryVerbs } from "./methods/history.js";
import { invalidWorldDataError, type Journal } from "./serialization.js";
import { diffWorlds, type WorldDifference } from "./worldDiff.js";

/**
 * How two worlds of common origin differ, as plain data: simulators that were forked of one another or of the same
 * world, or journals, which are folded for it.
 * O(lines since they parted + rows that differ) between forks on the immutable store, else O(lines + rows).
 * @throws InvalidWorldDataError `common-origin` when they have no past in common
 */
export function diff(
  left: ReplicationSimulator | Journal,
  right: ReplicationSimulator | Journal,
): WorldDifference {
  try {
    return diffWorlds(HistoryVerbs.tell(left), HistoryVerbs.tell(right));
  } catch (cause) {
    if (HistoryVerbs.is(left) && HistoryVerbs.is(right)) throw cause;
    if (cause instanceof ReplicationError) throw cause;
    throw invalidWorldDataError(
      "journal-lines",
      "invalid journal: its facts cannot be applied in order",
      cause,
    );
  }
}
