import { finish, hex, mix, mixText } from "../collections/murmur3.js";

/** What a draw is for: the first part of its key. The numbers are part of the promise "same seed, same bytes". */
export const purposes = {
  id: 1,
  duration: 2,
  scheduleTime: 3,
  lag: 4,
  timeout: 5,
  fault: 6,
} as const;

/** Whose draw it is: the second part of its key. */
export const subjects = {
  instance: 1,
  group: 2,
  schedule: 3,
  backup: 4,
  configuration: 5,
  failover: 6,
  fault: 7,
} as const satisfies Readonly<Record<IdKind | "fault", number>>;

/** Kinds of things that get an id by chance; a fault's is counted. */
export type IdKind = "instance" | "group" | "schedule" | "backup" | "configuration" | "failover";

/** The whole key of a draw. Equal keys give equal draws; nothing else has an influence. */
export interface DrawKey {
  readonly purpose: keyof typeof purposes;
  readonly subject: keyof typeof subjects;
  /** Place of the row in the order of creation of its account. */
  readonly whose: number;
  /** How many draws of this purpose the row had before. */
  readonly sequence: number;
}

/** A seed: a whole number or any text. */
export type Seed = number | string;

/**
 * Keyed draws: each is a hash of the seed and its key, so there is no generator state to store, and one more
 * draw somewhere shifts no other. Two worlds that differ in one thing share all other luck.
 */
export class KeyedRandom {
  readonly #seed: number;

  /** @param accountId - whose luck it is, where it is not that of the world's own account */
  constructor(seed: Seed, accountId?: string) {
    const own =
      typeof seed === "number"
        ? mix(mix(0, seed | 0), Math.floor(seed / 0x1_0000_0000) | 0)
        : mixText(1, seed);
    this.#seed = accountId === undefined ? own : mixText(own, accountId);
  }

  /** A draw of 32 bits. */
  draw(key: DrawKey): number {
    return finish(this.#keyed(key));
  }

  /** A whole number from `from` to `to`, both included. */
  between(key: DrawKey, { from, to }: { readonly from: number; readonly to: number }): number {
    return from + Math.floor((this.draw(key) / 0x1_0000_0000) * (to - from + 1));
  }

  /** An id in the form of a random UUID, keyed by kind and place in the order of creation of its account. */
  id(subject: IdKind, { whose, sequence }: Pick<DrawKey, "whose" | "sequence">): string {
    const hash = this.#keyed({ purpose: "id", subject, whose, sequence });
    const a = hex(finish(mix(hash, 1)));
    const b = hex((finish(mix(hash, 2)) & 0xffff0fff) | 0x4000);
    const c = hex((finish(mix(hash, 3)) & 0x3fffffff) | 0x80000000);
    const d = hex(finish(mix(hash, 4)));
    return `${a}-${b.slice(0, 4)}-${b.slice(4)}-${c.slice(0, 4)}-${c.slice(4)}${d}`;
  }

  #keyed({ purpose, subject, whose, sequence }: DrawKey): number {
    return mix(mix(mix(mix(this.#seed, purposes[purpose]), subjects[subject]), whose), sequence);
  }
}

/** The luck of every account of a world: each its own, so that none has an influence on another. */
export class AccountRandoms {
  readonly #seed: Seed;
  readonly #ownAccountId: string;
  readonly #own: KeyedRandom;
  readonly #others = new Map<string, KeyedRandom>();

  constructor({ seed, ownAccountId }: { readonly seed: Seed; readonly ownAccountId: string }) {
    this.#seed = seed;
    this.#ownAccountId = ownAccountId;
    this.#own = new KeyedRandom(seed);
  }

  /** The luck of an account. */
  of(accountId: string): KeyedRandom {
    if (accountId === this.#ownAccountId) return this.#own;
    let chance = this.#others.get(accountId);
    if (chance === undefined) {
      chance = new KeyedRandom(this.#seed, accountId);
      this.#others.set(accountId, chance);
    }
    return chance;
  }
}
