import type { RandomTarget } from "../service/faults/fault.model.js";
import type { PlaceInput, Rack, Zone } from "../service/placement/placement.model.js";

/** A target that is a place or each place of a kind, and not instances. */
export type RandomPlaces = Extract<
  RandomTarget,
  { readonly zone: Zone } | { readonly rack: Rack } | { readonly each: string }
>;

/** Whether a random process strikes places. */
export function isOfPlaces(target: RandomTarget): target is RandomPlaces {
  return target !== "all" && ("zone" in target || "rack" in target || "each" in target);
}

/** The one place that a random process strikes; undefined for instances and for each place. */
export function placeOfTarget(target: RandomTarget): PlaceInput | undefined {
  return isOfPlaces(target) && !("each" in target) ? target : undefined;
}
