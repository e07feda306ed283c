import { instanceOf, replicasOf } from "../../kernel/queries.js";
import type { Transaction } from "../../kernel/transaction.js";
import type { InstanceState } from "../../lifecycle/instanceStates.js";
import { isServing } from "../../lifecycle/instanceStates.js";
import type { CommandOf } from "../../model/commandTypes.js";
import type { Topology } from "../../model/topology.js";
import type { Implementations } from "../commands/implementation.js";
import { change } from "../instances/decideInstances.js";
import type { Instance } from "../instances/instance.model.js";
import { setDataSizeRules, setWorkloadRules } from "../instances/instanceRules.js";
import type { ReplicationLog } from "../replication/dataPlane.model.js";
import { addWorkloads, newLog, noWorkload, withWorkload } from "../replication/logChanges.js";
import { linksOfReplicas, oldestReadPosition } from "../replication/logRetention.js";
import { acknowledgedUntil, writtenAt, zeroPosition } from "../replication/logs.js";
import { requireInstance } from "../shared/lookups.js";
import { moveClientsRules } from "./moveClientsRules.js";

/** Commands on data and workload of an instance. */
export const workloadImplementations = {
  setDataSize: {
    rules: setDataSizeRules,
    decide: setDataSize,
  },
  setWorkload: {
    rules: setWorkloadRules,
    decide: setWorkload,
  },
  moveClients: {
    rules: moveClientsRules,
    decide: moveClients,
  },
} satisfies Implementations;

/** Default bytes of a transaction. */
const usualBytes = 1_000;

/**
 * Sets the data of a source. Its replicas get the same data as far as it fits; a replica that is being built gets it
 * with its build.
 */
function setDataSize(moment: Transaction, command: CommandOf<"setDataSize">): void {
  const instance = requireInstance(moment, command);
  const { usedGb } = command;
  change(moment, instance, { usedGb });
  for (const replica of replicasOf(moment.context.topology, instance)) {
    if (holdsData(replica.state)) {
      change(moment, replica, { usedGb: Math.min(usedGb, replica.volumeGb) });
    }
  }
}

function holdsData(state: InstanceState): boolean {
  return state !== "building" && state !== "error" && state !== "failed";
}

/** Sets the workload, which starts as soon as the instance is available. */
function setWorkload(moment: Transaction, command: CommandOf<"setWorkload">): void {
  const { transactionsPerSecond, bytesPerTransaction = usualBytes } = command;
  const { now } = moment;
  const instance = requireInstance(moment, command);
  const { id, ordinal: row, log: writes, state } = instance;
  const log = writes ?? newLog({ now, position: zeroPosition, workload: noWorkload, since: now });
  moment.emit({
    type: "WorkloadSet",
    id,
    row,
    log: withWorkload(
      log,
      { transactionsPerSecond, bytesPerTransaction },
      {
        now,
        oldest: oldestReadPosition(log, linksOfReplicas(moment.context.topology, instance), now),
        serves: isServing(state),
      },
    ),
  });
}

/**
 * Moves the clients. Clients that could not write before have waited since then; the fact that ends their wait says so.
 * What was acknowledged to them and is not in the log of the other instance is lost.
 */
function moveClients(moment: Transaction, command: CommandOf<"moveClients">): void {
  const from = requireInstance(moment, command);
  const to = requireInstance(moment, { instanceId: command.toInstanceId });
  const { now } = moment;
  const left =
    from.log ?? newLog({ now, position: zeroPosition, workload: noWorkload, since: now });
  const met = to.log ?? newLog({ now, position: zeroPosition, workload: noWorkload, since: now });
  const since = left.interruptedAt;
  const lostTransactions = missingTransactions(moment, { from, left, to });
  moment.emit({
    type: "WorkloadMoved",
    id: from.id,
    row: from.ordinal,
    toId: to.id,
    lostTransactions,
    log: withWorkload(
      { ...left, abandonedTransactions: left.abandonedTransactions + lostTransactions },
      noWorkload,
      { ...turnOf(moment, from, left), serves: isServing(from.state) },
    ),
  });
  const waiting: ReplicationLog =
    since === null
      ? met
      : {
          ...met,
          interruptedAt: Math.min(since, met.interruptedAt ?? since),
          replacedId: from.id,
          lostTransactions: met.lostTransactions + lostTransactions,
        };
  moment.emit({
    type: "WorkloadSet",
    id: to.id,
    row: to.ordinal,
    log: withWorkload(waiting, addWorkloads(left.workload, met.workload), {
      ...turnOf(moment, to, met),
      // They start writing with the fact that ends their wait.
      serves: since === null && isServing(to.state),
    }),
  });
}

/**
 * Returns how many acknowledged transactions of an instance another one lacks that continues the same log, without those
 * whose loss was counted before. 0 for instances without a common log: what they hold is not compared.
 */
function missingTransactions(
  { context: { topology }, now }: Transaction,
  {
    from,
    left,
    to,
  }: { readonly from: Instance; readonly left: ReplicationLog; readonly to: Instance },
): number {
  const shared = sharedTransactions(topology, from, to);
  if (shared === undefined) return 0;
  const acknowledged = acknowledgedUntil(left, linksOfReplicas(topology, from), now);
  const { transactions } = writtenAt(left, acknowledged);
  return Math.max(0, transactions - shared - left.abandonedTransactions);
}

/** Returns how many transactions the logs of two instances have in common; undefined if neither continues the other. */
function sharedTransactions(
  topology: Topology,
  one: Instance,
  other: Instance,
): number | undefined {
  const shared = sharedWithAncestors(topology, one);
  for (const [id, transactions] of sharedWithAncestors(topology, other)) {
    const own = shared.get(id);
    if (own !== undefined) return Math.min(own, transactions);
  }
  return undefined;
}

/** Returns how much of the log of an instance is in each log that it continues, nearest first, itself included. */
function sharedWithAncestors(topology: Topology, instance: Instance): ReadonlyMap<string, number> {
  const { accountId } = instance;
  const shared = new Map([[instance.id, Number.POSITIVE_INFINITY]]);
  let transactions = Number.POSITIVE_INFINITY;
  for (let origin = instance.log?.origin; origin != null; ) {
    const { instanceId: id } = origin;
    // A replica that was promoted back continues a log that continued its own.
    if (shared.has(id)) break;
    transactions = Math.min(transactions, origin.transactions);
    shared.set(id, transactions);
    origin = instanceOf(topology, { accountId, id })?.log?.origin;
  }
  return shared;
}

function turnOf(
  moment: Transaction,
  instance: Instance,
  log: ReplicationLog,
): { readonly now: number; readonly oldest: number } {
  const { now, context } = moment;
  return { now, oldest: oldestReadPosition(log, linksOfReplicas(context.topology, instance), now) };
}
