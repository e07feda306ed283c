import { withSharedRows } from "../kernel/shareRows.js";
import { copyUntrusted } from "../service/commands/parseCommand.js";
import type { RedrawProposal } from "../service/redraw.js";
import { type ForkOptions, forkOptionNames, sameSeed } from "./branches.js";
import type { ClientKernel } from "./clientKernel.js";
import { keptPosition } from "./history.js";
import { readOptions } from "./options.js";
import { TakenSnapshot } from "./serialization.js";
import { WorldRef } from "./worldRef.js";

/** The changes of a fork that changes nothing. */
export const unchanged: ForkOptions = Object.freeze({});

/**
 * Returns a world with the same past. With another seed, everything random that is pending is redrawn, from a proposal
 * if one is given.
 * @throws InvalidInputError `simulator-options`, `fork-seed`
 */
export function forkWorld(
  { worldRef, accountId }: ClientKernel,
  changes: ForkOptions,
  proposal?: RedrawProposal,
): WorldRef {
  const { settings: present, store, topology } = worldRef.world;
  if (changes === unchanged && store.keepsVersions) {
    return new WorldRef(worldRef.world.fork(present), worldRef.origin, accountId);
  }
  const given = copyUntrusted(changes, "options");
  const read = readOptions(given, present, forkOptionNames);
  if (given.seed !== undefined && read.seed === present.seed) throw sameSeed(read.seed);
  const isChanged = Object.keys(given).length > 0;
  const settings = isChanged ? read : present;
  const rows = store.keepsVersions ? undefined : withSharedRows(topology);
  const world = worldRef.world.fork(settings, rows);
  const { latency, jitter } = present;
  if (given.seed !== undefined) world.redraw({ latency, jitter, proposal });
  const origin = isChanged
    ? new TakenSnapshot(settings, keptPosition(world.store, world.position))
    : worldRef.origin;
  return new WorldRef(world, origin, accountId);
}
