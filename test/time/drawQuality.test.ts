import { describe, expect, test } from "vitest";
import { WideHash } from "../../src/collections/wideHash.js";
import { KeyedRandom, type Seed } from "../../src/kernel/keyedRandom.js";
import { birthOf } from "../../src/kernel/lineage.js";

/*
 * Draws are independent of one another along each part of what they are drawn for. All inputs are fixed, so a limit of six
 * standard deviations either holds always or never.
 */

const keyOf = (number: number): string => new WideHash().number(number).digits();

/** Flips one bit of a key of 32 hexadecimal digits. */
const flipped = (key: string, bit: number): string => {
  const digit = bit >> 2;
  const value = Number.parseInt(key.charAt(digit), 16) ^ (1 << (bit & 3));
  return key.slice(0, digit) + value.toString(16) + key.slice(digit + 1);
};

const origin = keyOf(0);
const chance = new KeyedRandom(42);
const duration = (key: string, sequence: number, random = chance): number =>
  random.draw({ purpose: "duration", key, sequence });

const many = 1 << 15;
const numbers = Array.from({ length: many }, (_, at) => at);

/** Draws along one part, all else equal. */
const alongOne: Readonly<Record<string, () => readonly number[]>> = {
  "the sequence": () => numbers.map((at) => duration(origin, at)),
  "keys of equal parents": () =>
    numbers.map((at) => duration(birthOf(origin, "member", at).key, 0)),
  "keys that differ in their last digits": () =>
    numbers.map((at) => duration(origin.slice(0, 24) + at.toString(16).padStart(8, "0"), 0)),
  "keys that differ in their first digits": () =>
    numbers.map((at) => duration(at.toString(16).padStart(8, "0") + origin.slice(8), 0)),
  "integer seeds": () => numbers.map((at) => duration(origin, 0, new KeyedRandom(at))),
  "integer seeds above 32 bits": () =>
    numbers.map((at) => duration(origin, 0, new KeyedRandom(at * 0x1_0000_0000))),
  "string seeds": () =>
    numbers.map((at) => duration(origin, 0, new KeyedRandom(`root/${String(at)}`))),
  "times of a redraw": () =>
    numbers.map((at) => chance.redraw({ purpose: "duration", key: origin, sequence: 0 }, at)),
  "strikes, in the rank of one candidate": () =>
    numbers.map((at) => chance.rank({ purpose: "victim", key: origin, sequence: at }, keyOf(1))),
  "candidates, in their ranks of one strike": () =>
    numbers.map((at) => chance.rank({ purpose: "victim", key: origin, sequence: 0 }, keyOf(at))),
  "sequence and key together": () => numbers.map((at) => duration(keyOf(at & 127), at >> 7)),
};

/** How far a count of squares is from what chance gives, in standard deviations. */
const excess = (counts: readonly number[]): number => {
  const total = counts.reduce((sum, count) => sum + count, 0);
  const expected = total / counts.length;
  const squares = counts.reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0);
  const freedom = counts.length - 1;
  return (squares - freedom) / Math.sqrt(2 * freedom);
};

const tally = (values: readonly number[], cells: number): readonly number[] => {
  const counts = Array.from({ length: cells }, () => 0);
  for (const value of values) counts[value] = (counts[value] ?? 0) + 1;
  return counts;
};

/** The correlation of draws with those `lag` places later, times the root of their number. */
const correlation = (draws: readonly number[], others: readonly number[]): number => {
  const centred = (draw = 0): number => draw / 0x1_0000_0000 - 0.5;
  const sum = draws.reduce((total, draw, at) => total + centred(draw) * centred(others[at]), 0);
  return (12 * sum) / Math.sqrt(draws.length);
};

describe.each(Object.entries(alongOne))("draws along %s", (_part, drawsOf) => {
  const draws = drawsOf();

  test.each([0, 8, 16, 24])("spread evenly in the eight bits from bit %i", (shift) => {
    const counts = tally(
      draws.map((draw) => (draw >>> shift) & 255),
      256,
    );
    expect(Math.abs(excess(counts))).toBeLessThan(6);
  });

  test.each([0, 14, 28])("and each with the next one, in the four bits from bit %i", (shift) => {
    const bits = draws.map((draw) => (draw >>> shift) & 15);
    const pairs = bits.slice(1).map((bit, at) => (bits[at] ?? 0) * 16 + bit);
    expect(Math.abs(excess(tally(pairs, 256)))).toBeLessThan(6);
  });

  test("are not correlated with those that follow", () => {
    for (const lag of [1, 2, 3, 4, 7, 8, 16, 128]) {
      const others = draws.slice(lag);
      expect(Math.abs(correlation(draws.slice(0, others.length), others))).toBeLessThan(6);
    }
  });
});

test("two keys, two purposes and two numbers of one key are independent over seeds", () => {
  const seeds = numbers.map((seed) => new KeyedRandom(seed));
  const requested = [
    (random: KeyedRandom) => duration(origin, 0, random),
    (random: KeyedRandom) => duration(origin, 1, random),
    (random: KeyedRandom) => duration(flipped(origin, 0), 0, random),
    (random: KeyedRandom) => duration(flipped(origin, 127), 0, random),
    (random: KeyedRandom) => duration(keyOf(1), 0, random),
    (random: KeyedRandom) => random.draw({ purpose: "copy", key: origin, sequence: 0 }),
    (random: KeyedRandom) => random.draw({ purpose: "timeToRepair", key: origin, sequence: 0 }),
    (random: KeyedRandom) => random.redraw({ purpose: "duration", key: origin, sequence: 0 }, 0),
    (random: KeyedRandom) => random.rank({ purpose: "victim", key: origin, sequence: 0 }, origin),
  ].map((send) => seeds.map(send));
  for (const [at, draws] of requested.entries()) {
    for (const others of requested.slice(at + 1)) {
      expect(Math.abs(correlation(draws, others))).toBeLessThan(6);
      const cells = draws.map((draw, seed) => (draw >>> 28) * 16 + ((others[seed] ?? 0) >>> 28));
      expect(Math.abs(excess(tally(cells, 256)))).toBeLessThan(6);
    }
  }
});

describe("one bit of the input changes each bit of a draw in half of the cases", () => {
  const cases = 1024;
  const halves = (change: (at: number) => number): number => {
    const counts = Array.from({ length: 32 }, () => 0);
    for (let at = 0; at < cases; at++) {
      const changed = change(at);
      for (let bit = 0; bit < 32; bit++) counts[bit] = (counts[bit] ?? 0) + ((changed >>> bit) & 1);
    }
    // The bit that is furthest from half, in standard deviations.
    return Math.max(...counts.map((count) => Math.abs(count - cases / 2))) / Math.sqrt(cases / 4);
  };
  const bits = (length: number): readonly number[] => Array.from({ length }, (_, bit) => bit);
  const seedPairs = (change: (seed: number) => Seed) => (at: number) =>
    duration(origin, 3, new KeyedRandom(at * 977)) ^
    duration(origin, 3, new KeyedRandom(change(at * 977)));

  test.each(bits(128))("bit %i of a key", (bit) => {
    const change = (at: number): number =>
      duration(keyOf(at), 3) ^ duration(flipped(keyOf(at), bit), 3);
    expect(halves(change)).toBeLessThan(6);
  });

  test.each(bits(32))("bit %i of a sequence number", (bit) => {
    const change = (at: number): number =>
      duration(keyOf(at), 3) ^ duration(keyOf(at), (3 ^ (1 << bit)) >>> 0);
    expect(halves(change)).toBeLessThan(6);
  });

  test.each(bits(52))("bit %i of an integer seed", (bit) => {
    expect(halves(seedPairs((seed) => Number(BigInt(seed) ^ (1n << BigInt(bit)))))).toBeLessThan(6);
  });

  test("an integer seed as a string", () => {
    expect(halves(seedPairs(String))).toBeLessThan(6);
  });

  test.each(["lag", "timeToFailure", "victim", "placement"] as const)(
    "the purpose %s",
    (purpose) => {
      const change = (at: number): number =>
        duration(keyOf(at), 3) ^ chance.draw({ purpose, key: keyOf(at), sequence: 3 });
      expect(halves(change)).toBeLessThan(6);
    },
  );
});

test("a row draws no value twice for one purpose", () => {
  const draws = new Set(numbers.map((at) => duration(origin, at)));
  expect(draws.size).toBe(many);
});

test("strikes choose each of three candidates equally often, whatever the strike before chose", () => {
  const candidates = [keyOf(1), keyOf(2), keyOf(3)];
  const chosen = numbers.map((sequence) => {
    const ranks = candidates.map((key) =>
      chance.rank({ purpose: "victim", key: origin, sequence }, key),
    );
    return ranks.indexOf(Math.max(...ranks));
  });
  const pairs = chosen.slice(1).map((one, at) => (chosen[at] ?? 0) * 3 + one);
  expect(Math.abs(excess(tally(pairs, 9)))).toBeLessThan(6);
});
