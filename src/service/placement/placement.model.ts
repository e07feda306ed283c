import type { Instance } from "../instances/instance.model.js";

/** A zone of the region: `zone-1`, `zone-2`, and so on. Its instances can fail together. */
export type Zone = Instance["zone"];

/** A rack of the region: `rack-1`, `rack-2`, … numbered over all zones. */
export type Rack = Instance["rack"];

/** Where an instance stands. No part of the API. */
export interface Placement {
  readonly zone: Zone;
  readonly rack: Rack;
}

/** Where a new instance is to stand. No part of the API: for tests, whose failures name a place. */
export interface PlaceInput {
  /** Default: apart from the members of its set or group, as the option `placement` says. */
  readonly zone?: Instance["zone"];
  /** With `zone`, a rack in it. Default: one that the service chooses. */
  readonly rack?: Instance["rack"];
}

/** Zones and racks of the simulated region, and where new instances stand in them. */
export interface PlacementSettings {
  /** Number of zones: `zone-1` and so on. 1 to 20; default 3. */
  readonly zones: number;
  /** Number of racks in each zone: with 2, `rack-3` is the first one of `zone-2`. 1 to 50; default 2. */
  readonly racksPerZone: number;
  /**
   * What the members of a group or a set are kept apart by: "zones" first by zone, then by rack; "racks" by rack only;
   * "none" places each at random. Default "zones".
   */
  readonly spread: "zones" | "racks" | "none";
}

/** The defaults, explained in `docs/fidelity.md`. */
export const defaultPlacement: PlacementSettings = { zones: 3, racksPerZone: 2, spread: "zones" };

/** The largest numbers of zones and of racks in a zone. */
export const placementMax = { zones: 20, racksPerZone: 50 } as const;

/** The form of the name of a zone and of a rack. */
export const zonePattern = /^zone-[1-9]\d{0,3}$/;
export const rackPattern = /^rack-[1-9]\d{0,3}$/;

/** Racks by settings: a table for each region that there is. */
const known = new WeakMap<PlacementSettings, readonly Placement[]>();

/** Every rack of a region with its zone, in the order of their numbers. */
export function placementsOf(settings: PlacementSettings): readonly Placement[] {
  let placements = known.get(settings);
  if (placements === undefined) {
    const { zones, racksPerZone } = settings;
    placements = Array.from({ length: zones * racksPerZone }, (_, at) => ({
      zone: `zone-${Math.floor(at / racksPerZone) + 1}` as const,
      rack: `rack-${at + 1}` as const,
    }));
    known.set(settings, placements);
  }
  return placements;
}

/** The names of the zones of a region. */
export function zonesOf({ zones }: PlacementSettings): readonly Zone[] {
  return Array.from({ length: zones }, (_, at) => `zone-${at + 1}` as const);
}

/** The names of all racks of a region, or of those in a zone. */
export function racksOf(settings: PlacementSettings, zone?: Zone): readonly Rack[] {
  return placementsOf(settings)
    .filter((placement) => zone === undefined || placement.zone === zone)
    .map(({ rack }) => rack);
}

/** Whether something stands in a zone, in a rack, or in both where both are given. */
export function standsIn(
  { zone, rack }: Placement,
  place: { readonly zone?: Zone | undefined; readonly rack?: Rack | undefined },
): boolean {
  return (
    (place.zone === undefined || place.zone === zone) &&
    (place.rack === undefined || place.rack === rack)
  );
}
