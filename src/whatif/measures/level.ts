/** The exact integral of a step function over virtual time, from a moment on. */
export class Level {
  readonly #begin: number;
  #value: number;
  #since: number;
  #sum = 0;

  /** Creates a level with a value from virtual time `begin` on. */
  constructor(value: number, begin: number) {
    this.#begin = begin;
    this.#value = value;
    this.#since = begin;
  }

  /** Sets the value from a moment on. */
  set(value: number, at: number): void {
    if (value === this.#value) return;
    this.#sum = this.total(at);
    this.#since = Math.max(at, this.#begin);
    this.#value = value;
  }

  /** The integral until a moment: value times ms. */
  total(now: number): number {
    return this.#sum + this.#value * Math.max(0, now - this.#since);
  }
}

/** The periods in which a condition holds, from a moment on: one that is open counts until the end. */
export class Periods {
  readonly closed: number[] = [];
  readonly #begin: number;
  /** Virtual time at which the condition began to hold; undefined while it does not. */
  since: number | undefined;

  /** Creates the periods of a condition from virtual time `begin` on. */
  constructor(holds: boolean, begin: number) {
    this.#begin = begin;
    this.since = holds ? begin : undefined;
  }

  /** Sets whether it holds from a moment on; returns the length of the period that this ends. */
  set(holds: boolean, at: number): number | undefined {
    if (holds === (this.since !== undefined)) return undefined;
    if (holds) {
      this.since = at;
      return undefined;
    }
    const length = at - Math.max(this.#begin, this.since ?? at);
    this.since = undefined;
    if (at <= this.#begin) return undefined;
    this.closed.push(length);
    return length;
  }

  /** The length of the period that is open; undefined where none is. */
  open(now: number): number | undefined {
    if (this.since === undefined || now <= this.#begin) return undefined;
    return now - Math.max(this.#begin, this.since);
  }

  /** Every length, that of the open one included. */
  all(now: number): readonly number[] {
    const open = this.open(now);
    return open === undefined ? this.closed : [...this.closed, open];
  }
}
