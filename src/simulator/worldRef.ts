import type { TakenSnapshot } from "./serialization.js";
import type { World } from "./world.js";

/** The present world of a simulator and its account clients: a rollback replaces it for all of them at once. */
export class WorldRef {
  /** The account that the methods of the simulator work in. It stays when a world of other settings is loaded. */
  readonly accountId: string;
  world: World;
  /** Origin of the first journal entry; null for the empty world. */
  origin: TakenSnapshot | null;

  constructor(world: World, origin: TakenSnapshot | null, accountId = world.settings.accountId) {
    this.world = world;
    this.origin = origin;
    this.accountId = accountId;
  }
}
