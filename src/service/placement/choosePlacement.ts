import type { Transaction } from "../../kernel/transaction.js";
import type { Topology } from "../../model/topology.js";
import { activeFaults } from "../faults/activeFaults.js";
import type { Instance } from "../instances/instance.model.js";
import {
  type PlaceInput,
  type Placement,
  type PlacementSettings,
  placementsOf,
  standsIn,
} from "./placement.model.js";

/**
 * Chooses where a new instance stands: in the zone and the rack that were asked for, if any; rather not where a failure
 * of a whole zone or rack is active; apart from the instances of its set or group. Among equal racks the one with the
 * highest hash of the key wins, so that other instances do not matter.
 */
export function choosePlacement(
  { context: { chance, placement: settings, topology, accountId } }: Transaction,
  key: string,
  { near, place }: { readonly near: readonly Instance[]; readonly place: PlaceInput },
): Placement {
  const places = placementsOf(settings);
  const { spread } = settings;
  const failed = failedPlaces(topology, accountId);
  let best: Placement | undefined;
  let leastCost = 0;
  let highestRank = 0;
  for (let sequence = 0; sequence < places.length; sequence++) {
    const placement = places[sequence] as Placement;
    if (!standsIn(placement, place)) continue;
    const isDown = failed.length > 0 && failed.some((one) => standsIn(placement, one));
    const cost = (isDown ? (near.length + 1) ** 2 : 0) + crowding(placement, near, spread);
    // Draws are by key: one that decides nothing need not be made.
    if (best !== undefined && cost > leastCost) continue;
    const rank = chance.draw({ purpose: "placement", key, sequence });
    const isBetter = best === undefined || cost < leastCost || rank > highestRank;
    if (!isBetter) continue;
    best = placement;
    leastCost = cost;
    highestRank = rank;
  }
  return best ?? { zone: "zone-1", rack: "rack-1" };
}

/** How much of a set or group stands in a place already; less than (n + 1)². */
function crowding(
  { zone, rack }: Placement,
  near: readonly Instance[],
  spread: PlacementSettings["spread"],
): number {
  if (near.length === 0 || spread === "none") return 0;
  let inZone = 0;
  let inRack = 0;
  for (const other of near) {
    if (other.zone === zone) inZone += 1;
    if (other.rack === rack) inRack += 1;
  }
  return spread === "racks" ? inRack : inZone * (near.length + 1) + inRack;
}

const noPlaces: readonly PlaceInput[] = [];

/** The zones and racks of an account that have failed as a whole. */
function failedPlaces(topology: Topology, accountId: string): readonly PlaceInput[] {
  if (topology.watchedFaults.length === 0) return noPlaces;
  return [...activeFaults(topology, "correlated")]
    .filter(({ row }) => row.accountId === accountId)
    .map(({ fault }) => fault);
}
