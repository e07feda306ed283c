import { ReplicationError } from "./errors.js";

type Entry = (...args: never[]) => unknown;

/**
 * Makes the stack of a refusal start at the caller of a public function: its own frames help to debug this library, not
 * the test that made the call. The first function that a refusal leaves wins, so that the line of a listener stays.
 * @param entry - the public function, which is on the stack
 * @param inner - another public function, whose frames `entry` replaces because it only passes calls on
 */
export function startStackAtCaller(error: unknown, entry: Entry, inner?: Entry): void {
  // Only V8 has it; elsewhere the stack keeps the frames of this library.
  const { captureStackTrace } = Error as {
    readonly captureStackTrace?: (error: Error, entry: Entry) => void;
  };
  if (captureStackTrace === undefined || !(error instanceof ReplicationError)) return;
  const before = (error as Marked)[mark];
  if (Object.isFrozen(error) || (before !== undefined && before !== inner)) return;
  captureStackTrace(error, entry);
  Object.defineProperty(error, mark, { value: entry, configurable: true });
}

/** Keeps the stack of a refusal that a function of the caller has thrown: it is theirs from the first frame on. */
export function keepStack(error: unknown): void {
  if (!(error instanceof ReplicationError) || Object.isFrozen(error) || mark in error) return;
  Object.defineProperty(error, mark, { value: keepStack, configurable: true });
}

/** Where the stack of a refusal starts already. */
const mark = Symbol("entry");

interface Marked {
  readonly [mark]?: Entry;
}

/** Wraps the public methods of a prototype chain, so that the stacks of refusals start at their callers. */
export function startStacksAtCallers(prototype: object, end: object): void {
  for (let at = prototype; at !== end; at = Object.getPrototypeOf(at) as object) {
    for (const name of Object.getOwnPropertyNames(at)) {
      if (name !== "constructor") startStackOf(at, name);
    }
  }
}

/** Wraps one method of an object, where there is one of this name. */
export function startStackOf(owner: object, name: string): void {
  const property = Object.getOwnPropertyDescriptor(owner, name);
  const { value } = (property ?? {}) as { readonly value?: unknown };
  if (typeof value !== "function") return;
  Object.defineProperty(owner, name, { ...property, value: fromCaller(value as Entry) });
}

/** Makes a call whose refusals have stacks that start at the caller of `entry`. */
export function callAs<T>(entry: Entry, call: () => T): T {
  try {
    return call();
  } catch (error) {
    startStackAtCaller(error, entry);
    throw error;
  }
}

/** Returns a function that does the same, and whose refusals have stacks that start at its caller. */
function fromCaller<F extends Entry>(entry: F): F {
  function called(this: unknown, ...args: never[]): unknown {
    try {
      return Reflect.apply(entry, this, args);
    } catch (error) {
      startStackAtCaller(error, called);
      throw error;
    }
  }
  Object.defineProperties(called, {
    name: { value: entry.name, configurable: true },
    length: { value: entry.length, configurable: true },
  });
  return called as unknown as F;
}
