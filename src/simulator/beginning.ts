import { topologyFromJson, topologyToJson } from "../engine/snapshot.js";
import { emptyTopology, type Topology } from "../topology/state.js";
import { Ground } from "./ground.js";
import { readOptions, type SimulatorOptions } from "./options.js";
import { type LiveParts, World } from "./world.js";

/** The empty world of a simulator that is made with options. */
export function beginning(options: SimulatorOptions): Ground {
  const settings = readOptions(options);
  const position = { topology: emptyTopology(), now: settings.startAt, seq: 0, taskSeq: 0 };
  const { ids, interpreter } = options;
  const live: LiveParts = {
    ...(ids === undefined ? {} : { ids }),
    ...(interpreter === undefined ? {} : { interpreter }),
  };
  return new Ground(new World(settings, live, { position }), null);
}

/** A topology that shares nothing with another, for worlds that change in place. O(n). */
export function copyOf(topology: Topology): Topology {
  return topologyFromJson(topologyToJson(topology));
}
