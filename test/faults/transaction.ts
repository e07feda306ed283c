import type { Transaction } from "../../src/kernel/transaction.js";
import type { Fact } from "../../src/model/facts.js";
import type { Mutable, Topology } from "../../src/model/topology.js";
import { evolveFault } from "../../src/service/faults/evolveFaults.js";
import { faultRow, instanceRow, type Rows, topologyWith } from "./rows.js";

/*
 * Transactions on topologies by hand: facts about faults are written into the topology, everything else is noted.
 */

/** States of an instance that take the signals of faults. */
const transitions = {
  active: { "service.crashed": "shutdown", "service.hung": "blocked", "replication.broken": "-" },
  restarting: { "service.crashed": "error" },
  detaching: { "service.crashed": "error" },
  shutdown: { "service.recovered": "active" },
  blocked: { "service.recovered": "active" },
  replicationBroken: { "replication.repaired": "active", "service.crashed": "replicaDown" },
  replicaDown: { "service.recovered": "replicationBroken" },
  error: {},
};

const statusOf = {
  active: "ACTIVE",
  restarting: "RESTART",
  detaching: "DETACH_REPLICA",
  shutdown: "SHUTDOWN",
  blocked: "BLOCKED",
  replicationBroken: "REPLICATION_ERROR",
  replicaDown: "REPLICATION_ERROR",
  error: "ERROR",
};

/** The part of the lifecycles that faults read. */
export const lifecycle = {
  instance: { transitions, statusOf, states: Object.keys(transitions) },
} as never;

interface Options {
  readonly now?: number;
  /** Each draw by its purpose, key and sequence number; others are 0. */
  readonly draws?: Readonly<Record<string, number>>;
  readonly newId?: (kind: string, ordinal: number) => string;
}

interface Noted {
  readonly transaction: Transaction;
  readonly topology: Topology;
  readonly facts: Fact[];
  /** Signals to lifecycles and causes that are owed, in words, in order with the types of facts. */
  readonly steps: string[];
}

/** Returns a transaction of the account "a" at 1,000 ms, and what it notes. The next task has the number 100. */
export function transactionOn(rows: Rows, { now = 1_000, draws = {}, newId }: Options = {}): Noted {
  const topology = topologyWith(structuredClone(rows));
  const facts: Fact[] = [];
  const steps: string[] = [];
  let seq = 100;
  const drawn = (purpose: string, key: string, sequence: number, rest = "") =>
    draws[`${purpose} ${key} ${String(sequence)}${rest}`] ?? 0;
  interface Draw {
    readonly purpose: string;
    readonly key: string;
    readonly sequence: number;
  }
  const chance = {
    draw: ({ purpose, key, sequence }: Draw) => drawn(purpose, key, sequence),
    rank: ({ purpose, key, sequence }: Draw, candidate: string) =>
      drawn(purpose, key, sequence, ` ${candidate}`),
  };
  const noteStep = ({ id }: { readonly id: string }, signal: string, options?: object) => {
    const rest = options === undefined ? "" : ` ${JSON.stringify(options)}`;
    steps.push(`${id} ${signal}${rest}`);
    return true;
  };
  const transaction = {
    facts,
    now,
    seq: 7,
    before: topologyWith(structuredClone(rows)),
    context: {
      topology,
      accountId: "a",
      role: "admin",
      now,
      chance,
      lifecycle,
      newId,
      placement: { zones: 2, racksPerZone: 2, spread: "zones" },
      lastNamed: { instance: undefined },
    },
    takeSeq: () => seq++,
    owe: (cause: number) => steps.push(`owe ${String(cause)}`),
    emit: (fact: Fact) => {
      facts.push(fact);
      steps.push(fact.type);
      switch (fact.type) {
        case "FaultInjected":
        case "FaultActivated":
        case "FaultClockChanged":
        case "FaultCounterChanged":
        case "FaultEnded":
          evolveFault(topology as Mutable<Topology>, fact);
          break;
        default:
      }
    },
    stepInstance: noteStep,
    tryInstance: noteStep,
    tryGroup: noteStep,
    tryBackup: noteStep,
  };
  return { transaction: transaction as unknown as Transaction, topology, facts, steps };
}

/** An instance of the account "b", which no fault of "a" may reach. */
export const foreign = instanceRow(9, { id: "foreign", accountId: "b" });

export { faultRow, instanceRow };
