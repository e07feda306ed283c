import { describe, expect, test } from "vitest";
import { WideHash } from "../../src/collections/wideHash.js";
import { KeyedRandom } from "../../src/kernel/keyedRandom.js";

/** Keys with equal first digits, and so with equal places in the cache. */
const keys = Array.from({ length: 40 }, (_, at) =>
  new WideHash()
    .number(at)
    .digits()
    .replace(/^.../, `00${String(at % 4)}`),
);

const asked = keys.flatMap((key) =>
  (["duration", "lag", "victim"] as const).flatMap((purpose) =>
    [0, 1, 2].map((sequence) => ({ purpose, key, sequence })),
  ),
);

describe("keyed draws", () => {
  test("do not depend on what was drawn before", () => {
    const one = new KeyedRandom(42);
    const other = new KeyedRandom(42);
    const inOrder = asked.map((key) => one.draw(key));
    const backwards = asked.toReversed().map((key) => other.draw(key));
    const alone = asked.map((key) => new KeyedRandom(42).draw(key));
    expect(inOrder).toEqual(alone);
    expect(backwards.toReversed()).toEqual(alone);
    expect(asked.map((key) => one.draw(key))).toEqual(alone);
  });

  test("are the hash of seed, purpose, key and sequence, and differ where one of them does", () => {
    const chance = new KeyedRandom(42);
    const [{ key }] = asked as [(typeof asked)[number]];
    const hash = new WideHash().word(0).number(42).word(2).key(key).word(7);
    expect(chance.draw({ purpose: "duration", key, sequence: 7 })).toBe(hash.draw());
    expect(new Set(asked.map((one) => chance.draw(one))).size).toBe(asked.length);
  });
});
