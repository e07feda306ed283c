import type { ReplicationSimulator } from "../simulator.js";

/** Runs a call at the right moment: time is brought up before it, and looked at again after it. */
export type CallWrapper = <R>(call: () => R) => R;

/**
 * A simulator each of whose verbs and properties is reached through `around`. It is the same simulator, tenants and
 * `try` included; what it gives out beside them (rows, snapshots, forks) is not touched.
 */
export function liveSimulator(
  sim: ReplicationSimulator,
  around: CallWrapper,
): ReplicationSimulator {
  return live(sim, around);
}

type Verb = (...args: readonly unknown[]) => unknown;

function live<T extends object>(target: T, around: CallWrapper): T {
  return new Proxy(target, {
    get: (_, key) => {
      const value: unknown = around(() => Reflect.get(target, key, target));
      // The form that does not throw has the same verbs.
      if (key === "try") return live(value as object, around);
      if (typeof value !== "function" || key === "constructor") return value;
      return (...args: unknown[]): unknown => {
        // Private parts of a simulator are reached by the object itself alone, never by a stand-in.
        const result: unknown = around(() => Reflect.apply(value as Verb, target, args));
        return key === "account" ? live(result as object, around) : result;
      };
    },
  });
}
