import type { Transaction } from "../../kernel/transaction.js";
import type { OperationError, Work } from "../../model/rows.js";
import { activeFaults } from "./activeFaults.js";
import type { FaultOf, InjectedFault } from "./fault.model.js";
import { endFault } from "./processFault.js";

/** How a task ended: successfully, or by an injected failure. */
export interface TaskOutcome {
  readonly work: Work;
  readonly failure: FaultOf<"failTask"> | undefined;
}

/** The row that a task belongs to. */
interface Worker {
  readonly id: string;
  readonly accountId: string;
  readonly work: Work | null;
}

/** Returns the error that a row shows after a failed operation. */
export function faultOf(
  moment: Transaction,
  work: Work,
  message: string | null | undefined,
): OperationError {
  return {
    task: work.task,
    message: message ?? `the ${work.task} task failed`,
    createdAt: moment.now,
  };
}

/**
 * Returns the injected failure of a task, if one applies. Counting a task that does not fail is a fact as well.
 * @param others - ids that the task serves, besides its own row
 */
export function injectedFailureFor(
  moment: Transaction,
  worker: Worker,
  others: readonly string[] = [],
): FaultOf<"failTask"> | undefined {
  const { topology } = moment.context;
  if (topology.watchedFaults.length === 0) return undefined;
  for (const { row, fault } of activeFaults(topology, "failTask")) {
    if (fault.task !== worker.work?.task) continue;
    if (fault.of !== undefined && !isMeant(fault.of, row, worker, others)) continue;
    if (fault.scope === "account" && worker.accountId !== row.accountId) continue;
    const { id, ordinal, remaining: left } = row;
    const { skip, times } = left ?? { skip: 0, times: 1 };
    const next =
      skip > 0 ? { skip: skip - 1, times } : { skip: (fault.every ?? 1) - 1, times: times - 1 };
    if (next.times === 0) endFault(moment, row, { outcome: "exhausted" });
    else moment.emit({ type: "FaultCounterChanged", id, row: ordinal, left: next });
    if (skip > 0) continue;
    moment.owe(row.cause);
    return fault;
  }
  return undefined;
}

function isMeant(
  of: string,
  { accountId }: InjectedFault,
  worker: Worker,
  others: readonly string[],
): boolean {
  return worker.accountId === accountId && (worker.id === of || others.includes(of));
}
