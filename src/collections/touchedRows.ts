/** Up to so many rows are searched one after the other: quicker than a map, and nothing to fill. */
const fewMax = 8;

/** What a transaction has made of the rows of a table, by ordinal, before it is published: null for one that is gone. */
export interface Touched<Row> {
  /** How many rows were touched. O(1). */
  readonly size: number;
  /** The row as the transaction has it now: null when it is gone, undefined when it was not touched. O(1). */
  at(ordinal: number): Row | null | undefined;
  /** A copy to write into, which takes the place of a row from now on. O(fields). */
  copied(ordinal: number, row: Row): Row;
  /** Puts a row, or null for none, in the place of what was there. O(1). */
  set(ordinal: number, row: Row | null): void;
  /** The ordinal that was touched as the nth, from 0. O(1). */
  ordinalAt(place: number): number;
  /** The row of the ordinal that was touched as the nth, from 0. O(1). */
  rowAt(place: number): Row | null;
  /** Forgets everything. O(1). */
  clear(): void;
}

/** Which tables of several a transaction has touched, a bit for each. */
export interface TouchNote {
  bits: number;
}

/** Emptied and used again by the next transaction: one that touches one row makes one row, and nothing else. */
export class TouchedRows<Row extends object> implements Touched<Row> {
  readonly #copyRow: (row: Row) => Row;
  readonly #note: TouchNote;
  readonly #bit: number;
  #ordinals: number[] = [];
  #rows: (Row | null)[] = [];
  /** Rows touched: the arrays may be longer, with what earlier transactions left in them. */
  #size = 0;
  #places: Map<number, number> | undefined;

  /** @param noted - where it is noted that rows were touched, and as which bit */
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
