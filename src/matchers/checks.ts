import { rowsOf } from "../collections/table.js";
import type { HaGroupStatus } from "../lifecycle/groupStates.js";
import type { InstanceStatus } from "../lifecycle/instanceStates.js";
import { InvalidInputError, ReplicationError } from "../model/errors.js";
import { assertKnownOptions } from "../model/schema/entryPointOptions.js";
import { topologyOf } from "../simulator/clientKernel.js";
import { diff } from "../simulator/diff.js";
import type { ReplicationSimulator } from "../simulator.js";
import { worldReport } from "./worldReport.js";

/** The outcome of a check. `message` is worked out only when it is asked for. */
export interface CheckResult {
  readonly pass: boolean;
  /** The failure message; with `negated` that of a `not` assertion. */
  readonly message: (negated?: boolean) => string;
}

/** Number of acknowledged transactions that may be lost: an exact number, or bounds. */
export type LossExpectation = number | { readonly atLeast?: number; readonly atMost?: number };

/** Whether an instance or an HA group has a status. */
export function checkStatus(
  sim: ReplicationSimulator,
  id: string,
  status: InstanceStatus | HaGroupStatus,
): CheckResult {
  const found = resourceOf(sim, id);
  const actual = found === undefined ? "not found" : found.status;
  return result(sim, {
    pass: actual === status,
    id,
    expected: `${nameOf(sim, id)} to have status ${status}`,
    actual: reasonOf(found, actual),
  });
}

/** Whether a source has these replicas, whatever their order: ids, or how many. */
export function checkReplicas(
  sim: ReplicationSimulator,
  sourceId: string,
  replicas: number | readonly string[],
): CheckResult {
  const source = instanceOf(sim, sourceId);
  const actual = source?.replicaIds ?? [];
  const pass =
    source !== undefined &&
    (typeof replicas === "number" ? actual.length === replicas : sameIds(actual, replicas));
  const wanted =
    typeof replicas === "number" ? `${String(replicas)} replicas` : listed(sim, replicas);
  return result(sim, {
    pass,
    id: sourceId,
    expected: `${nameOf(sim, sourceId)} to have ${wanted}`,
    actual: source === undefined ? "not found" : listed(sim, actual),
  });
}

/** Whether a replica replicates from a source. */
export function checkReplicatesFrom(
  sim: ReplicationSimulator,
  replicaId: string,
  sourceId: string,
): CheckResult {
  const replica = instanceOf(sim, replicaId);
  const from = replica?.sourceId ?? null;
  return result(sim, {
    pass: from === sourceId,
    id: replicaId,
    expected: `${nameOf(sim, replicaId)} to replicate from ${nameOf(sim, sourceId)}`,
    actual:
      replica === undefined
        ? "not found"
        : from === null
          ? "it is not a replica"
          : `it replicates from ${nameOf(sim, from)}`,
  });
}

/** Whether an instance is a member of an HA group; without an id, of any. */
export function checkInGroup(
  sim: ReplicationSimulator,
  instanceId: string,
  groupId?: string,
): CheckResult {
  const instance = instanceOf(sim, instanceId);
  const actual = instance?.groupId ?? null;
  return result(sim, {
    pass: groupId === undefined ? actual !== null : actual === groupId,
    id: instanceId,
    expected: `${nameOf(sim, instanceId)} to be in ${groupId === undefined ? "an HA group" : nameOf(sim, groupId)}`,
    actual:
      instance === undefined
        ? "not found"
        : actual === null
          ? "it is in no group"
          : `it is in ${nameOf(sim, actual)}`,
  });
}

/**
 * Whether so many acknowledged transactions were lost in failovers and promotions since the journal begins.
 * @throws InvalidInputError `journal-needed` for a simulator without a journal
 */
export function checkLost(sim: ReplicationSimulator, expectation: LossExpectation): CheckResult {
  if (typeof expectation !== "number") {
    assertKnownOptions(expectation, ["atLeast", "atMost"], "transactions");
  }
  const lost = lostTransactions(sim);
  const { atLeast, atMost } =
    typeof expectation === "number"
      ? { atLeast: expectation, atMost: expectation }
      : { atLeast: 0, atMost: Number.POSITIVE_INFINITY, ...expectation };
  return result(sim, {
    pass: lost >= atLeast && lost <= atMost,
    expected: `${bounds(atLeast, atMost)} to be lost`,
    actual: `${String(lost)} lost`,
  });
}

/**
 * Whether an action is refused, by a rule where one is given. Takes a function that throws, or a result of `sim.try`.
 * Anything else that the function throws is thrown on.
 */
export function checkRefused(action: unknown, rule?: string): CheckResult {
  const error = errorOf(action);
  const rules = error === undefined ? [] : rulesOf(error);
  const wanted = rule === undefined ? "to be refused" : `to be refused by rule ${rule}`;
  const actual =
    error === undefined
      ? "it was accepted"
      : `rule ${rules.join(", ")} refused it: ${error.message}`;
  return {
    pass: error !== undefined && (rule === undefined || rules.includes(rule)),
    message: (negated = false) =>
      `expected the action ${negated ? "not " : ""}${wanted}, but ${actual}`,
  };
}

/** Whether two simulations are in the same state: rows, time, options and pending work. */
export function checkEqualWorld(
  sim: ReplicationSimulator,
  other: ReplicationSimulator,
): CheckResult {
  return {
    pass: sim.fingerprint() === other.fingerprint(),
    message: (negated = false) => {
      if (negated) return `expected the two simulations to differ\n${worldReport(sim)}`;
      const difference =
        sim.settings.journal && other.settings.journal ? diff(sim, other).summary : [];
      const lines = difference.length > 0 ? difference : ["their snapshots differ"];
      return [
        "expected the two simulations to be equal, but",
        ...lines.map((line) => `  ${line}`),
        worldReport(sim),
      ].join("\n");
    },
  };
}

function result(
  sim: ReplicationSimulator,
  parts: {
    readonly pass: boolean;
    readonly id?: string;
    readonly expected: string;
    readonly actual: string;
  },
): CheckResult {
  return {
    pass: parts.pass,
    message: (negated = false) =>
      `expected ${negated ? parts.expected.replace(" to ", " not to ") : parts.expected}, but: ${parts.actual}\n${worldReport(sim, parts.id)}`,
  };
}

function lostTransactions(sim: ReplicationSimulator): number {
  if (!sim.settings.journal) {
    throw new InvalidInputError([
      {
        field: "sim",
        value: "a simulator without a journal",
        expected: "a simulator with `journal: true`, since losses are counted from its entries",
        rule: "journal-needed",
      },
    ]);
  }
  let lost = 0;
  for (const { facts } of sim.history.entries()) {
    for (const fact of facts) if (fact.type === "WritesResumed") lost += fact.lostTransactions;
  }
  // Until writes resume, the log of the new source holds the losses of a promotion.
  for (const { log } of rowsOf(topologyOf(sim).instances)) {
    if (log !== null && log.interruptedAt !== null) lost += log.lostTransactions;
  }
  return lost;
}

function errorOf(action: unknown): ReplicationError | undefined {
  if (typeof action === "function") {
    try {
      (action as () => unknown)();
      return undefined;
    } catch (error) {
      if (error instanceof ReplicationError) return error;
      throw error;
    }
  }
  const { error } = (action ?? {}) as { readonly error?: unknown };
  if (action instanceof ReplicationError) return action;
  return error instanceof ReplicationError ? error : undefined;
}

/** An input can be wrong in several ways at once. */
function rulesOf(error: ReplicationError): readonly string[] {
  return error instanceof InvalidInputError
    ? error.issues.map((issue) => issue.rule)
    : [error.rule];
}

function instanceOf(sim: ReplicationSimulator, id: string) {
  for (const row of rowsOf(topologyOf(sim).instances)) if (row.id === id) return row;
  return undefined;
}

function resourceOf(sim: ReplicationSimulator, id: string) {
  const instance = instanceOf(sim, id);
  if (instance !== undefined) return instance;
  for (const row of rowsOf(topologyOf(sim).groups)) if (row.id === id) return row;
  return undefined;
}

function nameOf(sim: ReplicationSimulator, id: string): string {
  const found = resourceOf(sim, id);
  const kind = found !== undefined && "replicationMode" in found ? "HA group" : "instance";
  return found === undefined || found.name === id
    ? `${kind} ${id}`
    : `${kind} ${found.name} (${id})`;
}

function sameIds(left: readonly string[], right: readonly string[]): boolean {
  return left.length === right.length && left.every((id) => right.includes(id));
}

function listed(sim: ReplicationSimulator, ids: readonly string[]): string {
  return ids.length === 0
    ? "no replicas"
    : `the replicas ${ids.map((id) => nameOf(sim, id)).join(", ")}`;
}

function reasonOf(
  found: { readonly lastError: { readonly message: string } | null } | undefined,
  status: string,
): string {
  const reason = found?.lastError?.message;
  return `it is ${status}${reason === undefined ? "" : ` (${reason})`}`;
}

function bounds(atLeast: number, atMost: number): string {
  if (atLeast === atMost) return `${String(atLeast)} acknowledged transactions`;
  if (atMost === Number.POSITIVE_INFINITY)
    return `at least ${String(atLeast)} acknowledged transactions`;
  if (atLeast === 0) return `at most ${String(atMost)} acknowledged transactions`;
  return `${String(atLeast)} to ${String(atMost)} acknowledged transactions`;
}
