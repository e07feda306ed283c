import { describe, expect, test } from "vitest";
import { causesOfEntry, eventsOnlyIn, firstDivergence } from "../../src/kernel/causalTree.js";
import type { JournalEntry } from "../../src/kernel/journal.js";

/** An entry that differs from others by its time. */
function entry(
  seq: number,
  { at = seq, cause = null, also }: { at?: number; cause?: number | null; also?: number[] } = {},
): JournalEntry {
  const trigger = { kind: "tick", scheduleId: "schedule-0" } as const;
  const contributing = also === undefined ? {} : { contributingCauses: also };
  return { seq, at, trigger, cause, ...contributing, facts: [] };
}

describe("the first divergence of two journals", () => {
  const both = [entry(0), entry(1)];

  test.each([
    ["that are empty", [], []],
    ["that are one", both, both],
    ["that have equal entries", both, [entry(0), entry(1)]],
  ])("is null for two %s", (_, left, right) => {
    expect(firstDivergence(left, right)).toBeNull();
  });

  test("is the first entry that differs, with its number", () => {
    const [left, right] = [entry(1, { at: 5 }), entry(1, { at: 6 })];
    expect(firstDivergence([entry(0), left, entry(2)], [entry(0), right, entry(2)])).toEqual({
      seq: 1,
      left,
      right,
    });
  });

  test("is where one journal goes on after the other has ended", () => {
    const next = entry(2);
    expect(firstDivergence([...both, next], both)).toEqual({ seq: 2, left: next, right: null });
    expect(firstDivergence(both, [...both, next])).toEqual({ seq: 2, left: null, right: next });
  });
});

describe("the events of only one journal", () => {
  test("are not those that the other one has under other numbers", () => {
    const left = [entry(0, { at: 10 }), entry(1, { at: 20, cause: 0 })];
    const right = [entry(4, { at: 20, cause: 3 }), entry(5, { at: 10 })];
    expect(eventsOnlyIn(left, right)).toEqual({ left: [], right: [] });
  });

  test("include an event as often as one journal has it more often", () => {
    const times = (count: number): JournalEntry[] =>
      Array.from({ length: count }, (_, seq) => entry(seq, { at: 10 }));
    const counts = ([left, right]: readonly [number, number]): readonly [number, number] => {
      const only = eventsOnlyIn(times(left), times(right));
      return [only.left.length, only.right.length];
    };
    expect(counts([3, 1])).toEqual([2, 0]);
    expect(counts([3, 2])).toEqual([1, 0]);
    expect(counts([2, 3])).toEqual([0, 1]);
    expect(counts([3, 3])).toEqual([0, 0]);
  });

  test("stand below the first of their causes that is among them", () => {
    const left = [
      entry(1),
      entry(2, { cause: 1 }),
      entry(3, { cause: 0, also: [2, 1] }),
      entry(4, { cause: 0 }),
      entry(5, { also: [7] }),
    ];
    const shape = (nodes: ReturnType<typeof eventsOnlyIn>["left"]): unknown =>
      nodes.map(({ seq, then }) => [seq, shape(then)]);
    expect(shape(eventsOnlyIn(left, []).left)).toEqual([
      [1, [[2, [[3, []]]]]],
      [4, []],
      [5, []],
    ]);
  });
});

test("the causes of an entry are its cause, then those that contributed", () => {
  expect(causesOfEntry(entry(9))).toEqual([]);
  expect(causesOfEntry(entry(9, { cause: 3 }))).toEqual([3]);
  expect(causesOfEntry(entry(9, { cause: 3, also: [1, 2] }))).toEqual([3, 1, 2]);
  expect(causesOfEntry(entry(9, { also: [1, 2] }))).toEqual([1, 2]);
});
