import type { JournalLine } from "../engine/journal.js";
import type { Patch } from "../topology/commit.js";

/** What a subscriber hears after every change: the journal line, and immer patches where it asked for them. */
export interface Change extends JournalLine {
  readonly patches?: readonly Patch[];
}

/** Called after a change has become true; what it throws reaches the caller, and undoes nothing. */
export type Listener = (change: Change) => void;

/** Everybody who wants to hear of changes. */
export class Audience {
  #seats: readonly { readonly listener: Listener; readonly patches: boolean }[] = [];
  #unheard: Change[] = [];
  #isSpeaking = false;

  /** Whether anybody listens. */
  get isThere(): boolean {
    return this.#seats.length > 0;
  }

  /** Whether anybody wants to know the difference as patches. */
  get wantsPatches(): boolean {
    return this.#seats.some((seat) => seat.patches);
  }

  /** Takes a seat; the returned function leaves it. */
  add(listener: Listener, { patches }: { readonly patches: boolean }): () => void {
    const seat = { listener, patches };
    this.#seats = [...this.#seats, seat];
    return () => {
      this.#seats = this.#seats.filter((other) => other !== seat);
    };
  }

  /**
   * Tells everybody, one change after the other, also those that listeners cause themselves. What a listener throws
   * is thrown on when all have heard.
   */
  tell(line: JournalLine, patches: readonly Patch[] | undefined): void {
    if (this.#seats.length === 0) return;
    this.#unheard.push(patches === undefined ? line : { ...line, patches });
    if (this.#isSpeaking) return;
    this.#isSpeaking = true;
    const failures: unknown[] = [];
    for (let next = this.#unheard.shift(); next !== undefined; next = this.#unheard.shift()) {
      const { patches: _patches, ...plain } = next;
      for (const seat of this.#seats) {
        try {
          seat.listener(seat.patches ? next : plain);
        } catch (failure) {
          failures.push(failure);
        }
      }
    }
    this.#isSpeaking = false;
    if (failures.length > 0) throw failures[0];
  }
}
