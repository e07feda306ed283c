import type { Snapshot } from "./serialization.js";
import type { World } from "./world.js";

/** What a simulator and its tenants stand on. Another world can be put under all of them at once. */
export class WorldRef {
  /** Whether a value is one; asking touches nothing of it. */
  static is(value: unknown): value is WorldRef {
    return typeof value === "object" && value !== null && #mark in value;
  }

  readonly #mark = true;
  /** The account that the simulator's own verbs act for. It stays when another world, of other settings, is put here. */
  readonly accountId: string;
  world: World;
  /** What the first line of the journal was written on; null for the empty world. */
  origin: Snapshot | null;

  constructor(world: World, origin: Snapshot | null, accountId = world.settings.accountId) {
    this.world = world;
    this.origin = origin;
    this.accountId = accountId;
  }
}
