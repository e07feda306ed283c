import { scanIds } from "../collections/idIndex.js";
import { rowAt } from "../collections/table.js";
import type { Distribution } from "../domain/distributions.js";
import type { Instance } from "../domain/entities.js";
import type { Fault, InjectedFault, RandomFault } from "../domain/faults.js";
import type { InstanceSignal } from "../domain/statuses.js";
import { faultOnPart } from "../topology/faults.js";
import {
  accountOf,
  groupOf,
  instanceOf,
  membersOf,
  replicationSetOf,
} from "../topology/queries.js";
import { durationOf } from "./distribution.js";
import type { Transaction } from "./transaction.js";

/**
 * A process of random faults strikes: one of those that can be struck now, each as likely as the others.
 * @returns the fault, to be injected; undefined when nobody can be struck
 */
export function pickRandomFault(
  moment: Transaction,
  row: InjectedFault,
  recurring: RandomFault,
): Fault | undefined {
  const { activations: strikes, ordinal, id } = row;
  const candidates = victimsOf(moment, row, recurring);
  const victim = highest(moment, row, candidates);
  const downMs = lasting(moment, row, recurring.timeToRepair);
  // The clock of a single instance stands while it is down.
  const isSingle = recurring.of !== "all" && "instanceId" in recurring.of;
  const from = moment.now + (isSingle && victim !== undefined ? downMs : 0);
  const dueAt = nextActivation(moment, row, { fault: recurring, from, strikes: strikes + 1 });
  const { phase, endsAt, targetOrdinal: on, remaining: left } = row;
  moment.emit({
    type: "FaultActivated",
    id,
    row: ordinal,
    changes: {
      phase,
      dueAt,
      seq: moment.takeSeq(),
      endsAt,
      targetOrdinal: on,
      activations: strikes + 1,
      remaining: left,
    },
    skipped: victim === undefined ? reasonOf(moment, row, recurring) : null,
  });
  if (victim === undefined) return undefined;
  const kind = recurring.fault;
  return kind === "breakReplication" || kind === "cutLink"
    ? { kind, replicaId: victim.id, durationMs: downMs }
    : { kind, instanceId: victim.id, durationMs: downMs };
}

/** When a process strikes next, or ends where that comes first. Time goes on between two strikes, whatever is drawn. */
export function nextActivation(
  moment: Transaction,
  row: InjectedFault,
  {
    fault,
    from,
    strikes,
  }: { readonly fault: RandomFault; readonly from: number; readonly strikes: number },
): number {
  const next =
    from + Math.max(1, durationOf(fault.every, drawn(moment, row, strikes, "timeToFailure")));
  return row.endsAt === null ? next : Math.min(next, row.endsAt);
}

function lasting(moment: Transaction, row: InjectedFault, distribution: Distribution): number {
  return durationOf(distribution, drawn(moment, row, row.activations, "timeToRepair"));
}

function drawn(
  moment: Transaction,
  { key }: InjectedFault,
  sequence: number,
  purpose: "timeToFailure" | "timeToRepair",
): number {
  return moment.context.chance.draw({ purpose, key, sequence });
}

/**
 * One of the candidates, each as likely as the others: whose hash with this strike is the highest. One candidate more
 * takes its share of the strikes, and leaves all others to those who had them.
 */
function highest(
  { context }: Transaction,
  { key, activations: sequence }: InjectedFault,
  candidates: readonly Instance[],
): Instance | undefined {
  let best: Instance | undefined;
  let height = -1;
  for (const candidate of candidates) {
    const rank = context.chance.rank({ purpose: "victim", key, sequence }, candidate.key);
    const isHigher =
      rank === height && best !== undefined ? candidate.key > best.key : rank > height;
    if (isHigher) [best, height] = [candidate, rank];
  }
  return best;
}

const signals = {
  crash: "service.crashed",
  hang: "service.hung",
  breakReplication: "replication.broken",
} as const satisfies Partial<Readonly<Record<RandomFault["fault"], InstanceSignal>>>;

function victimsOf(
  moment: Transaction,
  { accountId }: InjectedFault,
  { fault, of }: RandomFault,
): readonly Instance[] {
  const { lifecycle, topology } = moment.context;
  return targetsOf(moment, accountId, of).filter((one) => {
    if (fault === "cutLink") {
      return one.sourceId !== null && faultOnPart(topology, "link", one) === undefined;
    }
    if (fault === "breakReplication" && one.sourceId === null) return false;
    return lifecycle.instance.transitions[one.state][signals[fault]] !== undefined;
  });
}

/** Those whom a process is about, in an order that does not depend on ids. */
function targetsOf(
  { context }: Transaction,
  accountId: string,
  of: RandomFault["of"],
): readonly Instance[] {
  const { topology } = context;
  if (of === "all") {
    const all: Instance[] = [];
    const account = accountOf(topology, accountId);
    if (account === undefined) return all;
    scanIds(account.instances, undefined, (ordinal) => {
      const instance = rowAt(topology.instances, ordinal);
      if (instance !== undefined) all.push(instance);
      return true;
    });
    return all.sort((a, b) => a.ordinal - b.ordinal);
  }
  if ("groupId" in of) {
    const group = groupOf(topology, { accountId, id: of.groupId });
    return group === undefined ? [] : membersOf(topology, group);
  }
  const id = "sourceId" in of ? of.sourceId : of.instanceId;
  const instance = instanceOf(topology, { accountId, id });
  if (instance === undefined) return [];
  return "sourceId" in of ? replicationSetOf(topology, instance) : [instance];
}

function reasonOf(moment: Transaction, { accountId }: InjectedFault, { of }: RandomFault): string {
  const targets = targetsOf(moment, accountId, of);
  const [only] = targets;
  return only !== undefined && targets.length === 1
    ? `instance ${only.id} is ${only.status}`
    : `none of ${String(targets.length)} instances can be struck`;
}
