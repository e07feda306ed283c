import type { RareHit, RareWorld, RootOutcome } from "./rareWorld.js";

/** Options of split paths. */
export interface RestartOptions {
  /** Names the root: its copies draw by it. */
  readonly seed: string;
  /**
   * Number of paths from each entry into a level, the incoming one included, from level 1 on. A level beyond the last
   * is not split.
   */
  readonly factors: readonly number[];
  /** Called with each path that has come to the event. */
  readonly onHit?: (hit: RareHit) => void;
}

/** Copies of one root at most: factors that make more of them are far too large for their levels. */
export const restartForksMax = 100_000;

/** Factors whose copies would not end. */
export class RestartOverflow extends Error {
  override readonly name = "RestartOverflow";
}

interface OpenPath {
  readonly world: RareWorld;
  /** The level at whose entry it was made: it ends when it falls below. */
  readonly born: number;
  level: number;
  /** Virtual time at which it last left health. */
  departedAt: number;
}

/**
 * Estimates the probability of an event by RESTART: at each entry into a level the path is forked, with draws of its own
 * for each copy, and copies end when they fall below the level that they were made at. Each path counts by 1 over the
 * product of the factors of its level. It needs no density of any law.
 *
 * @throws RestartOverflow where the factors make more than 100,000 copies
 */
export function restartRoot(path: RareWorld, options: RestartOptions): RootOutcome {
  const { factors, seed } = options;
  const counts = { departures: 0, hits: 0, direct: 0, steps: 0, forks: 0 };
  let value = 0;
  const weightOf = (level: number): number =>
    factors.slice(0, level).reduce((weight, factor) => weight / factor, 1);
  const open: OpenPath[] = [];
  const enter = (from: OpenPath, level: number): void => {
    for (let entered = from.level + 1; entered <= level; entered++) {
      const factor = factors[entered - 1] ?? 1;
      // All that came so far are split again: a jump over several levels enters each of them.
      const copies = copiesAt(factors, from.level, entered - 1);
      for (let copy = 0; copy < copies * (factor - 1); copy++) {
        counts.forks += 1;
        if (counts.forks > restartForksMax) {
          throw new RestartOverflow(`more than ${String(restartForksMax)} copies of one root`);
        }
        const world = from.world.fork(`${seed}/${String(counts.forks)}`);
        open.push({ world, born: entered, level, departedAt: from.departedAt });
      }
    }
    from.level = level;
  };
  const root: OpenPath = { world: path, born: 0, level: 0, departedAt: path.now };
  if (path.level > 0) {
    counts.departures += 1;
    enter(root, path.level);
  }
  open.push(root);
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const { world, born } = next;
    for (;;) {
      const { nextAt } = world;
      if (nextAt === undefined) world.finish();
      else {
        world.step();
        counts.steps += 1;
      }
      if (world.hasHappened()) {
        // The weight of the level before: copies that this entry would make have the event as well.
        const weight = weightOf(next.level);
        value += weight;
        counts.hits += 1;
        const { departedAt } = next;
        options.onHit?.({ world, weight, departedAt: next.level === 0 ? world.now : departedAt });
        if (next === root && next.level === 0 && world.level === 0) counts.direct = 1;
        break;
      }
      if (nextAt === undefined) break;
      const { level } = world;
      if (level < born) break;
      if (level > next.level) {
        if (next.level === 0) {
          counts.departures += 1;
          next.departedAt = world.now;
        }
        enter(next, level);
      } else next.level = level;
    }
    if (next !== root) world.release?.();
  }
  return { ...counts, value };
}

/** Returns the number of paths after the entries into the levels above `from`, up to `to`. */
function copiesAt(factors: readonly number[], from: number, to: number): number {
  return factors.slice(from, to).reduce((copies, factor) => copies * factor, 1);
}
