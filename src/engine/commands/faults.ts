import type { CommandOf } from "../../domain/commands.js";
import { InvariantBrokenError } from "../../domain/errors.js";
import { faultOf } from "../../topology/faults.js";
import { injectLater, injectNow, lift } from "../faults.js";
import type { Moment } from "../moment.js";

/** A fault strikes now, or at its time. */
export function injectFault(moment: Moment, command: CommandOf<"injectFault">): void {
  const { fault, at, afterMs } = command;
  if (at === undefined && afterMs === undefined) injectNow(moment, fault);
  else injectLater(moment, fault, at ?? moment.now + (afterMs ?? 0));
}

/** Work that is to fail: the convenient form of a fault. */
export function failTask(moment: Moment, command: CommandOf<"failTask">): void {
  const { type: _, ...input } = command;
  injectNow(moment, { kind: "failTask", ...input });
}

/** A fault ends before its time. */
export function liftFault(moment: Moment, { faultId }: CommandOf<"liftFault">): void {
  const { topology, accountId } = moment.context;
  const found = faultOf(topology, { accountId, id: faultId });
  if (found === undefined) throw new InvariantBrokenError(`the rules let pass ${faultId}`);
  lift(moment, found, "lifted");
}
