/** Up to this many ids are searched linearly, which is faster and smaller than a map. */
const fewMax = 8;

/** The changes of a transaction to an id index: the ordinal of an added id, null for a removed one. */
export class IdChanges {
  readonly #ids: string[] = [];
  readonly #ordinals: (number | null)[] = [];
  readonly #wasPresent: boolean[] = [];
  #places: Map<string, number> | undefined;

  /** Number of ids added or removed. O(1). */
  get size(): number {
    return this.#ids.length;
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
    const place = this.#ids.push(id) - 1;
    this.#ordinals.push(ordinal);
    // Only the first change knows the state below. The caller has checked.
    this.#wasPresent.push(wasPresent);
    if (this.#ids.length <= fewMax) return;
    this.#places ??= new Map(this.#ids.map((other, at) => [other, at]));
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
    if (this.#ids.length === 0) return;
    this.#wasPresent.length = 0;
    this.#ids.length = 0;
    this.#ordinals.length = 0;
    this.#places = undefined;
  }

  #placeOf(id: string): number {
    if (this.#places !== undefined) return this.#places.get(id) ?? -1;
    const ids = this.#ids;
    for (let place = ids.length - 1; place >= 0; place--) if (ids[place] === id) return place;
    return -1;
  }
}
