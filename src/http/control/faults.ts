import type { Fault, FaultTiming, InjectedFault } from "../../domain/faults.js";
import type { ReplicationSimulator } from "../../simulator.js";
import type { Reply } from "../reply.js";
import { type Call, dispatchByMethod, membersOf } from "../request.js";

/** The faults of an account: the simulator's own, or the one that `?account=` names. */
export function faults(
  call: Call,
  [faultId, ...more]: readonly string[],
  sim: ReplicationSimulator,
): Reply | undefined {
  const account = sim.account(call.query.get("account") ?? sim.accountId);
  if (more.length > 0) return undefined;
  if (faultId !== undefined) {
    return dispatchByMethod(call, {
      DELETE: () => {
        account.clearFault(faultId);
        return { status: 204 };
      },
    });
  }
  return dispatchByMethod(call, {
    GET: () => ({ status: 200, json: { faults: account.listFaults().map(formatValue) } }),
    POST: () => {
      const { fault, time } = parted(membersOf(call));
      // The verb reads what it is given as untrusted data.
      return { status: 200, json: { id: account.inject(fault as Fault, time as FaultTiming) } };
    },
  });
}

/** A fault and its time stand in one object: no fault has a member of these names. */
function parted({ at, afterMs, ...fault }: Readonly<Record<string, unknown>>) {
  const time = {
    ...(at === undefined ? {} : { at }),
    ...(afterMs === undefined ? {} : { afterMs }),
  };
  return { fault: fault as unknown, time: time as unknown };
}

/** What is of use to a caller; absent what does not apply. */
function formatValue({ id, fault, phase, injectedAt, dueAt, endsAt }: InjectedFault): object {
  return {
    id,
    fault,
    phase,
    injectedAt,
    ...(dueAt === null ? {} : { dueAt }),
    ...(endsAt === null ? {} : { endsAt }),
  };
}
