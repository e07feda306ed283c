import { RuleViolationError, TimeLimitError } from "../domain/errors.js";

/** A clock that is told to go back. */
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

/** A call that has taken as many steps as one may. */
export function stepLimitError(doing: string, maxSteps: number): TimeLimitError {
  return new TimeLimitError({
    code: "instanceFault",
    rule: "steps-max",
    message: `${doing} stopped after ${String(maxSteps)} steps (maxSteps); raise maxSteps or advance in smaller increments`,
    field: "maxSteps",
    value: maxSteps,
  });
}

/** A function that the simulator calls, and that tries to change the world in the middle of a transaction. */
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
