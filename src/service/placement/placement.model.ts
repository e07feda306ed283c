/** Zones of the simulated region. What stands in one can fail together. */
export const zones = ["zone-1", "zone-2", "zone-3"] as const;

/** A zone of the region. */
export type Zone = (typeof zones)[number];

/** Racks of the simulated region: two in each zone, `rack-1` and `rack-2` in `zone-1`. */
export const racks = ["rack-1", "rack-2", "rack-3", "rack-4", "rack-5", "rack-6"] as const;

/** A rack of the region. */
export type Rack = (typeof racks)[number];

/** Where an instance stands. No part of the API. */
export interface Placement {
  readonly zone: Zone;
  readonly rack: Rack;
}

/** Every rack with its zone. */
export const placements: readonly Placement[] = racks.map((rack, at) => ({
  zone: zones[Math.floor(at / 2)] ?? zones[0],
  rack,
}));
