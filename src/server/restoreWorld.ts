import { copyUntrusted } from "../domain/parseCommand.js";
import type { SimulatorOptions } from "../simulator/options.js";
import { readOptions, type Settings } from "../simulator/options.js";
import { ReplicationSimulator } from "../simulator.js";
import type { WorldStore } from "./store.js";

/** A world that came out of a store, or has just gone into it. */
export interface OpenedWorld {
  readonly sim: ReplicationSimulator;
  /** Number of lines that had to be run again because no snapshot covers them. */
  readonly linesSinceSnapshot: number;
  /** Options that the stored world does not have: it is as it was made, and they are for a new one. */
  readonly ignored: readonly (keyof SimulatorOptions)[];
}

/**
 * The world of a store as it was left, held line by line to what is written; or a new one where the store has none.
 * @throws StoreError
 * @throws InvalidWorldDataError when a line does not come out as it was written
 * @throws InvalidInputError for options that do not hold what they must
 */
export async function openWorld(
  store: WorldStore,
  given: SimulatorOptions = {},
): Promise<OpenedWorld> {
  const options = copyUntrusted(given, "world");
  const stored = await store.read("latest");
  if (stored === undefined) {
    const sim = new ReplicationSimulator({ ...options, ...recordable });
    await store.append({ origin: sim.snapshot(), lines: [], now: sim.now });
    return { sim, linesSinceSnapshot: 0, ignored: [] };
  }
  const { snapshot, lines, now } = stored;
  const settings = { ...snapshot.settings, ...recordable };
  const sim = ReplicationSimulator.restore({ ...snapshot, settings });
  sim.replayEntries(lines, { until: now });
  const linesSinceSnapshot = sim.journalEntries().length;
  return { sim, linesSinceSnapshot, ignored: differing(options, settings) };
}

/** What recording needs: moments that stay valid, and lines to write down. */
const recordable = { store: "immutable", journal: true } as const;

function differing(options: SimulatorOptions, settings: Settings): (keyof SimulatorOptions)[] {
  const asked = readOptions(options);
  return (Object.keys(options) as (keyof SimulatorOptions)[]).filter(
    (key) =>
      key in settings &&
      !["store", "journal", "maxSteps"].includes(key) &&
      JSON.stringify(asked[key as keyof Settings]) !==
        JSON.stringify(settings[key as keyof Settings]),
  );
}
