/** Up to this many rows are searched linearly, which is faster than a map and needs no setup. */
const fewMax = 8;

/** The unpublished changes of a transaction to the rows of a table, by ordinal; null for a removed row. */
export interface Touched<Row> {
  /** Number of changed rows. O(1). */
  readonly size: number;
  /** Whether this is the only changed table among those that share its note. O(1). */
  readonly isAlone: boolean;
  /** Returns the current row in the transaction: null if removed, undefined if unchanged. O(1). */
  at(ordinal: number): Row | null | undefined;
  /** Returns a writable copy that replaces the row from now on. O(fields). */
  copied(ordinal: number, row: Row): Row;
  /** Sets a row, or null to remove it. O(1). */
  set(ordinal: number, row: Row | null): void;
  /** Returns the ordinal of the nth changed row, from 0. O(1). */
  ordinalAt(place: number): number;
  /** Returns the nth changed row, from 0; null if removed. O(1). */
  rowAt(place: number): Row | null;
  /** Discards all changes. O(1). */
  clear(): void;
}

/** The set of tables that a transaction has changed, one bit per table. */
export interface TouchNote {
  bits: number;
}

/** Cleared and reused by the next transaction, so that changing one row allocates only that row. */
export class TouchedRows<Row extends object> implements Touched<Row> {
  readonly #copyRow: (row: Row) => Row;
  readonly #note: TouchNote;
  readonly #bit: number;
  #ordinals: number[] = [];
  #rows: (Row | null)[] = [];
  /** Number of changed rows. The arrays can be longer, with leftovers of earlier transactions. */
  #size = 0;
  #places: Map<number, number> | undefined;

  /** @param noted - the set of changed tables, and the bit of this table */
  constructor(
    copyRow: (row: Row) => Row,
    { note, bit }: { readonly note: TouchNote; readonly bit: number },
  ) {
    this.#copyRow = copyRow;
    this.#note = note;
    this.#bit = bit;
  }

  get size(): number {
    return this.#size;
  }

  get isAlone(): boolean {
    return this.#note.bits === this.#bit;
  }

  at(ordinal: number): Row | null | undefined {
    const place = this.#placeOf(ordinal);
    return place < 0 ? undefined : this.#rows[place];
  }

  copied(ordinal: number, row: Row): Row {
    const copy = this.#copyRow(row);
    this.set(ordinal, copy);
    return copy;
  }

  set(ordinal: number, row: Row | null): void {
    const known = this.#placeOf(ordinal);
    if (known >= 0) {
      this.#rows[known] = row;
      return;
    }
    const place = this.#size++;
    this.#note.bits |= this.#bit;
    this.#ordinals[place] = ordinal;
    this.#rows[place] = row;
    if (this.#size <= fewMax) return;
    if (this.#places === undefined) {
      this.#places = new Map();
      for (let at = 0; at < place; at++) this.#places.set(this.#ordinals[at] as number, at);
    }
    this.#places.set(ordinal, place);
  }

  ordinalAt(place: number): number {
    return this.#ordinals[place] as number; // below the size
  }

  rowAt(place: number): Row | null {
    return this.#rows[place] as Row | null; // below the size
  }

  clear(): void {
    if (this.#size > fewMax) {
      this.#ordinals = [];
      this.#rows = [];
      this.#places = undefined;
    }
    this.#size = 0;
  }

  #placeOf(ordinal: number): number {
    if (this.#places !== undefined) return this.#places.get(ordinal) ?? -1;
    for (let place = this.#size - 1; place >= 0; place--) {
      if (this.#ordinals[place] === ordinal) return place;
    }
    return -1;
  }
}
