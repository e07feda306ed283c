/**
 * Registers a function that runs when the running test fails: `onTestFailed` of Vitest, or what `withOnTestFailed` passes.
 * Vitest passes the context of the test.
 */
export type OnTestFailed = (show: (context?: unknown) => void) => unknown;

/**
 * Gives a test of any runner what Vitest calls `onTestFailed`. For Jest, Bun, Mocha, node:test and Deno, which have none.
 *
 * @param body - the test; its further parameters are those that the runner passes, such as the context of node:test
 * @returns a test function that fails as the body does, after the registered functions have run
 *
 * @example
 * ```ts
 * import { test } from "node:test";
 * import { ReplicationSimulator } from "replication-simulator";
 * import { showOnFailure, withOnTestFailed } from "replication-simulator/matchers";
 *
 * test(
 *   "survives a failover",
 *   withOnTestFailed((onTestFailed) => {
 *     const sim = new ReplicationSimulator();
 *     showOnFailure(sim, { onTestFailed });
 *   }),
 * );
 * ```
 */
export function withOnTestFailed<Args extends readonly unknown[] = []>(
  body: (onTestFailed: OnTestFailed, ...args: Args) => unknown,
): (...args: Args) => Promise<void> {
  // A rest parameter: runners take a function with named parameters for one that calls back.
  return async (...args) => {
    const registered: ((context?: unknown) => void)[] = [];
    try {
      await body((show) => registered.push(show), ...args);
    } catch (error) {
      for (const show of registered) show();
      throw error;
    }
  };
}
