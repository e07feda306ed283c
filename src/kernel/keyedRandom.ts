import { WideHash } from "../collections/wideHash.js";

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

/** Redraws have purposes of their own: that of the draw and this. */
export const redrawPurposes = 1000;

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

/** The hash state after a purpose and a key, cached since the same row draws many times. */
interface HashedKey {
  readonly number: number;
  readonly key: string;
  readonly hash: WideHash;
}

/** Size of the cache, a power of two; three digits of a key select its place. */
const places = 1024;

/**
 * Keyed draws: each is a hash of the seed, the lineage key of the row, and the number of draws that the row had before.
 * There is no generator state to store, and an additional draw or row does not affect other draws.
 */
export class KeyedRandom {
  readonly #seeded: WideHash;
  /** A direct-mapped cache: it affects the time of a draw, never its value. */
  readonly #known: (HashedKey | undefined)[] = [];

  /** @param seed - 64 bits of an integer count, and all of a string */
  constructor(seed: Seed) {
    this.#seeded =
      typeof seed === "number"
        ? new WideHash().word(0).number(seed)
        : new WideHash().word(1).text(seed);
  }

  /** Returns a draw of 32 bits. */
  draw({ purpose, key, sequence }: DrawKey): number {
    const number = purposes[purpose];
    const place = placeOf(number, key);
    let known = this.#known[place];
    if (known?.key !== key || known.number !== number) {
      const hash = new WideHash(this.#seeded).word(number).key(key);
      known = this.#known[place] = { number, key, hash };
    }
    return known.hash.drawWith(sequence);
  }

  /**
   * Returns the hash after a purpose and a key: its `drawWith(sequence)` is the draw of a sequence number. For the many
   * draws of a new row, whose key is not cached.
   */
  drawsOf(purpose: DrawKey["purpose"], key: string): WideHash {
    return new WideHash(this.#seeded).word(purposes[purpose]).key(key);
  }

  /**
   * Returns a draw that replaces an earlier one at a given time. Its key differs from those of all draws of another
   * seed or time, so that it is independent of them.
   */
  redraw({ purpose, key, sequence }: DrawKey, at: number): number {
    return new WideHash(this.#seeded)
      .word(redrawPurposes + purposes[purpose])
      .key(key)
      .word(sequence)
      .number(at)
      .draw();
  }

  /** Returns the rank of a candidate in one of many draws. No other candidate affects it. */
  rank({ purpose, key, sequence }: DrawKey, candidateKey: string): number {
    return new WideHash(this.#seeded)
      .word(purposes[purpose])
      .key(key)
      .word(sequence)
      .key(candidateKey)
      .draw();
  }

  /** Returns an integer from `from` to `to`, both included. */
  between(key: DrawKey, { from, to }: { readonly from: number; readonly to: number }): number {
    return from + Math.floor((this.draw(key) / 0x1_0000_0000) * (to - from + 1));
  }

  /** Returns an id in the form of a random UUID. */
  id({ key, sequence }: Pick<DrawKey, "key" | "sequence">): string {
    return new WideHash(this.#seeded).word(purposes.id).key(key).word(sequence).uuid();
  }
}

function placeOf(number: number, key: string): number {
  const digits = bitsAt(key, 0) | (bitsAt(key, 1) << 4) | (bitsAt(key, 2) << 8);
  return (digits ^ number) & (places - 1);
}

/** Returns the four bits of a hexadecimal digit. */
function bitsAt(key: string, at: number): number {
  const code = key.charCodeAt(at);
  return (code + (code >> 6) * 9) & 15;
}
