import type { OperationFault, Work } from "../../domain/entities.js";
import type { PlannedFailure } from "../../domain/facts.js";
import type { Moment } from "../moment.js";

/** How work ends: well, or by a failure that was planned. */
export interface Ending {
  readonly work: Work;
  readonly failure: PlannedFailure | undefined;
}

/** What a row shows of an operation that went wrong. */
export function faultOf(moment: Moment, work: Work, message: string | null): OperationFault {
  return {
    task: work.task,
    message: message ?? `the ${work.task} task failed`,
    createdAt: moment.now,
  };
}

/** The planned failure that strikes this work; counting one that lets it pass is a fact as well. */
export function plannedFailure(
  moment: Moment,
  { id, work }: { readonly id: string; readonly work: Work },
): PlannedFailure | undefined {
  const { plannedFailures } = moment.context.topology;
  if (plannedFailures.length === 0) return undefined;
  for (const failure of plannedFailures) {
    if (failure.task !== work.task || (failure.of !== null && failure.of !== id)) continue;
    const { number, skip, times, every } = failure;
    if (skip > 0) {
      moment.facts.push({ type: "FailureCounted", number, skip: skip - 1, times });
      continue;
    }
    moment.facts.push({ type: "FailureCounted", number, skip: every - 1, times: times - 1 });
    return failure;
  }
  return undefined;
}
