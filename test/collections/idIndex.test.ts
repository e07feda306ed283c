import { freeze, produce } from "immer";
import { describe, expect, test } from "vitest";
import {
  dropId,
  emptyIdIndex,
  type IdIndex,
  ordinalOf,
  putId,
  scanIds,
} from "../../src/collections/idIndex.js";
import { arraysIn, isPlain, issuesOf, versionAfter } from "./substrates.js";

/** Ids in an order that has nothing to do with their own: a full cycle through 0 … count - 1. */
function shuffled(count: number): string[] {
  return Array.from({ length: count }, (_, at) => ((at * 7919) % count).toString(36));
}

function ascending(count: number): string[] {
  return Array.from({ length: count }, (_, at) => `id-${String(at).padStart(7, "0")}`);
}

function indexOf(ids: readonly string[]): IdIndex {
  const index = emptyIdIndex();
  for (const [ordinal, id] of ids.entries()) putId(index, id, ordinal);
  return index;
}

function idsOf(index: IdIndex, after?: string, limit = Infinity): string[] {
  const ids: string[] = [];
  scanIds(index, after, (_, id) => ids.push(id) < limit);
  return ids;
}

const byCodeUnit = (left: string, right: string): number =>
  left < right ? -1 : Number(left > right);

describe.each([
  ["ascending", ascending],
  ["descending", (count: number) => ascending(count).reverse()],
  ["shuffled", shuffled],
])("ids put in %s order", (_, idsIn) => {
  test.each([0, 1, 31, 32, 33, 64, 65, 1024, 1025, 32_768])("are found and listed: %i", (count) => {
    const ids = idsIn(count);
    const index = indexOf(ids);
    expect(index.count).toBe(count);
    expect(ids.every((id, ordinal) => ordinalOf(index, id) === ordinal)).toBe(true);
    expect(idsOf(index)).toEqual([...ids].sort(byCodeUnit));
    expect(isPlain(index)).toBe(true);
    expect(issuesOf(index.root)).toEqual([]);
  });

  test.each([1, 32, 300, 1100])("may leave in rows of %i and come back", (width) => {
    const index = indexOf(idsIn(5000));
    const all = idsOf(index);
    for (let from = 0; from < all.length; from += 512) {
      const leaving = all.slice(from, from + width);
      const ordinals = leaving.map((id) => ordinalOf(index, id) as number); // all of them are present
      for (const id of leaving) dropId(index, id);
      expect(issuesOf(index.root)).toEqual([]);
      expect(leaving.map((id) => ordinalOf(index, id))).toEqual(leaving.map(() => undefined));
      for (const [at, id] of leaving.entries()) putId(index, id, ordinals[at] as number); // as many
      expect(issuesOf(index.root)).toEqual([]);
    }
    expect(idsIn(5000).every((id, ordinal) => ordinalOf(index, id) === ordinal)).toBe(true);
    expect(idsOf(index)).toEqual(all);
  });

  test("stand in few nodes, and leave none behind", () => {
    const ids = idsIn(100_000);
    const index = indexOf(ids);
    expect(arraysIn(index)).toBeLessThan(100_000 / 12);
    for (const id of ids.slice(100)) dropId(index, id);
    expect(arraysIn(index)).toBeLessThan(30);
    expect(idsOf(index)).toEqual(ids.slice(0, 100).sort(byCodeUnit));
    for (const id of ids.slice(0, 100)) dropId(index, id);
    expect(index).toEqual(emptyIdIndex());
  });

  test("leave no node behind when every hundredth stays", () => {
    const ids = idsIn(100_000);
    const index = indexOf(ids);
    for (const [at, id] of ids.entries()) if (at % 100 > 0) dropId(index, id);
    expect(index.count).toBe(1000);
    expect(arraysIn(index)).toBeLessThan(1000 / 4);
    expect(idsOf(index)).toEqual(ids.filter((__, at) => at % 100 === 0).sort(byCodeUnit));
  });
});

test("a branch that lost its first child takes the bound above it into a merge", () => {
  const ids = ascending(5000);
  const index = indexOf(ids);
  const drop = (from: number, to: number): void => {
    for (const id of ids.slice(from, to)) dropId(index, id);
  };
  drop(1024, 1056); // the first leaf of the second branch …
  for (let at = 1024; at < 1056; at += 1) putId(index, ids[at] as string, at); // … comes back
  drop(300, 1024);
  drop(1100, 2048); // and both branches become one
  expect(issuesOf(index.root)).toEqual([]);
  for (let at = 1024; at < 1100; at += 1) expect(ordinalOf(index, ids[at] as string)).toBe(at);
});

test("ascending ids fill their nodes", () => {
  expect(arraysIn(indexOf(ascending(32_768)))).toBeLessThan((32_768 / 32) * 1.1);
});

describe("a scan starts after its marker", () => {
  const index = indexOf(["b", "d", "f", ...shuffled(2000).map((id) => `x${id}`)]);

  test.each([
    [undefined, ["b", "d", "f"]],
    ["", ["b", "d", "f"]],
    ["a", ["b", "d", "f"]],
    ["b", ["d", "f"]],
    ["c", ["d", "f"]],
    ["d\0", ["f"]],
    ["e", ["f"]],
  ])("%j", (after, expected) => {
    expect(idsOf(index, after, expected.length)).toEqual(expected);
  });

  test("and finds nothing after the last id, or among no ids", () => {
    expect(idsOf(index, "y")).toEqual([]);
    expect(idsOf(index, "xzzzz")).toEqual([]);
    expect(idsOf(emptyIdIndex(), undefined)).toEqual([]);
    expect(idsOf(emptyIdIndex(), "a")).toEqual([]);
  });

  test("page by page, through every id", () => {
    const all = idsOf(index);
    const paged: string[] = [];
    for (let page = idsOf(index, undefined, 20); page.length > 0; ) {
      paged.push(...page);
      page = idsOf(index, page.at(-1), 20);
    }
    expect(paged).toEqual(all);
  });

  test("and goes on when a visit returns nothing", () => {
    const ordinals: number[] = [];
    scanIds(indexOf(["a", "b", "c"]), undefined, (ordinal) => void ordinals.push(ordinal));
    expect(ordinals).toEqual([0, 1, 2]);
  });
});

test("any string is an id", () => {
  const ids = ["", "__proto__", "constructor", "length", "0", "\0", "\ud800", "\udfff", "💾", "ÿ"];
  const index = indexOf(ids);
  expect(JSON.parse(JSON.stringify(index))).toEqual(index);
  expect(ids.map((id) => ordinalOf(index, id))).toEqual([...ids.keys()]);
  expect(idsOf(index)).toEqual([...ids].sort(byCodeUnit));
  expect(ordinalOf(index, "toString")).toBeUndefined();
  for (const id of ids) dropId(index, id);
  expect(index).toEqual(emptyIdIndex());
});

test.each([1, 32, 5000])("a refused change of %i ids changes nothing", (count) => {
  const ids = shuffled(count);
  const index = indexOf(ids);
  const before = structuredClone(index);
  const again = ids[count >> 1] as string; // count > 0
  expect(() => {
    putId(index, again, 1);
  }).toThrow(RangeError);
  expect(() => {
    dropId(index, `${again}?`);
  }).toThrow(RangeError);
  expect(index).toEqual(before);
});

describe("a version of an index", () => {
  const ids = shuffled(5000);
  const change = (index: IdIndex): void => {
    putId(index, "new", 5000);
    putId(index, "newer", 5001);
    for (const id of ids.slice(0, 100)) dropId(index, id);
  };
  const changed = indexOf(ids);
  change(changed);

  test.each([
    ["a new head over shared nodes", versionAfter<IdIndex>],
    ["an immer draft", produce as typeof versionAfter<IdIndex>],
  ])("is written as %s, and the one before keeps its own", (_, written) => {
    const before = indexOf(ids);
    const after = written(before, change);
    expect(after).toEqual(changed);
    expect(before).toEqual(indexOf(ids));
  });

  test("has the nodes of one path for itself when an id is put", () => {
    const before = indexOf(ids);
    const after = versionAfter(before, (next) => {
      putId(next, "new", 5000);
    });
    const old = new Set(nodesOf(before.root));
    expect(nodesOf(after.root).filter((node) => !old.has(node)).length).toBeLessThanOrEqual(4);
  });

  function nodesOf(node: unknown): unknown[] {
    return Array.isArray(node) ? [node, ...node.flatMap(nodesOf)] : [];
  }
});

test("a frozen part of an index that is changed in place is copied first", () => {
  const shared = freeze(indexOf(shuffled(5000)), true);
  const thawed: IdIndex = { count: shared.count, root: [...shared.root] };
  putId(thawed, "new", 5000);
  dropId(thawed, "0");
  expect(ordinalOf(thawed, "new")).toBe(5000);
  expect(shared).toEqual(indexOf(shuffled(5000)));
});
