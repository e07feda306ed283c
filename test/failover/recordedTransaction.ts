import { dropRow, rowAt } from "../../src/collections/table.js";
import { type TopologyJson, topologyFromJson } from "../../src/kernel/snapshot.js";
import type { Transaction } from "../../src/kernel/transaction.js";
import type { Fact } from "../../src/model/facts.js";
import type { Mutable, Topology } from "../../src/model/topology.js";
import type { HaGroup } from "../../src/service/haGroups/haGroup.model.js";
import type { Instance } from "../../src/service/instances/instance.model.js";

/*
 * Decisions about a group without a simulator: rows go in, and the signals and facts that a decision sends come out.
 */

/** The fields of a member that a case is about. Its ordinal is its place in the list. */
export type MemberRow = Partial<Instance> & { readonly id: string };

/** The fields of a group that a case is about. */
export type GroupRow = Partial<HaGroup> & { readonly id: string };

/** The rows of a case: groups, and instances that belong to `g` if nothing else is said. */
export interface Rows {
  readonly groups?: readonly GroupRow[];
  readonly instances?: readonly MemberRow[];
}

const accountId = "1234";
const none = { size: 0, rows: [] };

/** A topology of these rows; by default `g` is ACTIVE with the source `s` and the replicas `a` and `b`. */
export function topologyWith(rows: Rows = {}): Topology {
  const groups = (rows.groups ?? [{ id: "g" }]).map((row, ordinal) => ({
    ordinal,
    accountId,
    state: "active",
    status: "ACTIVE",
    sourceId: "s",
    replicaIds: ["a", "b"],
    pendingReplicaNames: [],
    backupId: null,
    ...row,
  }));
  const instances = (rows.instances ?? membersWith()).map((row, ordinal) => ({
    ordinal,
    accountId,
    name: `name of ${row.id}`,
    state: "active",
    status: "ACTIVE",
    groupId: "g",
    sourceId: row.id === "s" ? null : "s",
    replicaIds: [],
    partitionId: null,
    lastError: null,
    work: null,
    link: null,
    log: null,
    ...row,
  }));
  const accounts = new Set([...groups, ...instances].map((row) => row.accountId));
  const json = {
    accounts: [...accounts].map((id) => ({ id, created: {}, labels: [], made: [] })),
    instances: { size: instances.length, rows: instances },
    groups: { size: groups.length, rows: groups },
    schedules: none,
    backups: none,
    configurations: none,
    faults: none,
  };
  return topologyFromJson(json as unknown as TopologyJson);
}

/** The source `s` and the replicas `a` and `b`, with other values in some fields. */
export function membersWith(
  fields: Readonly<Partial<Record<"s" | "a" | "b", Partial<Instance>>>> = {},
): readonly MemberRow[] {
  return (["s", "a", "b"] as const).map((id) => ({ ...fields[id], id }));
}

/** The row with an id. */
export function rowWith<Kind extends "instances" | "groups">(
  topology: Topology,
  kind: Kind,
  id: string,
): Kind extends "groups" ? HaGroup : Instance {
  for (let ordinal = 0; ordinal < topology[kind].size; ordinal++) {
    const row = rowAt<HaGroup | Instance>(topology[kind], ordinal);
    if (row?.id === id) return row as Kind extends "groups" ? HaGroup : Instance;
  }
  throw new RangeError(`no row ${id}`);
}

/** Removes a row, as the facts of a transaction do. */
export function removeRow(topology: Topology, kind: "instances" | "groups", ordinal: number): void {
  const { [kind]: table } = topology as Mutable<Topology>;
  dropRow<HaGroup | Instance>(table, ordinal);
}

/** A transaction that changes no row. It notes what it is given, in words. */
export interface RecordedTransaction {
  readonly transaction: Transaction;
  /** `g source.lost`, or `g GroupChanged {...}` for a fact. */
  readonly sent: string[];
}

/** A transaction on these rows. Signals of `refused` lead nowhere. */
export function recordedTransaction(
  topology: Topology,
  {
    before = topology,
    facts = [],
    refused = [],
  }: {
    readonly before?: Topology;
    readonly facts?: readonly Fact[];
    readonly refused?: readonly string[];
  } = {},
): RecordedTransaction {
  const sent: string[] = [];
  const tryStep = ({ id }: { readonly id: string }, signal: string, options?: object): boolean => {
    const words = `${id} ${signal}`;
    if (refused.includes(words)) return false;
    const isPlain = options === undefined || Object.keys(options).length === 0;
    sent.push(isPlain ? words : `${words} ${JSON.stringify(options)}`);
    return true;
  };
  const instance = (row: Instance): Instance => rowWith(topology, "instances", row.id);
  const group = (row: HaGroup): HaGroup => rowWith(topology, "groups", row.id);
  const emit = ({ type, ...fields }: Fact): void => {
    sent.push(`${type} ${JSON.stringify(fields)}`);
  };
  const transaction = {
    context: { topology, accountId, lastMembers: {} },
    before,
    facts,
    now: 7,
    instance,
    group,
    stateOf: (row: Instance) => instance(row).state,
    groupStateOf: (row: HaGroup) => group(row).state,
    tryInstance: tryStep,
    stepInstance: tryStep,
    tryGroup: tryStep,
    stepGroup: tryStep,
    emit,
  };
  return { transaction: transaction as unknown as Transaction, sent };
}
