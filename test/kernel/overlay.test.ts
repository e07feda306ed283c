import { describe, expect, test } from "vitest";
import { ordinalOf, putId } from "../../src/collections/idIndex.js";
import { appendRow, dropRow, rowAt, type Table, writableRow } from "../../src/collections/table.js";
import { TopologyOverlay } from "../../src/kernel/overlay.js";
import { everyKind, tableNames, topIndexNames } from "./everyKind.js";

/* One overlay serves all transactions of a world and of its forks: nothing of one may reach the next. */

describe.each(tableNames)("the next transaction over the %s", (name) => {
  test.each([
    [
      "a changed row",
      (table: Table<object>) => Object.assign(writableRow(table, 0) ?? {}, { id: "x" }),
    ],
    ["an added row", (table: Table<object>) => appendRow(table, { id: "x" })],
    ["a removed row", (table: Table<object>) => dropRow(table, 0)],
  ])("sees nothing of %s that was not published", (_, write) => {
    const base = everyKind();
    const overlay = new TopologyOverlay(base);
    overlay.begin(base);
    const table: Table<object> = overlay.topology[name];
    write(table);
    overlay.begin(base);
    const { depth, size, count, root } = base[name];
    expect(table).toMatchObject({ depth, size, count });
    expect(table.root).toBe(root);
    expect(table.touched?.size).toBe(0);
    expect(rowAt(table, 0)).toBe(rowAt<object>(base[name], 0));
    expect(rowAt(table, size)).toBeUndefined();
  });

  test("reads the topology that it begins with, whether or not the last one wrote there", () => {
    const [first, second] = [everyKind(), everyKind()];
    const overlay = new TopologyOverlay(first);
    for (const base of [second, first, second]) {
      overlay.begin(base);
      expect(rowAt<object>(overlay.topology[name], 1)).toBe(rowAt<object>(base[name], 1));
    }
    writableRow<object>(overlay.topology[name], 1);
    overlay.begin(first);
    expect(rowAt<object>(overlay.topology[name], 1)).toBe(rowAt<object>(first[name], 1));
  });
});

describe.each(topIndexNames)("the next transaction over the %s", (name) => {
  test("sees nothing of an id that was not published", () => {
    const base = everyKind();
    const overlay = new TopologyOverlay(base);
    overlay.begin(base);
    const index = overlay.topology[name];
    putId(index, "x", 1);
    expect(index.count).toBe(base[name].count + 1);
    overlay.begin(base);
    expect(ordinalOf(index, "x")).toBeUndefined();
    expect(index.count).toBe(base[name].count);
  });

  test("reads the topology that it begins with", () => {
    const [first, second] = [everyKind(), everyKind()];
    putId(second[name], "x", 1);
    const overlay = new TopologyOverlay(first);
    overlay.begin(second);
    expect(ordinalOf(overlay.topology[name], "x")).toBe(1);
    expect(overlay.topology[name].count).toBe(second[name].count);
    overlay.begin(first);
    expect(ordinalOf(overlay.topology[name], "x")).toBeUndefined();
  });
});

test("the next transaction reads the counts and the watched faults that it begins with", () => {
  const base = everyKind();
  const overlay = new TopologyOverlay(base);
  overlay.topology.streams = 0;
  overlay.topology.watchedFaults = [];
  overlay.begin(base);
  expect(overlay.topology).toMatchObject({
    streams: base.streams,
    watchedFaults: base.watchedFaults,
  });
  expect(base.streams).toBeGreaterThan(0);
  expect(base.watchedFaults).not.toEqual([]);
});
