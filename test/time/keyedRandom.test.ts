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

const requested = keys.flatMap((key) =>
  (["duration", "lag", "victim"] as const).flatMap((purpose) =>
    [0, 1, 2].map((sequence) => ({ purpose, key, sequence })),
  ),
);

describe("keyed draws", () => {
  test("do not depend on what was drawn before", () => {
    const one = new KeyedRandom(42);
    const other = new KeyedRandom(42);
    const inOrder = requested.map((key) => one.draw(key));
    const backwards = requested.toReversed().map((key) => other.draw(key));
    const alone = requested.map((key) => new KeyedRandom(42).draw(key));
    expect(inOrder).toEqual(alone);
    expect(backwards.toReversed()).toEqual(alone);
    expect(requested.map((key) => one.draw(key))).toEqual(alone);
  });

  test("differ where purpose, key or sequence does", () => {
    const chance = new KeyedRandom(42);
    expect(new Set(requested.map((one) => chance.draw(one))).size).toBe(requested.length);
  });

  test("are the same bytes on every runtime and in every version", () => {
    const [first = "", second = ""] = keys;
    const pins = [42, -1, 2 ** 53 - 1, "42", ""].map((seed) => {
      const chance = new KeyedRandom(seed);
      return [
        chance.draw({ purpose: "duration", key: first, sequence: 7 }),
        chance.redraw({ purpose: "lag", key: first, sequence: 1 }, 1_767_225_600_000),
        chance.rank({ purpose: "victim", key: first, sequence: 3 }, second),
      ];
    });
    expect(pins).toEqual([
      [3767032343, 3158674973, 1522427846],
      [760019105, 2216698401, 288325741],
      [1703701726, 3359062925, 3354847151],
      [734020223, 3308315799, 1495845308],
      [2028578935, 945342619, 2724256893],
    ]);
  });
});
