import type { Transaction } from "../../kernel/transaction.js";
import type { Instance } from "../instances/instance.model.js";
import { type Placement, placements } from "./placement.model.js";

/**
 * Chooses where a new instance stands: apart from the instances of its set or group, first by zone, then by rack. Among
 * equal racks the one with the highest hash of the key wins, so that other instances do not matter.
 */
export function choosePlacement(
  { context: { chance } }: Transaction,
  key: string,
  near: readonly Instance[],
): Placement {
  const draws = chance.drawsOf("placement", key);
  let best: Placement | undefined;
  let leastTogether = 0;
  let highestRank = 0;
  for (let sequence = 0; sequence < placements.length; sequence++) {
    const placement = placements[sequence] as Placement;
    const together = near.length === 0 ? 0 : togetherness(near, placement);
    const rank = draws.drawWith(sequence);
    const isBetter =
      best === undefined ||
      together < leastTogether ||
      (together === leastTogether && rank > highestRank);
    if (!isBetter) continue;
    best = placement;
    leastTogether = together;
    highestRank = rank;
  }
  return best ?? { zone: "zone-1", rack: "rack-1" };
}

/** Counts the instances in the same zone, and among equals those in the same rack. */
function togetherness(near: readonly Instance[], { zone, rack }: Placement): number {
  let inZone = 0;
  let inRack = 0;
  for (const other of near) {
    if (other.zone === zone) inZone += 1;
    if (other.rack === rack) inRack += 1;
  }
  return inZone * (near.length + 1) + inRack;
}
