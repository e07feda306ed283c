import { expect, test } from "vitest";
import { Heap, type HeapEntry } from "../../src/collections/heap.js";

function drained(heap: Heap): HeapEntry[] {
  const entries: HeapEntry[] = [];
  for (let entry = heap.peek(); entry !== undefined; entry = heap.peek()) {
    entries.push(entry);
    heap.pop();
  }
  return entries;
}

function due(dueAt: number): HeapEntry {
  return { dueAt, seq: dueAt, item: 100 + dueAt };
}

test("an empty heap has nothing to give", () => {
  const heap = new Heap();
  heap.pop();
  expect([heap.size, heap.peek(), heap.entries()]).toEqual([0, undefined, []]);
});

test("entries leave by time, and within one time by number", () => {
  const heap = new Heap();
  for (const [dueAt, seq] of [
    [5, 1],
    [3, 9],
    [5, 0],
    [3, 2],
    [1, 7],
  ] as const) {
    heap.push({ dueAt, seq, item: 10 * dueAt + seq });
  }
  expect(heap.peek()).toEqual({ dueAt: 1, seq: 7, item: 17 });
  expect(heap.size).toBe(5);
  expect(drained(heap).map(({ dueAt, seq, item }) => [dueAt, seq, item])).toEqual([
    [1, 7, 17],
    [3, 2, 32],
    [3, 9, 39],
    [5, 0, 50],
    [5, 1, 51],
  ]);
});

test("a fork and its original go separate ways", () => {
  const heap = Heap.from([3, 1, 2].map(due));
  const fork = heap.fork();
  fork.push(due(0));
  heap.pop();
  expect(drained(heap)).toEqual([2, 3].map(due));
  expect(drained(fork)).toEqual([0, 1, 2, 3].map(due));
});

test("a heap made from an array leaves the array alone", () => {
  const entries = [3, 1, 2].map(due);
  const heap = Heap.from(entries);
  heap.pop();
  expect(entries).toEqual([3, 1, 2].map(due));
  expect(heap.entries()).toHaveLength(2);
});
