import type { Transaction } from "../../kernel/transaction.js";
import type { CommandOf } from "../../model/commandTypes.js";
import { InvariantViolationError } from "../../model/errors.js";
import type { Implementations } from "../commands/implementation.js";
import { faultOf } from "./activeFaults.js";
import type { Fault } from "./fault.model.js";
import { clearFaultRules, failTaskRules, injectFaultRules } from "./faultRules.js";
import { birthOfFault, deactivateFault, injectLater, injectNow } from "./processFault.js";

/** Commands on faults. */
export const faultImplementations = {
  failTask: {
    rules: failTaskRules,
    decide: failTask,
  },
  injectFault: {
    rules: injectFaultRules,
    decide: injectFault,
  },
  clearFault: {
    rules: clearFaultRules,
    decide: clearFault,
  },
} satisfies Implementations;

/** Injects a fault, active now or at its time. */
function injectFault(moment: Transaction, command: CommandOf<"injectFault">): void {
  const { fault, label, at, afterMs } = command;
  const birth = birthOfFault(moment, { fault, label });
  if (at === undefined && afterMs === undefined) injectNow(moment, fault, { birth });
  else injectLater(moment, fault, { birth, dueAt: at ?? moment.now + (afterMs ?? 0) });
}

/** Makes a task fail: the short form of a fault. */
function failTask(moment: Transaction, command: CommandOf<"failTask">): void {
  const { type: _, label, ...input } = command;
  const fault: Fault = { kind: "failTask", ...input };
  injectNow(moment, fault, { birth: birthOfFault(moment, { fault, label }) });
}

/** Clears a fault before its time. */
function clearFault(moment: Transaction, { faultId }: CommandOf<"clearFault">): void {
  const { topology, accountId } = moment.context;
  const found = faultOf(topology, { accountId, id: faultId });
  if (found === undefined)
    throw new InvariantViolationError(`fault ${faultId} is missing after its rule passed`);
  deactivateFault(moment, found, "cleared");
}
