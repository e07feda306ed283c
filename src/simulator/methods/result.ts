import { startStackAtCaller } from "../../model/callerStack.js";
import { ReplicationError } from "../../model/errors.js";

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
    const method: Method = owner[name];
    const tried = (...args: never[]): Result<unknown> => {
      try {
        return { ok: true, value: Reflect.apply(method, owner, args) };
      } catch (error) {
        if (!(error instanceof ReplicationError)) throw error;
        startStackAtCaller(error, tried, method);
        return { ok: false, error };
      }
    };
    attempts[name] = tried;
  }
  // Every name has got its entry.
  return attempts as Record<Name, (...args: never[]) => Result<unknown>>;
}
