import type { OperationFault, Work } from "../../domain/entities.js";
import type { FailTaskFault, InjectedFault } from "../../domain/faults.js";
import { standing } from "../../topology/faults.js";
import { endFault } from "../faults.js";
import type { Moment } from "../moment.js";

/** How work ends: well, or by a failure that was planned. */
export interface Ending {
  readonly work: Work;
  readonly failure: FailTaskFault | undefined;
}

/** Whose work it is. */
interface Worker {
  readonly id: string;
  readonly accountId: string;
  readonly work: Work | null;
}

/** What a row shows of an operation that went wrong. */
export function faultOf(
  moment: Moment,
  work: Work,
  message: string | null | undefined,
): OperationFault {
  return {
    task: work.task,
    message: message ?? `the ${work.task} task failed`,
    createdAt: moment.now,
  };
}

/**
 * The planned failure that strikes the work of a row; counting one that lets it pass is a fact as well.
 * @param others - ids of what the work is done for, beside the row's own
 */
export function plannedFailure(
  moment: Moment,
  worker: Worker,
  others: readonly string[] = [],
): FailTaskFault | undefined {
  const { topology } = moment.context;
  if (topology.watchedFaults.length === 0) return undefined;
  for (const { row, fault } of standing(topology, "failTask")) {
    if (fault.task !== worker.work?.task) continue;
    if (fault.of !== undefined && !isMeant(fault.of, row, worker, others)) continue;
    const { id, ordinal, left } = row;
    const { skip, times } = left ?? { skip: 0, times: 1 };
    const next =
      skip > 0 ? { skip: skip - 1, times } : { skip: (fault.every ?? 1) - 1, times: times - 1 };
    if (next.times === 0) endFault(moment, row, { how: "spent" });
    else moment.facts.push({ type: "FaultCounted", id, row: ordinal, left: next });
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
