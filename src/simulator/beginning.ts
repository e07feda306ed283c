import { list } from "../domain/compositeFields.js";
import { plannedFault } from "../domain/faultFields.js";
import { readValue } from "../domain/input.js";
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
  const world = new World(settings, live, { position });
  injectPlan(world, options);
  return new Ground(world, null);
}

/** The plan of the options is read as a whole, then injected fault by fault. */
function injectPlan(world: World, { faults }: SimulatorOptions): void {
  if (faults === undefined) return;
  const { limits, accountId } = world.settings;
  for (const planned of readValue(planField, faults, { path: "faults", limits })) {
    world.execute({ accountId, role: "admin" }, "injectFault", planned);
  }
}

const planField = list({ rule: "fault-plan", source: "§11 [inferred]", of: plannedFault });

/** A topology that shares nothing with another, for worlds that change in place. O(n). */
export function copyOf(topology: Topology): Topology {
  return topologyFromJson(topologyToJson(topology));
}
