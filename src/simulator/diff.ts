import type { KindDifference } from "../kernel/stateDifference.js";
import { ReplicationError } from "../model/errors.js";
import type { ReplicationSimulator } from "../simulator.js";
import { findKernel } from "./clientKernel.js";
import { invalidWorldDataError, type Journal } from "./serialization.js";
import { diffWorlds, type FoldedWorld, foldJournal, type WorldDifference } from "./worldDiff.js";

/**
 * Returns the differences of two worlds of common origin as plain data: forks of each other or of the same world, or
 * journals, which are folded for it. O(entries since they parted + rows that differ) between forks on the immutable
 * store, else O(entries + rows).
 *
 * @example
 * ```ts
 * import { diff, ReplicationSimulator } from "replication-simulator";
 *
 * const sim = new ReplicationSimulator();
 * const fork = sim.fork();
 * fork.createInstance({ name: "orders", flavorId: 2, volumeGb: 10 });
 * console.log(diff(sim, fork).state.instances.onlyRight.map(({ name }) => name)); // [ 'orders' ]
 * ```
 * @param left - a simulator or a journal
 * @param right - another one with the same past
 * @returns divergence, entries and rows that differ
 * @throws InvalidWorldDataError `common-origin` without a common past
 */
export function diff(
  left: ReplicationSimulator | Journal,
  right: ReplicationSimulator | Journal,
): WorldDifference {
  try {
    return diffWorlds(endOf(left), endOf(right));
  } catch (cause) {
    if (findKernel(left) !== undefined && findKernel(right) !== undefined) throw cause;
    if (cause instanceof ReplicationError) throw cause;
    throw invalidWorldDataError(
      "journal-lines",
      "invalid journal: its facts cannot be applied in order",
      cause,
    );
  }
}

/** Returns the world of a simulator, or the one at the end of a journal. */
function endOf(world: ReplicationSimulator | Journal): FoldedWorld {
  const kernel = findKernel(world);
  if (kernel === undefined) return foldJournal(world as Journal);
  const { settings, now, topology, journal: log } = kernel.world;
  return { settings, now, topology, log, origin: kernel.worldRef.origin };
}

/**
 * Returns whether two worlds of common origin have the same settings and rows, whatever their time. Compare a fork that
 * you took before with the simulator to see whether a second run of a service changes anything. A change that was undone
 * shows in `updatedAt`.
 *
 * @example
 * ```ts
 * import { equalWorlds, ReplicationSimulator } from "replication-simulator";
 *
 * const sim = new ReplicationSimulator();
 * const before = sim.fork();
 * console.log(equalWorlds(before, sim)); // true
 * ```
 * @param left - a simulator or a journal
 * @param right - another one with the same past
 * @returns whether settings and rows are equal
 * @throws InvalidWorldDataError `common-origin` when they have no past in common
 */
export function equalWorlds(
  left: ReplicationSimulator | Journal,
  right: ReplicationSimulator | Journal,
): boolean {
  const { settings, state } = diff(left, right);
  const kinds: readonly KindDifference<unknown>[] = [
    state.instances,
    state.groups,
    state.schedules,
    state.backups,
    state.configurations,
  ];
  return (
    Object.keys(settings).length === 0 &&
    kinds.every(
      ({ onlyLeft, onlyRight, changed }) =>
        onlyLeft.length === 0 && onlyRight.length === 0 && changed.length === 0,
    )
  );
}
