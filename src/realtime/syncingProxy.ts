import { startStackAtCaller } from "../model/callerStack.js";
import type { ReplicationSimulator } from "../simulator.js";

/** Wraps a call: brings virtual time up before it and reschedules the timer after it. */
export type CallWrapper = <R>(call: () => R) => R;

/**
 * Wraps a simulator so that each method call and property read goes through `around`. Account clients, `try`,
 * `history` and `stateSpace` are wrapped too. Other results (rows, snapshots, forks) are not.
 */
export function liveSimulator(
  sim: ReplicationSimulator,
  around: CallWrapper,
): ReplicationSimulator {
  return live(sim, around);
}

/** Members of a simulator that have methods of their own. */
const homes: ReadonlySet<string> = new Set(["try", "history", "stateSpace"]);

type Method = (...args: readonly unknown[]) => unknown;

function live<T extends object>(target: T, around: CallWrapper): T {
  return new Proxy(target, {
    get: (_, key) => {
      const value: unknown = around(() => Reflect.get(target, key, target));
      // `try` has the same methods, the others have more.
      if (typeof key === "string" && homes.has(key)) return live(value as object, around);
      if (typeof value !== "function" || key === "constructor") return value;
      const method = value as Method;
      const called = (...args: unknown[]): unknown => {
        try {
          // Private fields are accessible only on the object itself, not on a proxy.
          const result: unknown = around(() => Reflect.apply(method, target, args));
          return key === "account" ? live(result as object, around) : result;
        } catch (error) {
          startStackAtCaller(error, called, method);
          throw error;
        }
      };
      return called;
    },
  });
}
