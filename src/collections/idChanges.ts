/** Up to this many ids are searched linearly, which is faster and smaller than a map. */
const fewMax = 8;

/** The changes of a transaction to an id index: the ordinal of an added id, null for a removed one. */
export class IdChanges {
  #ids: string[] = [];
  #ordinals: (number | null)[] = [];
  #wasPresent: boolean[] = [];
  /** Number of changes. The arrays can be longer: an assignment of the length is a call into the runtime of V8. */
  #size = 0;
  #places: Map<string, number> | undefined;

  /** Number of ids added or removed. O(1). */
  get size(): number {
    return this.#size;
  }

  /** Returns the ordinal of an added id, null for a removed one, undefined for an unchanged one. O(1). */
  get(id: string): number | null | undefined {
    const place = this.#placeOf(id);
    return place < 0 ? undefined : this.#ordinals[place];
  }

  /**
   * Records that an id was added or, with null, removed. O(1).
   * @param wasPresent - whether the index below contains it: a removed id is present there, an added one is not
   */
  set(id: string, ordinal: number | null, wasPresent = ordinal === null): void {
    const known = this.#placeOf(id);
    if (known >= 0) {
      this.#ordinals[known] = ordinal;
      return;
    }
    const place = this.#size++;
    this.#ids[place] = id;
    this.#ordinals[place] = ordinal;
    // Only the first change knows the state below. The caller has checked.
    this.#wasPresent[place] = wasPresent;
    if (this.#size <= fewMax) return;
    if (this.#places === undefined) {
      this.#places = new Map();
      for (let at = 0; at < place; at++) this.#places.set(this.#ids[at] as string, at);
    }
    this.#places.set(id, place);
  }

  /** Returns the id of the nth change, from 0. O(1). */
  idAt(place: number): string {
    return this.#ids[place] as string; // below the size
  }

  /** Returns the ordinal (null if removed) of the nth change, from 0. O(1). */
  ordinalAt(place: number): number | null {
    return this.#ordinals[place] as number | null; // below the size
  }

  /** Returns whether the index below contains the id of the nth change, from 0. O(1). */
  wasPresent(place: number): boolean {
    return this.#wasPresent[place] === true;
  }

  /** Discards all changes. O(1). */
  clear(): void {
    if (this.#size > fewMax) {
      this.#ids = [];
      this.#ordinals = [];
      this.#wasPresent = [];
      this.#places = undefined;
    }
    this.#size = 0;
  }

  #placeOf(id: string): number {
    if (this.#places !== undefined) return this.#places.get(id) ?? -1;
    const ids = this.#ids;
    for (let place = this.#size - 1; place >= 0; place--) if (ids[place] === id) return place;
    return -1;
  }
}
