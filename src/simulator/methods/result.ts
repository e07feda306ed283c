import { ReplicationError } from "../../domain/errors.js";

/** An outcome that does not throw: the value, or the refusal. */
export type Result<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly error: ReplicationError };

type Verb = (...args: never[]) => unknown;

/** Some verbs of an object, each wrapped once: a refusal is given back, anything else is still thrown. */
export function tryMethods<Name extends string>(
  owner: Readonly<Record<Name, Verb>>,
  names: readonly Name[],
): Readonly<Record<Name, (...args: never[]) => Result<unknown>>> {
  const attempts: Partial<Record<Name, (...args: never[]) => Result<unknown>>> = {};
  for (const name of names) {
    const call: Verb = owner[name].bind(owner);
    attempts[name] = (...args) => attempt(() => call(...args));
  }
  // Every name has got its entry.
  return attempts as Record<Name, (...args: never[]) => Result<unknown>>;
}

function attempt<T>(call: () => T): Result<T> {
  try {
    return { ok: true, value: call() };
  } catch (error) {
    if (error instanceof ReplicationError) return { ok: false, error };
    throw error;
  }
}
