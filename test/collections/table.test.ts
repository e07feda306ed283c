import { freeze } from "immer";
import { describe, expect, test } from "vitest";
import {
  appendRow,
  dropRow,
  emptyTable,
  rowAt,
  rowsOf,
  type Table,
  tableFrom,
  writableRow,
} from "../../src/collections/table.js";
import { arraysIn, isPlain, versionAfter } from "./substrates.js";

interface Row {
  n: number;
}

function tableOf(size: number): Table<Row> {
  const table = emptyTable<Row>();
  for (let n = 0; n < size; n += 1) appendRow(table, { n });
  return table;
}

describe("a table grows by one level when it is full", () => {
  test.each([
    [0, 1],
    [1, 1],
    [31, 1],
    [32, 1],
    [33, 2],
    [1023, 2],
    [1024, 2],
    [1025, 3],
    [32_767, 3],
    [32_768, 3],
    [32_769, 4],
  ])("%i rows stand in %i levels, and each is found", (size, depth) => {
    const table = tableOf(size);
    expect(table).toMatchObject({ size, count: size, depth });
    expect(isPlain(table)).toBe(true);
    for (const n of [0, 31, 32, 33, 1023, 1024, 1025, 32_767, 32_768, size - 1]) {
      expect(rowAt(table, n)).toEqual(n >= 0 && n < size ? { n } : undefined);
    }
    expect([...rowsOf(table)].map((row) => row.n)).toEqual([...Array(size).keys()]);
  });

  test.each([32, 1024, 32_768])("row %i opens a level in an immutable table too", (size) => {
    const before = freeze(tableOf(size), true);
    const after = versionAfter(before, (next) => {
      expect(appendRow(next, { n: size })).toBe(size);
    });
    expect(after).toEqual(tableOf(size + 1));
    expect(before).toEqual(tableOf(size));
  });
});

describe("an absent row", () => {
  test.each([-1, 0.5, 3, 40, Number.NaN, Infinity, 2 ** 32, 2 ** 53])("%d is not found", (at) => {
    expect(rowAt(tableOf(3), at)).toBeUndefined();
    expect(rowAt(emptyTable<Row>(), at)).toBeUndefined();
  });

  test("cannot be dropped, and the try changes nothing", () => {
    const table = tableOf(40);
    dropRow(table, 35);
    const before = structuredClone(table);
    for (const at of [-1, 0.5, 35, 40, 41, Number.NaN]) {
      expect(() => {
        dropRow(table, at);
      }).toThrow(RangeError);
    }
    expect(table).toEqual(before);
  });
});

describe("memory follows the rows present", () => {
  test("100,000 rows appended and dropped leave one empty node", () => {
    const table = tableOf(100_000);
    for (let n = 0; n < 100_000; n += 1) dropRow(table, n);
    expect(table).toEqual({ depth: 4, size: 100_000, count: 0, root: [] });
    expect(appendRow(table, { n: 7 })).toBe(100_000);
    expect(rowAt(table, 100_000)).toEqual({ n: 7 });
  });

  test("a queue of 100 rows stays small however long it runs", () => {
    const table = tableOf(100);
    let most = 0;
    for (let n = 100; n < 100_000; n += 1) {
      appendRow(table, { n });
      dropRow(table, n - 100);
      if (n % 997 === 0) most = Math.max(most, arraysIn(table));
    }
    expect(most).toBeLessThan(12);
    expect([...rowsOf(table)].map((row) => row.n)).toEqual(
      Array.from({ length: 100 }, (_, at) => 99_900 + at),
    );
  });

  test("an empty table that is full by its ordinals opens the next level without an empty node", () => {
    const table = tableOf(32);
    for (let n = 0; n < 32; n += 1) dropRow(table, n);
    appendRow(table, { n: 32 });
    expect(table).toEqual({ depth: 2, size: 33, count: 1, root: [null, [{ n: 32 }]] });
  });
});

describe("a table from rows", () => {
  test.each([0, 1, 32, 33, 1024, 1025, 5000])(
    "of %i ordinals is deeply equal to the table it describes",
    (size) => {
      const table = tableOf(size);
      for (let n = 0; n < size; n += 1) if (n % 3 === 0 || n > size - 9) dropRow(table, n);
      const rows = [...rowsOf(table)].map((row) => [row.n, row] as const);
      expect(tableFrom(rows, size)).toEqual(table);
    },
  );

  test("holds ordinals beyond 32 bits", () => {
    const ordinals = [3, 2 ** 31, 2 ** 32 - 1, 2 ** 32, 2 ** 32 + 32, 2 ** 40 + 5];
    const table = tableFrom(
      ordinals.map((n) => [n, { n }] as const),
      2 ** 40 + 6,
    );
    for (const n of ordinals) expect(rowAt(table, n)).toEqual({ n });
    expect(rowAt(table, 5)).toBeUndefined();
    expect(rowAt(table, 2 ** 32 + 3)).toBeUndefined();
    expect(arraysIn(table)).toBeLessThan(ordinals.length * table.depth);
    expect(appendRow(table, { n: 2 ** 40 + 6 })).toBe(2 ** 40 + 6);
    for (const n of ordinals) dropRow(table, n);
    expect([...rowsOf(table)]).toEqual([{ n: 2 ** 40 + 6 }]);
  });

  test.each([
    ["twice", [2, 2]],
    ["descending", [2, 1]],
    ["negative", [-1]],
    ["fractional", [0.5]],
    ["of the size", [3]],
    ["no number", [Number.NaN]],
  ])("refuses an ordinal that is %s", (_, ordinals) => {
    const rows = ordinals.map((n) => [n, { n }] as const);
    expect(() => tableFrom(rows, 3)).toThrow(RangeError);
  });

  test.each([-1, 0.5, Number.NaN, Infinity])("refuses the size %d", (size) => {
    expect(() => tableFrom<Row>([], size)).toThrow(RangeError);
  });
});

describe("a version of a table", () => {
  const before = tableOf(40_000);

  test("has rows to write into, and the version before keeps its own", () => {
    const after = versionAfter(before, (next) => {
      const row = writableRow(next, 33_333);
      if (row) row.n = -1;
      // Rows are values: who read this one keeps it, whatever is written later.
      const again = writableRow(next, 33_333);
      expect(again).toEqual({ n: -1 });
      expect(again).not.toBe(row);
    });
    expect(rowAt(after, 33_333)).toEqual({ n: -1 });
    expect(rowAt(before, 33_333)).toEqual({ n: 33_333 });
    expect(rowAt(after, 33_332)).toBe(rowAt(before, 33_332));
  });

  test.each([
    ["a row is written", (next: Table<Row>) => writableRow(next, 33_333)],
    ["a row is appended", (next: Table<Row>) => appendRow(next, { n: 40_000 })],
    ["a row is dropped", (next: Table<Row>) => dropRow(next, 33_333)],
  ])("has the nodes of one path for itself when %s", (_, write) => {
    const after = versionAfter(before, write);
    const old = new Set(nodesOf(before.root, before.depth));
    expect(nodesOf(after.root, after.depth).filter((node) => !old.has(node))).toHaveLength(4);
    expect(before).toEqual(tableOf(40_000));
  });

  test("has no row where the one before has none", () => {
    expect(
      versionAfter(before, (next) => {
        for (const at of [-1, 0.5, 40_000]) expect(writableRow(next, at)).toBeUndefined();
      }),
    ).toEqual(before);
  });

  function nodesOf(node: unknown, depth: number): unknown[] {
    return depth === 0 || !Array.isArray(node)
      ? []
      : [node, ...node.flatMap((child: unknown) => nodesOf(child, depth - 1))];
  }
});
