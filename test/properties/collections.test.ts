import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { Heap, type HeapEntry } from "../../src/collections/heap.js";
import {
  dropId,
  emptyIdIndex,
  type IdIndex,
  ordinalOf,
  putId,
  scanIds,
  setId,
} from "../../src/collections/idIndex.js";
import {
  appendRow,
  dropRow,
  emptyTable,
  rowsOf,
  type Table,
  tableFrom,
  writableRow,
} from "../../src/collections/table.js";
import { isPlain, issuesOf, type Outcome, Substrates } from "../collections/substrates.js";

/*
 * A draft is batches of steps, made of data. They are applied to the structure on every substrate and to a
 * model, a Map. Each step must give the same to all of them; afterwards the states must agree.
 */

interface Row {
  readonly ordinal: number;
  note: number;
}

type TableStep =
  | { readonly do: "append"; readonly rows: number }
  | { readonly do: "drop"; readonly from: number; readonly rows: number }
  | { readonly do: "write"; readonly at: number; readonly note: number };

describe("a table behaves like a map of rows", () => {
  const place = fc.nat({ max: 2200 });
  const tableStep: fc.Arbitrary<TableStep> = fc.oneof(
    fc.record({ do: fc.constant("append" as const), rows: fc.constantFrom(1, 2, 31, 33, 1000) }),
    fc.record({
      do: fc.constant("drop" as const),
      from: place,
      rows: fc.constantFrom(1, 40, 1500),
    }),
    fc.record({ do: fc.constant("write" as const), at: place, note: fc.nat() }),
  );
  const tableDraft = fc.array(fc.array(tableStep, { maxLength: 4 }), { maxLength: 20 });

  /** One step; on several rows it goes on to the first refusal. */
  const onTable =
    (step: TableStep) =>
    (table: Table<Row>): unknown => {
      switch (step.do) {
        case "append": {
          let last = -1;
          for (let row = 0; row < step.rows; row += 1) {
            last = appendRow(table, { ordinal: table.size, note: 0 });
          }
          return last;
        }
        case "drop":
          for (let row = 0; row < step.rows; row += 1) dropRow(table, step.from + row);
          return undefined;
        case "write": {
          const row = writableRow(table, step.at);
          if (row) row.note = step.note;
          return row?.ordinal;
        }
      }
    };

  class TableModel {
    readonly rows = new Map<number, Row>();
    size = 0;

    report(step: TableStep): Outcome {
      switch (step.do) {
        case "append":
          for (let row = 0; row < step.rows; row += 1) {
            this.rows.set(this.size, { ordinal: this.size, note: 0 });
            this.size += 1;
          }
          return { value: this.size - 1 };
        case "drop":
          for (let row = 0; row < step.rows; row += 1) {
            if (!this.rows.delete(step.from + row)) return { thrown: "RangeError" };
          }
          return { value: undefined };
        case "write": {
          const row = this.rows.get(step.at);
          if (row) row.note = step.note;
          return { value: row?.ordinal };
        }
      }
    }
  }

  test("on every substrate", () => {
    fc.assert(
      fc.property(tableDraft, fc.boolean(), (plan, isFrozen) => {
        const substrates = new Substrates(isFrozen ? frozen(emptyTable<Row>()) : emptyTable<Row>());
        const model = new TableModel();
        for (const batch of plan) {
          const outcomes = substrates.run(batch.map(onTable));
          const expected = batch.map((step) => model.report(step));
          expect(outcomes).toEqual({ version: expected, draft: expected, inPlace: expected });
        }
        const { version, draft, inPlace } = substrates;
        const rows = [...model.rows.values()];
        expect(inPlace).toEqual(version);
        expect(draft).toEqual(version);
        expect([...rowsOf(version)]).toEqual(rows);
        expect(version).toMatchObject({ size: model.size, count: rows.length });
        expect(
          tableFrom(
            rows.map((row) => [row.ordinal, row] as const),
            model.size,
          ),
        ).toEqual(version);
        expect(JSON.parse(JSON.stringify(inPlace))).toEqual(inPlace);
        expect(isPlain(version) && isPlain(inPlace)).toBe(true);
        expect(substrates.spoiled()).toEqual([]);
      }),
    );
  });

  test("and the scenarios reach three levels, refusals, rewritten and pruned rows", () => {
    const reached = new Set<string>();
    for (const plan of fc.sample(tableDraft, { numRuns: 200, seed: 42 })) {
      const table = emptyTable<Row>();
      const model = new TableModel();
      for (const step of plan.flat()) {
        const outcome = model.report(step);
        if ("thrown" in outcome) reached.add(`${step.do} refused`);
        else if (step.do !== "write" || outcome.value !== undefined) reached.add(step.do);
        try {
          onTable(step)(table);
        } catch {
          // counted above
        }
        reached.add(`depth ${String(table.depth)}`);
        if (table.depth > 1 && table.root.includes(null)) reached.add("pruned");
      }
    }
    const all = [
      "append",
      "depth 1",
      "depth 2",
      "depth 3",
      "drop",
      "drop refused",
      "pruned",
      "write",
    ];
    expect([...reached].sort()).toEqual(expect.arrayContaining(all));
  });
});

type IndexStep =
  | { readonly do: "put" | "set"; readonly id: string }
  | { readonly do: "putMany" | "dropMany"; readonly from: number; readonly ids: number }
  | { readonly do: "drop" | "find" | "page"; readonly id: string };

describe("an index behaves like a map of ids", () => {
  const codeUnits = fc
    .array(fc.nat({ max: 0xffff }), { maxLength: 3 })
    .map((units) => String.fromCharCode(...units));
  const known = fc.constantFrom("", "__proto__", "a", "aa", "\ud800", "\udfff\ud800", "~", "0");
  const numbered = fc.nat({ max: 3000 }).map(spread);
  const id = fc.oneof(codeUnits, known, numbered);
  const indexStep: fc.Arbitrary<IndexStep> = fc.oneof(
    fc.record({ do: fc.constantFrom("put", "set", "drop", "find", "page"), id }),
    fc.record({
      do: fc.constantFrom("putMany", "dropMany"),
      from: fc.nat({ max: 2000 }),
      ids: fc.constantFrom(3, 40, 1200),
    }),
  );
  const indexDraft = fc.array(fc.array(indexStep, { maxLength: 5 }), { maxLength: 20 });

  /** Every third number stands beside its neighbours, the others far apart: both orders in one draft. */
  function spread(n: number): string {
    const far = Math.imul(n, 0x9e3779b1) >>> 0;
    return n % 3 === 0 ? `id-${String(n).padStart(6, "0")}` : far.toString(16).padStart(8, "0");
  }

  function page(index: IdIndex, after: string | undefined): [string, number][] {
    const ids: [string, number][] = [];
    scanIds(index, after, (ordinal, found) => ids.push([found, ordinal]) < 20);
    return ids;
  }

  const onIndex =
    (step: IndexStep, ordinal: number) =>
    (index: IdIndex): unknown => {
      switch (step.do) {
        case "put":
          putId(index, step.id, ordinal);
          return undefined;
        case "set":
          setId(index, step.id, ordinal);
          return undefined;
        case "drop":
          dropId(index, step.id);
          return undefined;
        case "find":
          return ordinalOf(index, step.id);
        case "page":
          return page(index, step.id);
        case "putMany":
          for (let n = 0; n < step.ids; n += 1) putId(index, spread(step.from + n), ordinal + n);
          return undefined;
        case "dropMany":
          for (let n = 0; n < step.ids; n += 1) dropId(index, spread(step.from + n));
          return undefined;
      }
    };

  class IndexModel {
    readonly ordinals = new Map<string, number>();

    report(step: IndexStep, ordinal: number): Outcome {
      switch (step.do) {
        case "put":
          return this.#put(step.id, ordinal);
        case "set":
          this.ordinals.set(step.id, ordinal);
          return { value: undefined };
        case "drop":
          return this.#drop(step.id);
        case "find":
          return { value: this.ordinals.get(step.id) };
        case "page":
          return {
            value: this.sorted()
              .filter(([key]) => key > step.id)
              .slice(0, 20),
          };
        case "putMany":
        case "dropMany":
          for (let n = 0; n < step.ids; n += 1) {
            const key = spread(step.from + n);
            const outcome = step.do === "putMany" ? this.#put(key, ordinal + n) : this.#drop(key);
            if ("thrown" in outcome) return outcome;
          }
          return { value: undefined };
      }
    }

    sorted(): [string, number][] {
      return [...this.ordinals].sort(([left], [right]) => (left < right ? -1 : 1));
    }

    #put(key: string, ordinal: number): Outcome {
      if (this.ordinals.has(key)) return { thrown: "RangeError" };
      this.ordinals.set(key, ordinal);
      return { value: undefined };
    }

    #drop(key: string): Outcome {
      return this.ordinals.delete(key) ? { value: undefined } : { thrown: "RangeError" };
    }
  }

  test("on every substrate", () => {
    fc.assert(
      fc.property(indexDraft, fc.boolean(), (plan, isFrozen) => {
        const substrates = new Substrates(isFrozen ? frozen(emptyIdIndex()) : emptyIdIndex());
        const model = new IndexModel();
        let ordinal = 0;
        for (const batch of plan) {
          const numbered = batch.map((step) => ({ step, ordinal: (ordinal += 10_000) }));
          const outcomes = substrates.run(numbered.map((each) => onIndex(each.step, each.ordinal)));
          const expected = numbered.map((each) => model.report(each.step, each.ordinal));
          expect(outcomes).toEqual({ version: expected, draft: expected, inPlace: expected });
          expect(issuesOf(substrates.inPlace.root)).toEqual([]);
        }
        const { version, draft, inPlace } = substrates;
        expect(inPlace).toEqual(version);
        expect(draft).toEqual(version);
        expect(version.count).toBe(model.ordinals.size);
        const all: [string, number][] = [];
        scanIds(version, undefined, (found, key) => void all.push([key, found]));
        expect(all).toEqual(model.sorted());
        expect(JSON.parse(JSON.stringify(inPlace))).toEqual(inPlace);
        expect(isPlain(version) && isPlain(inPlace)).toBe(true);
        expect(substrates.spoiled()).toEqual([]);
      }),
    );
  });

  test("and the scenarios reach every step, each refusal, and trees that grow and shrink", () => {
    const reached = new Set<string>();
    for (const plan of fc.sample(indexDraft, { numRuns: 200, seed: 42 })) {
      const index = emptyIdIndex();
      const model = new IndexModel();
      for (const [at, step] of plan.flat().entries()) {
        const depth = depthOf(index.root);
        const outcome = model.report(step, at * 10_000);
        reached.add("thrown" in outcome ? `${step.do} refused` : step.do);
        try {
          onIndex(step, at * 10_000)(index);
        } catch {
          // counted above
        }
        reached.add(`depth ${String(depthOf(index.root))}`);
        if (depthOf(index.root) < depth) reached.add("shrunk");
      }
    }
    expect([...reached].sort()).toEqual(
      expect.arrayContaining([
        "put",
        "set",
        "putMany",
        "drop",
        "dropMany",
        "find",
        "page",
        "shrunk",
        "put refused",
        "putMany refused",
        "drop refused",
        "dropMany refused",
        "depth 1",
        "depth 2",
        "depth 3",
      ]),
    );
  });

  function depthOf(node: unknown): number {
    return Array.isArray(node) && Array.isArray(node[1]) ? 1 + depthOf(node[1]) : 1;
  }
});

describe("a heap behaves like a sorted array", () => {
  const heapStep = fc.oneof(
    { weight: 3, arbitrary: fc.record({ dueAt: fc.oneof(fc.nat({ max: 9 }), fc.double()) }) },
    { weight: 2, arbitrary: fc.constant("pop" as const) },
    { weight: 1, arbitrary: fc.constantFrom("fork" as const, "from" as const, "peek" as const) },
  );

  const byItem = (a: HeapEntry, b: HeapEntry) => a.item - b.item;

  test("push, pop, peek and copies", () => {
    fc.assert(
      fc.property(fc.array(heapStep, { maxLength: 300 }), (steps) => {
        let heap = new Heap();
        let model: readonly HeapEntry[] = [];
        const left: { readonly heap: Heap; readonly model: readonly HeapEntry[] }[] = [];
        for (const [seq, step] of steps.entries()) {
          if (step === "fork") {
            left.push({ heap, model });
            heap = heap.fork();
          } else if (step === "from") heap = Heap.from([...heap.entries()].reverse());
          else if (step === "pop") {
            heap.pop();
            model = model.slice(1);
          } else if (step === "peek") expect(heap.peek()).toEqual(model[0]);
          else if (!Number.isNaN(step.dueAt)) {
            const entry = { dueAt: step.dueAt, seq: -seq, item: seq };
            heap.push(entry);
            model = [...model, entry].sort((a, b) =>
              a.dueAt === b.dueAt ? a.seq - b.seq : a.dueAt < b.dueAt ? -1 : 1,
            );
          }
          // No look at the first entry after each step: it would put the heap in order before the next one.
          expect(heap.size).toBe(model.length);
        }
        for (const { heap: one, model: its } of [...left, { heap, model }]) {
          expect([...one.entries()].sort(byItem)).toEqual([...its].sort(byItem));
          for (const entry of its) {
            expect(one.peek()).toEqual(entry);
            one.pop();
          }
          expect(one.peek()).toBeUndefined();
        }
      }),
    );
  });
});

function frozen<Value extends { root: unknown }>(value: Value): Value {
  Object.freeze(value.root);
  return Object.freeze(value);
}
