import { deepFreeze } from "../collections/deepFreeze.js";
import type { JournalEntry } from "../kernel/journal.js";
import type { Patch } from "../kernel/store.js";
import { keepStack } from "../model/callerStack.js";
import { InvalidInputError, ReplicationError } from "../model/errors.js";
import type { Limits } from "../model/limits.js";
import { record } from "../model/schema/compositeFields.js";
import { boolean, optional } from "../model/schema/fields.js";
import { readValue } from "../service/commands/parseCommand.js";

/** A change for subscribers: the journal entry, and immer patches if requested. */
export interface Change extends JournalEntry {
  readonly patches?: readonly {
    readonly op: "replace" | "remove" | "add";
    readonly path: (string | number)[];
    readonly value?: unknown;
  }[];
}

/** Called after a change is published; an error that it throws reaches the caller and undoes nothing. */
export type Listener = (change: Change) => void;

/** Called with the error of a request that was refused; it must not throw. */
export type RefusalListener = (refusal: ReplicationError) => void;

/** Options of a subscription. */
export interface SubscribeOptions {
  /** Whether each change has immer patches of the topology; default false. */
  readonly patches?: boolean;
}

const optionsField = record<SubscribeOptions>({
  rule: "subscription",
  source: "§11",
  of: { patches: optional(boolean({ rule: "subscription", source: "§11" })) },
});

/**
 * Parses an unvalidated subscription.
 * @throws InvalidInputError `subscription`
 */
export function readSubscription(
  listener: unknown,
  options: unknown,
  { limits, givesPatches }: { readonly limits: Limits; readonly givesPatches: boolean },
): { readonly patches: boolean } {
  if (typeof listener !== "function") {
    const expected = "a function";
    throw new InvalidInputError([
      { field: "listener", value: listener, expected, rule: "subscription" },
    ]);
  }
  const { patches = false } = readValue(optionsField, options, { path: "options", limits });
  if (patches && !givesPatches) {
    const expected = 'false, or a simulator with the store "immutable", which provides patches';
    throw new InvalidInputError([
      { field: "options.patches", value: true, expected, rule: "subscription" },
    ]);
  }
  return { patches };
}

/** Form of the changes for a subscriber. */
export interface SubscriptionWishes {
  readonly patches: boolean;
  /** Whether the changes must be frozen; default true. */
  readonly frozen?: boolean;
}

/** One subscription. */
interface Seat extends SubscriptionWishes {
  readonly listener: Listener;
}

/** All subscribers. */
export class SubscriberList {
  #seats: readonly Seat[] = [];
  #wantsPatches = false;
  #wantsFrozen = false;
  #unheard: Change[] = [];
  #isSpeaking = false;
  readonly #refusalListeners = new Set<RefusalListener>();

  /** Whether there is a subscriber. */
  get isThere(): boolean {
    return this.#seats.length > 0;
  }

  /** Whether a subscriber requests patches. */
  get wantsPatches(): boolean {
    return this.#wantsPatches;
  }

  /** Adds a subscription; the returned function ends it. */
  add(listener: Listener, { patches, frozen = true }: SubscriptionWishes): () => void {
    const seat = { listener, patches, frozen };
    this.#seat([...this.#seats, seat]);
    return () => {
      this.#seat(this.#seats.filter((other) => other !== seat));
    };
  }

  /** Calls `listener` with every refusal, until the returned function is called. */
  addRefusalListener(listener: RefusalListener): () => void {
    this.#refusalListeners.add(listener);
    return () => {
      this.#refusalListeners.delete(listener);
    };
  }

  /** Reports an error if it is a refusal, and returns it. */
  refused(error: unknown): unknown {
    if (error instanceof ReplicationError) {
      for (const listener of this.#refusalListeners) listener(error);
    }
    return error;
  }

  /** Computed once for each change of the subscriptions, because every transaction reads it. */
  #seat(seats: readonly Seat[]): void {
    this.#seats = seats;
    this.#wantsPatches = seats.some((seat) => seat.patches);
    this.#wantsFrozen = seats.some((seat) => seat.frozen);
  }

  /**
   * Notifies all subscribers, one change after the other, also of changes that listeners cause. An error of a listener
   * is thrown after all are notified.
   */
  notify(line: JournalEntry, patches: readonly Patch[] | undefined): void {
    if (this.#seats.length === 0) return;
    const entry = this.#wantsFrozen ? deepFreeze(line) : line;
    const change = patches === undefined ? entry : deepFreeze({ ...entry, patches });
    if (this.#isSpeaking) {
      this.#unheard.push(change);
      return;
    }
    this.#isSpeaking = true;
    let failures: readonly [unknown] | undefined;
    for (let next: Change | undefined = change; next !== undefined; ) {
      for (const seat of this.#seats) {
        try {
          seat.listener(seat.patches ? next : withoutPatches(next));
        } catch (failure) {
          keepStack(failure);
          failures ??= [failure];
        }
      }
      next = this.#unheard.length === 0 ? undefined : this.#unheard.shift();
    }
    this.#isSpeaking = false;
    if (failures !== undefined) throw failures[0];
  }
}

/** Returns the change for subscribers without patches, the entry itself if there are none. */
function withoutPatches(change: Change): Change {
  if (change.patches === undefined) return change;
  const { patches: _, ...entry } = change;
  return deepFreeze(entry);
}
