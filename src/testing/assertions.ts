import { InvalidInputError, ReplicationError } from "../model/errors.js";
import { brokenInvariants } from "../service/invariants.js";
import type { ReplicationSimulator } from "../simulator.js";
import { assertFunction, assertSimulator } from "./knownOptions.js";

/**
 * Throws unless every invariant of the topology holds. Works in every test runner, since it only throws.
 *
 * @example
 * ```ts
 * import { ReplicationSimulator } from "replication-simulator";
 * import { expectNoBrokenInvariants } from "replication-simulator/testing";
 *
 * expectNoBrokenInvariants(new ReplicationSimulator());
 * ```
 * @param sim - the simulator to check
 * @throws Error with each broken invariant on a line of its own
 */
export function expectNoBrokenInvariants(sim: ReplicationSimulator): void {
  assertSimulator(sim);
  const { now, topology, settings } = sim;
  const broken = brokenInvariants(topology, { now, limits: settings.limits });
  if (broken.length > 0) throw new Error(listed("these invariants are broken", broken));
}

/**
 * Throws if a task is running on any resource. Future runs of schedules do not count.
 *
 * @example
 * ```ts
 * import { ReplicationSimulator } from "replication-simulator";
 * import { createReplicationSet, expectSettled } from "replication-simulator/testing";
 *
 * const sim = new ReplicationSimulator();
 * createReplicationSet(sim);
 * expectSettled(sim);
 * ```
 * @param sim - the simulator to check
 * @throws Error with each running task on a line of its own
 */
export function expectSettled(sim: ReplicationSimulator): void {
  assertSimulator(sim);
  const work = sim.listPendingTasks().filter(({ task }) => task !== null);
  if (work.length === 0) return;
  const lines = work.map(
    ({ kind, id, task, dueAt }) =>
      `${kind} ${id}: ${String(task)}, due in ${String(dueAt - sim.now)} ms`,
  );
  throw new Error(listed("this work is under way", lines));
}

/**
 * Calls `action` and throws unless the simulator refuses it, by the rule `rule` if one is given.
 *
 * @example
 * ```ts
 * import { ReplicationSimulator } from "replication-simulator";
 * import { expectRefused } from "replication-simulator/testing";
 *
 * const sim = new ReplicationSimulator();
 * expectRefused(() => sim.getInstance("unknown"), "instance-exists");
 * ```
 * @param action - calls the simulator once
 * @param rule - id of the expected rule; default any
 * @returns the refusal, for further assertions
 * @throws Error if the action is accepted, or refused by another rule
 */
export function expectRefused(action: () => unknown, rule?: string): ReplicationError {
  assertFunction("action", action);
  const refusal = refusalOf(action);
  const wanted = rule === undefined ? "a refusal" : `a refusal by ${rule}`;
  if (refusal === undefined) throw new Error(`expected ${wanted}, but it was accepted`);
  if (rule !== undefined && !rulesOf(refusal).includes(rule)) {
    const message = `expected ${wanted}, but ${refusal.rule} refused: ${refusal.message}`;
    throw new Error(message, { cause: refusal });
  }
  return refusal;
}

/** An input can be wrong in several ways at once. */
function rulesOf(refusal: ReplicationError): readonly string[] {
  return refusal instanceof InvalidInputError
    ? refusal.issues.map((issue) => issue.rule)
    : [refusal.rule];
}

function refusalOf(action: () => unknown): ReplicationError | undefined {
  try {
    action();
    return undefined;
  } catch (error) {
    if (error instanceof ReplicationError) return error;
    throw error;
  }
}

function listed(what: string, lines: readonly string[]): string {
  return [`${what}:`, ...lines.map((line) => `  ${line}`)].join("\n");
}
