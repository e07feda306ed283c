import { topologyFromJson, topologyToJson } from "../kernel/snapshot.js";
import { list } from "../model/schema/compositeFields.js";
import { isRecord } from "../model/schema/plainData.js";
import { emptyTopology, type Topology } from "../model/topology.js";
import { copyUntrusted, readValue } from "../service/commands/parseCommand.js";
import { plannedFault } from "../service/faults/faultFields.js";
import {
  defaultSettings,
  type RuntimeHooks,
  readOptions,
  type SimulatorOptions,
} from "./options.js";
import { World } from "./world.js";
import { WorldRef } from "./worldRef.js";

/** Returns the initial world of a simulator. */
export function createInitialWorld(options: SimulatorOptions): WorldRef {
  // Read once: a getter may return another value the next time.
  const given = isRecord(options) ? copyUntrusted(options as SimulatorOptions) : options;
  const settings = readOptions(given);
  const position = { topology: emptyTopology(), now: settings.startAt, seq: 0, nextTaskSeq: 0 };
  const world = new World(settings, livePartsOf(given), { position });
  injectPlan(world, given);
  return new WorldRef(world, null);
}

/**
 * Returns the functions that a caller passes for an existing world.
 * @throws InvalidInputError `simulator-options`
 */
export function parseRuntimeHooks(live: RuntimeHooks): RuntimeHooks {
  const given = copyUntrusted(live, "live");
  readOptions(given, defaultSettings, ["createId", "interpreter"]);
  return livePartsOf(given);
}

function livePartsOf({ createId: ids, interpreter }: RuntimeHooks): RuntimeHooks {
  return {
    ...(ids === undefined ? {} : { createId: ids }),
    ...(interpreter === undefined ? {} : { interpreter }),
  };
}

/** The plan is parsed as a whole, then its faults are injected one by one. */
function injectPlan(world: World, { faults }: SimulatorOptions): void {
  if (faults === undefined) return;
  const { limits, accountId } = world.settings;
  for (const planned of readValue(planField, faults, { path: "faults", limits })) {
    world.execute({ accountId, role: "admin" }, "injectFault", planned);
  }
}

const planField = list({ rule: "fault-plan", source: "§11 [inferred]", of: plannedFault });

/** Returns a topology that shares nothing with another, for in-place worlds. O(n). */
export function cloneTopology(topology: Topology): Topology {
  return topologyFromJson(topologyToJson(topology));
}
