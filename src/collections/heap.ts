/** What the heap orders by: the earliest time first, and within one time the lowest number. */
export interface HeapEntry {
  readonly dueAt: number;
  readonly seq: number;
}

/** A binary min-heap by (dueAt, seq); with unique `seq` the order of leaving is total. */
export class Heap<Entry extends HeapEntry> {
  #entries: Entry[] = [];

  /** Builds a heap from entries in any order; the array is copied. O(n). */
  static from<Entry extends HeapEntry>(entries: readonly Entry[]): Heap<Entry> {
    const heap = new Heap<Entry>();
    const copy = entries.slice();
    for (let at = (copy.length >> 1) - 1; at >= 0; at -= 1) {
      siftDown(copy, at, copy[at] as Entry); // at < length
    }
    heap.#entries = copy;
    return heap;
  }

  /** How many entries wait. O(1). */
  get size(): number {
    return this.#entries.length;
  }

  /** Looks at the first entry without taking it. O(1). */
  peek(): Entry | undefined {
    return this.#entries[0];
  }

  /** Takes the first entry out. O(log n). */
  pop(): Entry | undefined {
    const entries = this.#entries;
    const first = entries[0];
    const last = entries.pop();
    if (last !== undefined && entries.length > 0) siftDown(entries, 0, last);
    return first;
  }

  /** Adds an entry. O(log n), O(1) for one that comes after the others. */
  push(entry: Entry): void {
    const entries = this.#entries;
    entries.push(entry);
    siftUp(entries, entries.length - 1, entry);
  }

  /** Makes an independent heap of the same entries. O(n). */
  clone(): Heap<Entry> {
    const heap = new Heap<Entry>();
    heap.#entries = this.#entries.slice();
    return heap;
  }

  /** The entries in no promised order: a view, not a copy. O(1). */
  entries(): readonly Entry[] {
    return this.#entries;
  }
}

function isBefore(left: HeapEntry, right: HeapEntry): boolean {
  return left.dueAt < right.dueAt || (left.dueAt === right.dueAt && left.seq < right.seq);
}

/** Moves the gap at `at` up until `entry` fits into it. */
function siftUp<Entry extends HeapEntry>(entries: Entry[], at: number, entry: Entry): void {
  let gap = at;
  while (gap > 0) {
    const parent = (gap - 1) >> 1;
    const above = entries[parent] as Entry; // parent < gap < length
    if (!isBefore(entry, above)) break;
    entries[gap] = above;
    gap = parent;
  }
  entries[gap] = entry;
}

/** Moves the gap at `at` down until `entry` fits into it. */
function siftDown<Entry extends HeapEntry>(entries: Entry[], at: number, entry: Entry): void {
  const length = entries.length;
  let gap = at;
  for (;;) {
    let child = 2 * gap + 1;
    if (child >= length) break;
    let below = entries[child] as Entry; // child < length
    if (child + 1 < length) {
      const other = entries[child + 1] as Entry; // child + 1 < length
      if (isBefore(other, below)) {
        child += 1;
        below = other;
      }
    }
    if (!isBefore(below, entry)) break;
    entries[gap] = below;
    gap = child;
  }
  entries[gap] = entry;
}
