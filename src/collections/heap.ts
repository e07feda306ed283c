/** What the heap orders by: the earliest time first, and within one time the lowest number. */
export interface HeapEntry {
  readonly dueAt: number;
  readonly seq: number;
}

/**
 * A binary min-heap by (dueAt, seq); with unique `seq` the order of leaving is total.
 *
 * The times stand in an array of their own beside the entries: an array of numbers holds them as they are, where
 * a time inside an entry is one more object to look up for each comparison.
 */
export class Heap<Entry extends HeapEntry> {
  readonly #entries: Entry[];
  readonly #times: number[];

  constructor() {
    this.#entries = [];
    this.#times = [];
  }

  /** Builds a heap from entries in any order; the array is copied. O(n). */
  static from<Entry extends HeapEntry>(entries: readonly Entry[]): Heap<Entry> {
    const heap = new Heap<Entry>();
    for (const entry of entries) {
      heap.#entries.push(entry);
      heap.#times.push(entry.dueAt);
    }
    for (let at = (entries.length >> 1) - 1; at >= 0; at -= 1) {
      heap.#siftDown(at, heap.#entries[at] as Entry); // at < length
    }
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
    this.#times.pop();
    if (last !== undefined && entries.length > 0) this.#siftDown(0, last);
    return first;
  }

  /** Adds an entry. O(log n), O(1) for one that comes after the others. */
  push(entry: Entry): void {
    this.#entries.push(entry);
    this.#times.push(entry.dueAt);
    this.#siftUp(this.#entries.length - 1, entry);
  }

  /** Makes an independent heap of the same entries. O(n). */
  clone(): Heap<Entry> {
    const heap = new Heap<Entry>();
    for (const entry of this.#entries) heap.#entries.push(entry);
    for (const time of this.#times) heap.#times.push(time);
    return heap;
  }

  /** The entries in no promised order: a view, not a copy. O(1). */
  entries(): readonly Entry[] {
    return this.#entries;
  }

  /** Moves the gap at `at` up until `entry` fits into it. */
  #siftUp(at: number, entry: Entry): void {
    const entries = this.#entries;
    const times = this.#times;
    const { dueAt, seq } = entry;
    let gap = at;
    while (gap > 0) {
      const parent = (gap - 1) >> 1;
      const above = times[parent] as number; // parent < gap < length
      if (above < dueAt || (above === dueAt && (entries[parent] as Entry).seq < seq)) break;
      times[gap] = above;
      entries[gap] = entries[parent] as Entry;
      gap = parent;
    }
    times[gap] = dueAt;
    entries[gap] = entry;
  }

  /** Moves the gap at `at` down until `entry` fits into it. */
  #siftDown(at: number, entry: Entry): void {
    const entries = this.#entries;
    const times = this.#times;
    const length = entries.length;
    const { dueAt, seq } = entry;
    let gap = at;
    for (let child = 2 * gap + 1; child < length; child = 2 * gap + 1) {
      let below = times[child] as number; // child < length
      if (child + 1 < length) {
        const other = times[child + 1] as number; // child + 1 < length
        if (other < below || (other === below && isBefore(entries, child + 1, child))) {
          child += 1;
          below = other;
        }
      }
      if (dueAt < below || (dueAt === below && seq < (entries[child] as Entry).seq)) break;
      times[gap] = below;
      entries[gap] = entries[child] as Entry;
      gap = child;
    }
    times[gap] = dueAt;
    entries[gap] = entry;
  }
}

/** Of two entries due at the same time, the one with the lower number comes first. */
function isBefore(entries: readonly HeapEntry[], left: number, right: number): boolean {
  return (entries[left] as HeapEntry).seq < (entries[right] as HeapEntry).seq; // both < length
}
