import { WideHash } from "../collections/wideHash.js";
import { drawOf, laneOf, rankPurpose, redrawOf, wordOfKey } from "./drawHash.js";

/** Purpose of a draw: the first part of its key. The numbers are part of the promise "same seed, same bytes". */
export const purposes = {
  id: 1,
  duration: 2,
  scheduleTime: 3,
  lag: 4,
  timeout: 5,
  timeToFailure: 6,
  timeToRepair: 7,
  victim: 8,
  copy: 9,
  placement: 10,
} as const;

/** Kinds of resources that get an id. */
export type IdKind =
  | "instance"
  | "group"
  | "schedule"
  | "backup"
  | "configuration"
  | "failover"
  | "fault";

/** The complete key of a draw. Equal keys give equal draws, and nothing else affects them. */
export interface DrawKey {
  readonly purpose: keyof typeof purposes;
  /** Lineage key of the row that the draw is for. */
  readonly key: string;
  /** How many draws of this purpose the row had before. */
  readonly sequence: number;
}

/** A seed: an integer or a string. */
export type Seed = number | string;

/** Hashes a seed: 64 bits of an integer count, and all of a string. */
export function hashOfSeed(seed: Seed): WideHash {
  return typeof seed === "number"
    ? new WideHash().word(0).number(seed)
    : new WideHash().word(1).text(seed);
}

/** The lanes of a key, cached since the same row draws many times. */
interface KnownKey {
  readonly key: string;
  readonly lane: number;
  readonly otherLane: number;
}

/**
 * Sizes of the cache, powers of two; three digits of a key select its place. It begins small, since most worlds have few
 * rows and many are forked for a short time. It grows after so many misses.
 */
const fewPlaces = 32;
const manyPlaces = 1024;
const missesMax = 64;

/**
 * Keyed draws: each is a hash of the seed, the lineage key of the row, and the number of draws that the row had before.
 * There is no generator state to store, and an additional draw or row does not affect other draws.
 */
export class KeyedRandom {
  readonly #seeded: WideHash;
  readonly #seed: readonly [number, number, number, number];
  /** A direct-mapped cache: it affects the time of a draw, never its value. */
  #known: (KnownKey | undefined)[] = noKeys.slice();
  #places = fewPlaces;
  #misses = 0;

  /** @param seed - 64 bits of an integer count, and all of a string */
  constructor(seed: Seed) {
    this.#seeded = hashOfSeed(seed);
    this.#seed = this.#seeded.words();
  }

  /** Returns a draw of 32 bits. */
  draw({ purpose, key, sequence }: DrawKey): number {
    const { lane, otherLane } = this.#lanesOf(key);
    return drawOf(lane, otherLane, purposes[purpose], sequence) >>> 0;
  }

  /**
   * Returns a draw that replaces an earlier one at a given time. Its key differs from those of all draws of another
   * seed or time, so that it is independent of them.
   */
  redraw({ purpose, key, sequence }: DrawKey, at: number): number {
    const { lane, otherLane } = this.#lanesOf(key);
    return redrawOf(lane, otherLane, { number: purposes[purpose], sequence, at }) >>> 0;
  }

  /** Returns the rank of a candidate in one of many draws. No other candidate affects it. */
  rank(of: DrawKey, candidateKey: string): number {
    const drawn = this.draw(of);
    const { lane, otherLane } = this.#lanesOf(candidateKey);
    return drawOf(lane, otherLane, rankPurpose, drawn) >>> 0;
  }

  /** Returns an integer from `from` to `to`, both included. */
  between(key: DrawKey, { from, to }: { readonly from: number; readonly to: number }): number {
    return from + Math.floor((this.draw(key) / 0x1_0000_0000) * (to - from + 1));
  }

  /** Returns an id in the form of a random UUID. */
  id({ key, sequence }: Pick<DrawKey, "key" | "sequence">): string {
    return new WideHash(this.#seeded).word(purposes.id).key(key).word(sequence).uuid();
  }

  #lanesOf(key: string): KnownKey {
    const place = placeOf(key) & (this.#places - 1);
    const known = this.#known[place];
    if (known?.key === key) return known;
    return this.#addLanesOf(key);
  }

  #addLanesOf(key: string): KnownKey {
    if (++this.#misses === missesMax) {
      this.#places = manyPlaces;
      this.#known = Array.from({ length: manyPlaces }, () => undefined);
    }
    const [a, b, c, d] = this.#seed;
    const lane = laneOf(wordOfKey(key, 0), wordOfKey(key, 1), a, b);
    const otherLane = laneOf(wordOfKey(key, 2), wordOfKey(key, 3), c, d);
    return (this.#known[placeOf(key) & (this.#places - 1)] = { key, lane, otherLane });
  }
}

const noKeys: readonly undefined[] = Array.from({ length: fewPlaces }, () => undefined);

function placeOf(key: string): number {
  return bitsAt(key, 0) | (bitsAt(key, 1) << 4) | (bitsAt(key, 2) << 8);
}

/** Returns the four bits of a hexadecimal digit. */
function bitsAt(key: string, at: number): number {
  const code = key.charCodeAt(at);
  return (code + (code >> 6) * 9) & 15;
}
