import { InvalidInputError, ReplicationSimulator, RuleViolationError } from "replication-simulator";
import { describe, expect, test } from "vitest";
import { small } from "../rules/fixtures.js";

/** What one entry point takes, every other one must take, too. */
const longest = "a".repeat(1024);
const texts: readonly (readonly [string, string])[] = [
  ["too long", `${longest}a`],
  ["half of a character", "x\ud800"],
  ["empty", ""],
];

describe("a string is the same at every entry point", () => {
  test.each(texts)(
    "an account id that is %s is refused by the options as by account()",
    (_, id) => {
      expect(() => new ReplicationSimulator({ accountId: id })).toThrow(InvalidInputError);
      expect(() => new ReplicationSimulator().account(id)).toThrow(InvalidInputError);
    },
  );

  test.each(texts)("a region that is %s is refused", (_, region) => {
    expect(() => new ReplicationSimulator({ region })).toThrow(InvalidInputError);
  });

  test("the longest account id can be used everywhere: as an account, in a snapshot, in a replay", () => {
    const sim = new ReplicationSimulator({ accountId: longest });
    const { id } = sim.createInstance(small);
    expect(sim.account(longest).getInstance(id).id).toBe(id);
    for (const again of [
      ReplicationSimulator.restore(sim.snapshot()),
      ReplicationSimulator.replay(sim.journal()),
    ]) {
      expect(again.getInstance(id).id).toBe(id);
    }
  });

  test.each(texts)("an id that is %s is refused by fresh-id before anything is made", (_, id) => {
    const sim = new ReplicationSimulator({ createId: (kind) => (kind === "instance" ? id : kind) });
    const before = sim.fingerprint();
    expect(() => sim.createInstance(small)).toThrow(RuleViolationError);
    expect(sim.fingerprint()).toBe(before);
  });

  test("an instance with the longest id can be commanded, and its world restored", () => {
    const createId = (kind: string, ordinal: number): string =>
      kind === "instance"
        ? `${longest.slice(0, 1023)}${String(ordinal)}`
        : `${kind}${String(ordinal)}`;
    const sim = new ReplicationSimulator({ createId });
    const { id } = sim.createInstance(small);
    expect(id).toHaveLength(1024);
    sim.settle();
    expect(sim.renameInstance(id, "b").name).toBe("b");
    expect(ReplicationSimulator.restore(sim.snapshot()).getInstance(id).name).toBe("b");
  });
});
