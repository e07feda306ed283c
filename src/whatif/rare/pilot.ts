import type { RareWorld } from "./rareWorld.js";

/** Findings of natural paths before an estimate begins. */
export interface Pilot {
  readonly roots: number;
  /** Times that a path left health. */
  readonly departures: number;
  /** Mean time from a departure to health, the event or the horizon, in ms; null without a departure. */
  readonly excursionMs: number | null;
  /** Paths in which the event happened. */
  readonly hits: number;
  /** The first worlds at departures. @internal */
  readonly entries: readonly RareWorld[];
}

/** Paths of a pilot; more, up to `rootsMost`, while they show fewer than `departuresWanted` departures. */
const rootsLeast = 20;
const rootsMost = 200;
const departuresWanted = 20;
/** Worlds that are kept of each level. */
const entriesMost = 100;

/** Runs natural paths and measures their excursions. */
export function runPilot(start: (seed: string) => RareWorld): Pilot {
  const entries: RareWorld[] = [];
  let [roots, departures, excursionMs, hits] = [0, 0, 0, 0];
  while (roots < rootsLeast || (roots < rootsMost && departures < departuresWanted)) {
    const world = start(`pilot/${String(roots)}`);
    roots += 1;
    let departedAt: number | undefined;
    for (;;) {
      if (departedAt === undefined && world.level > 0) {
        departedAt = world.now;
        departures += 1;
        if (entries.length < entriesMost && !world.hasHappened()) {
          entries.push(world.fork(`pilot/${String(roots)}/${String(departures)}`));
        }
      }
      if (departedAt !== undefined && world.level === 0) {
        excursionMs += world.now - departedAt;
        departedAt = undefined;
      }
      if (world.hasHappened() || world.nextAt === undefined) break;
      world.step();
    }
    if (!world.hasHappened()) world.finish();
    if (departedAt !== undefined) excursionMs += world.now - departedAt;
    if (world.hasHappened()) hits += 1;
  }
  const mean = departures === 0 ? null : Math.max(1, Math.round(excursionMs / departures));
  return { roots, departures, excursionMs: mean, hits, entries };
}

/** Tries of each level: until the next one was reached so often, or so many. */
const upsWanted = 30;
const triesMost = 3000;
const levelsMost = 20;
/** Copies of a root at most, as expected. */
const forksWanted = 1500;

/**
 * Returns factors for RESTART: at each level as many paths as it takes for one of them to get to the next, measured by
 * fixed effort from the entries of a pilot.
 */
export function factorsFrom({ entries, departures, roots }: Pilot): readonly number[] {
  const factors: number[] = [];
  let from = entries;
  for (let level = 1; level <= levelsMost && from.length > 0; level++) {
    const next: RareWorld[] = [];
    let [ups, tries] = [0, 0];
    for (; tries < triesMost && ups < upsWanted; tries++) {
      const entry = from[tries % from.length];
      if (entry === undefined) break;
      const world = entry.fork(`factors/${String(level)}/${String(tries)}`);
      const isUp = goesUp(world, level);
      if (!isUp) continue;
      ups += 1;
      if (!world.hasHappened() && next.length < entriesMost) next.push(world);
    }
    // Half a case where none was seen: the level may still be reached.
    factors.push(Math.max(1, Math.round(tries / Math.max(0.5, ups))));
    from = next;
  }
  const expected = (departures / roots) * factors.reduce((sum, factor) => sum + factor, 0);
  const [first, ...others] = factors;
  if (first === undefined || expected <= forksWanted) return factors;
  // Fewer copies at the first entry, and so everywhere: more roots can be run instead.
  return [Math.max(1, Math.round((first * forksWanted) / expected)), ...others];
}

/** Whether a world gets above a level, or to the event, before it falls below it. */
function goesUp(world: RareWorld, level: number): boolean {
  while (world.nextAt !== undefined) {
    world.step();
    if (world.hasHappened() || world.level > level) return true;
    if (world.level < level) return false;
  }
  world.finish();
  return world.hasHappened();
}
