/**
 * An entry of the heap. The earliest `dueAt` is removed first, ties by the lowest `seq`. `item` identifies the
 * entry by a
 * number that only the owner of the heap interprets.
 */
export interface HeapEntry {
  readonly dueAt: number;
  readonly seq: number;
  readonly item: number;
}

/**
 * A binary min-heap by (dueAt, seq); with unique `seq` the order of leaving is total.
 *
 * Entries are stored as parallel arrays of numbers: a comparison dereferences no object, and moving entries
 * triggers no write barrier of the garbage collector.
 */
export class Heap {
  #times: number[] = [];
  #seqs: number[] = [];
  #items: number[] = [];
  /** Whether another heap shares the arrays. They are copied before the next change. */
  #isShared = false;
  /**
   * Whether the first entry was removed and its slot is still empty. A `pop` is usually followed by a `push`, which
   * fills the slot, so that the heap is reordered once instead of twice.
   */
  #isOpen = false;

  /** Builds a heap from entries in any order. O(n). */
  static from(entries: readonly HeapEntry[]): Heap {
    const heap = new Heap();
    for (const entry of entries) heap.#append(entry);
    for (let at = (entries.length >> 1) - 1; at >= 0; at -= 1) {
      heap.#siftDown(at, heap.#entryAt(at));
    }
    return heap;
  }

  /** Number of entries. O(1). */
  get size(): number {
    return this.#times.length - (this.#isOpen ? 1 : 0);
  }

  /** Returns the first entry without removing it. O(1), O(log n) after a `pop`. */
  peek(): HeapEntry | undefined {
    if (this.#isOpen) this.#close();
    if (this.#times.length === 0) return undefined;
    return this.#entryAt(0);
  }

  /** Returns when the first entry is due; undefined if the heap is empty. O(1), O(log n) after a `pop`. */
  get firstDueAt(): number | undefined {
    if (this.#isOpen) this.#close();
    return this.#times.length === 0 ? undefined : this.#times[0];
  }

  /** Returns the sequence number of the first entry; undefined if the heap is empty. */
  get firstSeq(): number | undefined {
    if (this.#isOpen) this.#close();
    return this.#seqs.length === 0 ? undefined : this.#seqs[0];
  }

  /**
   * Removes and returns the first entry, or returns undefined if the heap is empty. O(1), O(log n) after another
   * `pop`.
   */
  pop(): void {
    if (this.#isOpen) this.#close();
    if (this.#times.length === 0) return;
    if (this.#isShared) this.#own();
    this.#isOpen = true;
  }

  /** Adds an entry. O(log n), O(1) if it is due after all others. */
  push(entry: HeapEntry): void {
    if (this.#isOpen) {
      this.#isOpen = false;
      this.#siftDown(0, entry);
      return;
    }
    if (this.#isShared) this.#own();
    this.#append(entry);
    this.#siftUp(this.#times.length - 1, entry);
  }

  /**
   * Returns an independent heap with the same entries. O(1): the arrays are copied on the first change of either
   * heap.
   */
  fork(): Heap {
    if (this.#isOpen) this.#close();
    const heap = new Heap();
    heap.#times = this.#times;
    heap.#seqs = this.#seqs;
    heap.#items = this.#items;
    heap.#isShared = this.#isShared = true;
    return heap;
  }

  /** Returns the entries in unspecified order. O(n). */
  entries(): readonly HeapEntry[] {
    if (this.#isOpen) this.#close();
    return this.#times.map((_, at) => this.#entryAt(at));
  }

  #own(): void {
    this.#times = [...this.#times];
    this.#seqs = [...this.#seqs];
    this.#items = [...this.#items];
    this.#isShared = false;
  }

  /** Moves the last entry into the empty slot. */
  #close(): void {
    this.#isOpen = false;
    const last = this.#times.length - 1;
    const entry = this.#entryAt(last);
    this.#times.pop();
    this.#seqs.pop();
    this.#items.pop();
    if (last > 0) this.#siftDown(0, entry);
  }

  /** Returns the entry at an index below the length of the arrays. */
  #entryAt(at: number): HeapEntry {
    return {
      dueAt: this.#times[at] as number,
      seq: this.#seqs[at] as number,
      item: this.#items[at] as number,
    };
  }

  #append({ dueAt, seq, item }: HeapEntry): void {
    this.#times.push(dueAt);
    this.#seqs.push(seq);
    this.#items.push(item);
  }

  /** Moves the gap at `at` up until the entry fits into it. */
  #siftUp(at: number, { dueAt, seq, item }: HeapEntry): void {
    const times = this.#times;
    const seqs = this.#seqs;
    const items = this.#items;
    let gap = at;
    while (gap > 0) {
      const parent = (gap - 1) >> 1;
      const above = times[parent] as number; // parent < gap < length
      if (above < dueAt || (above === dueAt && (seqs[parent] as number) < seq)) break;
      times[gap] = above;
      seqs[gap] = seqs[parent] as number;
      items[gap] = items[parent] as number;
      gap = parent;
    }
    times[gap] = dueAt;
    seqs[gap] = seq;
    items[gap] = item;
  }

  /** Moves the gap at `at` down until the entry fits into it. */
  #siftDown(at: number, { dueAt, seq, item }: HeapEntry): void {
    const times = this.#times;
    const seqs = this.#seqs;
    const items = this.#items;
    const { length } = times;
    let gap = at;
    for (let child = 2 * gap + 1; child < length; child = 2 * gap + 1) {
      let below = times[child] as number; // child < length
      if (child + 1 < length) {
        const other = times[child + 1] as number; // child + 1 < length
        const isBefore = (seqs[child + 1] as number) < (seqs[child] as number); // both < length
        if (other < below || (other === below && isBefore)) {
          child += 1;
          below = other;
        }
      }
      if (dueAt < below || (dueAt === below && seq < (seqs[child] as number))) break;
      times[gap] = below;
      seqs[gap] = seqs[child] as number;
      items[gap] = items[child] as number;
      gap = child;
    }
    times[gap] = dueAt;
    seqs[gap] = seq;
    items[gap] = item;
  }
}
