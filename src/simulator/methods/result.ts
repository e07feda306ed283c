import { ReplicationError } from "../../domain/errors.js";

/** An outcome that does not throw: the value, or the refusal. */
export type Result<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly error: ReplicationError };

type Method = (...args: never[]) => unknown;

/** Wraps methods of an object: a `ReplicationError` is returned, any other error is thrown. */
export function tryMethods<Name extends string>(
  owner: Readonly<Record<Name, Method>>,
  names: readonly Name[],
): Readonly<Record<Name, (...args: never[]) => Result<unknown>>> {
  const attempts: Partial<Record<Name, (...args: never[]) => Result<unknown>>> = {};
  for (const name of names) {
    const call: Method = owner[name].bind(owner);
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
