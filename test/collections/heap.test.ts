import { expect, test } from "vitest";
import { Heap, type HeapEntry } from "../../src/collections/heap.js";

function drained(heap: Heap<HeapEntry>): HeapEntry[] {
  const entries: HeapEntry[] = [];
  for (let entry = heap.pop(); entry !== undefined; entry = heap.pop()) entries.push(entry);
  return entries;
}

test("an empty heap has nothing to give", () => {
  const heap = new Heap<HeapEntry>();
  expect([heap.size, heap.peek(), heap.pop(), heap.entries()]).toEqual([
    0,
    undefined,
    undefined,
    [],
  ]);
});

test("entries leave by time, and within one time by number", () => {
  const heap = new Heap<HeapEntry>();
  for (const [dueAt, seq] of [
    [5, 1],
    [3, 9],
    [5, 0],
    [3, 2],
    [1, 7],
  ] as const) {
    heap.push({ dueAt, seq });
  }
  expect(heap.peek()).toEqual({ dueAt: 1, seq: 7 });
  expect(heap.size).toBe(5);
  expect(drained(heap).map(({ dueAt, seq }) => [dueAt, seq])).toEqual([
    [1, 7],
    [3, 2],
    [3, 9],
    [5, 0],
    [5, 1],
  ]);
});

test("an entry keeps its identity and its further fields", () => {
  const entry = { dueAt: 1, seq: 1, owner: "x" };
  const heap = Heap.from([entry]);
  expect(heap.peek()).toBe(entry);
  expect(heap.pop()?.owner).toBe("x");
});

test("a clone and its original go separate ways", () => {
  const heap = Heap.from([3, 1, 2].map((dueAt) => ({ dueAt, seq: dueAt })));
  const clone = heap.clone();
  clone.push({ dueAt: 0, seq: 0 });
  heap.pop();
  expect(drained(heap).map((entry) => entry.dueAt)).toEqual([2, 3]);
  expect(drained(clone).map((entry) => entry.dueAt)).toEqual([0, 1, 2, 3]);
});

test("a heap made from an array leaves the array alone", () => {
  const entries = [3, 1, 2].map((dueAt) => ({ dueAt, seq: dueAt }));
  const heap = Heap.from(entries);
  heap.pop();
  expect(entries.map((entry) => entry.dueAt)).toEqual([3, 1, 2]);
  expect(heap.entries()).toHaveLength(2);
});
