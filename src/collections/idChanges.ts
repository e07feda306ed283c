/** Up to so many ids are searched one after the other: quicker than a map, and smaller. */
const fewMax = 8;

/** What a transaction has made of the ids of an index: an ordinal where one was put, null where one was dropped. */
export class IdChanges {
  readonly #ids: string[] = [];
  readonly #ordinals: (number | null)[] = [];
  readonly #wasPresent: boolean[] = [];
  #places: Map<string, number> | undefined;

  /** How many ids were put or dropped. O(1). */
  get size(): number {
    return this.#ids.length;
  }

  /** What became of an id; undefined for one that was not changed. O(1). */
  get(id: string): number | null | undefined {
    const place = this.#placeOf(id);
    return place < 0 ? undefined : this.#ordinals[place];
  }

  /** Notes that an id was put, or with null dropped. O(1). */
  set(id: string, ordinal: number | null): void {
    const known = this.#placeOf(id);
    if (known >= 0) {
      this.#ordinals[known] = ordinal;
      return;
    }
    const place = this.#ids.push(id) - 1;
    this.#ordinals.push(ordinal);
    // What is dropped first was there; what is put first was not: whoever notes it has looked.
    this.#wasPresent.push(ordinal === null);
    if (this.#ids.length <= fewMax) return;
    this.#places ??= new Map(this.#ids.map((other, at) => [other, at]));
    this.#places.set(id, place);
  }

  /** The id that was changed as the nth, from 0. O(1). */
  idAt(place: number): string {
    return this.#ids[place] as string; // below the size
  }

  /** What became of the id that was changed as the nth, from 0. O(1). */
  ordinalAt(place: number): number | null {
    return this.#ordinals[place] as number | null; // below the size
  }

  /** Whether the index below has the id that was changed as the nth, from 0. O(1). */
  wasPresent(place: number): boolean {
    return this.#wasPresent[place] === true;
  }

  /** Forgets everything. O(1). */
  clear(): void {
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
