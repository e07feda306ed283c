import type { Instance } from "../domain/entities.js";
import { type Placement, placements } from "../domain/placement.js";
import type { Transaction } from "./transaction.js";

/**
 * Chooses where a new instance stands: apart from the instances of its set or group, first by zone, then by rack. Among
 * equal racks the one with the highest hash of the key wins, so that other instances do not matter.
 */
export function choosePlacement(
  { context: { chance } }: Transaction,
  key: string,
  near: readonly Instance[],
): Placement {
  let best:
    | { readonly placement: Placement; readonly together: number; readonly rank: number }
    | undefined;
  for (const [sequence, placement] of placements.entries()) {
    const inZone = near.filter(({ zone }) => zone === placement.zone).length;
    const inRack = near.filter(({ rack }) => rack === placement.rack).length;
    const together = inZone * (near.length + 1) + inRack;
    const rank = chance.draw({ purpose: "placement", key, sequence });
    const isBetter =
      best === undefined ||
      together < best.together ||
      (together === best.together && rank > best.rank);
    if (isBetter) best = { placement, together, rank };
  }
  return best?.placement ?? { zone: "zone-1", rack: "rack-1" };
}
