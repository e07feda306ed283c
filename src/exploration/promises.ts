import { rowsOf } from "../collections/table.js";
import type { Instance } from "../service/instances/instance.model.js";
import { topologyOf } from "../simulator/clientKernel.js";
import type { ReplicationSimulator } from "../simulator.js";
import type { ClientRun } from "./clientRun.js";

/** Something that must hold however the service behaves. */
export interface ClientPromise<Setup = unknown, Result = unknown> {
  readonly name: string;
  /** Returns what is wrong, or undefined. It may also throw, so that assertions can be used in it. */
  readonly check: (run: ClientRun<Setup, Result>) => string | undefined;
}

/** The client ends within the budget of steps. `exploreClient` always checks it. */
export function terminates(): ClientPromise {
  return {
    name: "terminates",
    check: ({ isOverBudget, requests, sleeps }) =>
      isOverBudget
        ? `still running after ${String(requests.length)} requests and ${String(sleeps)} sleeps`
        : undefined,
  };
}

/** The client returns: it throws for nothing that the service may do. */
export function completes(): ClientPromise {
  return {
    name: "completes",
    check: ({ error, isOverBudget }) =>
      error === undefined || isOverBudget ? undefined : `the client threw: ${messageOf(error)}`,
  };
}

/**
 * Promises that the topology is as wanted once the client has returned and all operations in progress have ended.
 *
 * @param wanted - returns the problem, or undefined
 */
export function endsWith<Setup, Result>(
  name: string,
  wanted: (sim: ReplicationSimulator, run: ClientRun<Setup, Result>) => string | undefined,
): ClientPromise<Setup, Result> {
  return {
    name: `ends with ${name}`,
    check: (run) =>
      run.error === undefined && !run.isOverBudget ? wanted(run.sim, run) : undefined,
  };
}

/** No two instances that exist at the end have one name: a retry did not create twice. */
export function createsNothingTwice(): ClientPromise {
  return {
    name: "creates nothing twice",
    check: ({ sim }) => {
      const names = [...existing(sim)].map(({ name }) => name);
      const twice = names.find((name, at) => names.indexOf(name) !== at);
      return twice === undefined ? undefined : `two instances are called ${twice}`;
    },
  };
}

/**
 * Every instance that exists at the end was there before, or is known to the client: nothing is leaked.
 *
 * @param known - ids that the client knows, from its result; undefined result when it threw
 */
export function leaksNothing<Setup, Result>(
  known: (run: ClientRun<Setup, Result>) => readonly string[],
): ClientPromise<Setup, Result> {
  return {
    name: "leaks nothing",
    check: (run) => {
      const ids = known(run);
      const leaked = [...existing(run.sim)].filter(({ id }) => !ids.includes(id));
      return leaked.length === 0
        ? undefined
        : `leaked: ${leaked.map(({ name, status }) => `${name} (${status})`).join(", ")}`;
    },
  };
}

/** No replica is detached whose source answered at that moment: it was healthy, and its set loses it. */
export function detachesNoHealthyReplica(): ClientPromise {
  return {
    name: "detaches no healthy replica",
    check: ({ sim }) => {
      const down = new Set<string>();
      for (const { facts, trigger } of sim.history.entries()) {
        if (trigger.kind === "command" && trigger.command.type === "detachReplica") {
          const { instanceId } = trigger.command as { readonly instanceId: string };
          const sourceId = sourceBefore(sim, instanceId);
          if (sourceId !== undefined && !down.has(sourceId) && !down.has(instanceId)) {
            return `instance ${instanceId} was detached while its source ${sourceId} answered`;
          }
        }
        for (const fact of facts) {
          if (fact.type !== "InstanceStateEntered") continue;
          if (["SHUTDOWN", "BLOCKED", "ERROR", "REPLICATION_ERROR"].includes(fact.status)) {
            down.add(fact.id);
          } else down.delete(fact.id);
        }
      }
      return undefined;
    },
  };
}

/** After a `Retry-After` the client sends no request of the same method until that time has passed. */
export function honoursRetryAfter(): ClientPromise {
  return {
    name: "honours Retry-After",
    check: ({ requests }) => {
      for (const { number, method, atMs, retryAfterMs } of requests) {
        if (retryAfterMs === null) continue;
        const next = requests.find((other) => other.number > number && other.method === method);
        if (next === undefined || next.atMs >= atMs + retryAfterMs) continue;
        const waited = String(next.atMs - atMs);
        return `request ${String(next.number)} came ${waited} ms after request ${String(number)}, which was to be repeated after ${String(retryAfterMs)} ms`;
      }
      return undefined;
    },
  };
}

/** No acknowledged transaction is lost. Needs a workload. */
export function losesNothing(): ClientPromise {
  return {
    name: "loses nothing",
    check: ({ sim }) => {
      let lost = 0;
      for (const { facts } of sim.history.entries()) {
        for (const fact of facts) if (fact.type === "WritesResumed") lost += fact.lostTransactions;
      }
      for (const { log } of rowsOf(topologyOf(sim).instances)) {
        if (log !== null && log.interruptedAt !== null) lost += log.lostTransactions;
      }
      return lost === 0 ? undefined : `${String(lost)} acknowledged transactions are lost`;
    },
  };
}

function* existing(sim: ReplicationSimulator): Iterable<Instance> {
  for (const row of rowsOf(topologyOf(sim).instances)) {
    if (row.accountId === sim.accountId && row.status !== "DELETION_PENDING") yield row;
  }
}

/** The source that a replica had, by the journal. */
function sourceBefore(sim: ReplicationSimulator, replicaId: string): string | undefined {
  for (const { facts } of sim.history.entries()) {
    for (const fact of facts) {
      if (fact.type === "ReplicationStarted" && fact.replicaId === replicaId) return fact.sourceId;
    }
  }
  return undefined;
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
