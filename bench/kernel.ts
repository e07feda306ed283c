/**
 * The least that a discrete-event simulator can do for a transition: pop what is due first, draw a duration by key,
 * write the new state, push what is due next. No rules, no facts, no choice of lifecycle, one kind of entity:
 * the baseline that says how much of the machine's speed the simulator's own pipeline leaves over.
 */
export class Kernel {
  readonly #states: Uint8Array;
  readonly #drawn: Uint32Array;
  readonly #heap: { at: number; seq: number; row: number }[] = [];
  readonly #seed: number;
  #seq = 0;

  constructor({ rows, seed }: { readonly rows: number; readonly seed: number }) {
    this.#states = new Uint8Array(rows);
    this.#drawn = new Uint32Array(rows);
    this.#seed = seed;
    for (let row = 0; row < rows; row++) this.#push(0, row);
  }

  run(transitions: number): void {
    for (let i = 0; i < transitions; i++) {
      const { at, row } = this.#pop();
      this.#states[row] = this.#states[row] === 1 ? 2 : 1;
      this.#push(at, row);
    }
  }

  #push(now: number, row: number): void {
    const sequence = (this.#drawn[row] as number) + 1;
    this.#drawn[row] = sequence;
    const at = now + 1_500 + (drawn(this.#seed, row, sequence) % 3_000);
    const heap = this.#heap;
    const entry = { at, seq: this.#seq++, row };
    let gap = heap.length;
    heap.push(entry);
    while (gap > 0) {
      const above = heap[(gap - 1) >> 1] as typeof entry;
      if (!isBefore(entry, above)) break;
      heap[gap] = above;
      gap = (gap - 1) >> 1;
    }
    heap[gap] = entry;
  }

  #pop(): { readonly at: number; readonly row: number } {
    const heap = this.#heap;
    const first = heap[0];
    const last = heap.pop();
    if (first === undefined || last === undefined) throw new Error("nothing is due");
    let gap = 0;
    for (let child = 1; child < heap.length; child = 2 * gap + 1) {
      const right = heap[child + 1];
      if (right !== undefined && isBefore(right, heap[child] as typeof right)) child += 1;
      const below = heap[child] as typeof last;
      if (!isBefore(below, last)) break;
      heap[gap] = below;
      gap = child;
    }
    if (heap.length > 0) heap[gap] = last;
    return first;
  }
}

function isBefore(
  a: { readonly at: number; readonly seq: number },
  b: { readonly at: number; readonly seq: number },
): boolean {
  return a.at < b.at || (a.at === b.at && a.seq < b.seq);
}

function drawn(seed: number, row: number, sequence: number): number {
  let hash = Math.imul(seed ^ row, 0x9e3779b1) ^ Math.imul(sequence, 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 16), 0x7feb352d);
  hash = Math.imul(hash ^ (hash >>> 15), 0x846ca68b);
  return (hash ^ (hash >>> 16)) >>> 0;
}
