import { RuleViolationError, TimeLimitError } from "../model/errors.js";
import { invalidWorldDataError } from "./serialization.js";

/** Returns the refusal to move time backwards. */
export function timeGoesBackError({
  now,
  until,
}: {
  readonly now: number;
  readonly until: number;
}): RuleViolationError {
  return new RuleViolationError({
    code: "badRequest",
    rule: "time-goes-forward",
    message: `time ${String(until)} is in the past; the current virtual time is ${String(now)}, and it never goes back`,
    field: "time",
    value: until,
    allowed: `${String(now)} or more`,
  });
}

/** Returns the error of a call that reached its maximum number of steps. */
export function stepLimitError(doing: string, maxSteps: number): TimeLimitError {
  return new TimeLimitError({
    code: "instanceFault",
    rule: "steps-max",
    message: `${doing} stopped after ${String(maxSteps)} steps (maxSteps); raise maxSteps or advance in smaller increments`,
    field: "maxSteps",
    value: maxSteps,
  });
}

/**
 * Returns the refusal of a function that the simulator calls and that tries to change the world during a transaction.
 */
export function openTransactionError(): RuleViolationError {
  return new RuleViolationError({
    code: "badRequest",
    rule: "one-transaction",
    message:
      "a function that the simulator calls for an id or a lifecycle step may not change the world that calls it",
    field: "createId",
    allowed: "commands and steps of time from outside, or from a listener",
  });
}

/**
 * Checks that a replay can go to the time of its next entry.
 * @param world - its present, and when the next thing is due
 * @throws InvalidWorldDataError `journal-differs`
 */
export function checkJump(
  time: number,
  { now, dueAt }: { readonly now: number; readonly dueAt: number | undefined },
): void {
  if (time < now)
    throw invalidWorldDataError(
      "journal-differs",
      `journal entry at ${String(time)} is before the current virtual time ${String(now)}`,
    );
  if (dueAt !== undefined && dueAt < time)
    throw invalidWorldDataError(
      "journal-differs",
      `replay mismatch: a task is due at ${String(dueAt)}, but the next journal entry is at ${String(time)}`,
    );
}
