import { RuleRefusedError, TimeBoundError } from "../domain/errors.js";

/** A clock that is told to go back. */
export function goesBack({
  now,
  until,
}: {
  readonly now: number;
  readonly until: number;
}): RuleRefusedError {
  return new RuleRefusedError({
    fault: "badRequest",
    rule: "time-goes-forward",
    message: `virtual time is ${String(now)} and never goes back; got ${String(until)}`,
    field: "time",
    value: until,
    allowed: `${String(now)} or more`,
  });
}

/** A call that has taken as many steps as one may. */
export function tooManySteps(doing: string, stepsMax: number): TimeBoundError {
  return new TimeBoundError({
    fault: "instanceFault",
    rule: "steps-max",
    message: `${doing} took ${String(stepsMax)} steps and is not at its end; raise stepsMax, or go in smaller parts`,
    field: "stepsMax",
    value: stepsMax,
  });
}
