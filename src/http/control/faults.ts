import { rowsOf } from "../../collections/table.js";
import type { Topology } from "../../model/topology.js";
import type { Fault, InjectedFault, InjectOptions } from "../../service/faults/fault.model.js";
import type { ReplicationSimulator } from "../../simulator.js";
import type { Reply } from "../reply.js";
import { type Call, dispatchByMethod, membersOf } from "../request.js";

/** The faults of an account: the simulator's own, or the one that `?account=` names. */
export function faults(
  call: Call,
  [faultId, ...more]: readonly string[],
  sim: ReplicationSimulator,
): Reply | undefined {
  const named = call.query.get("account");
  const account = sim.account(named ?? sim.accountId);
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
    GET: () => ({ status: 200, json: { faults: formatFaults(account.listFaults(), sim) } }),
    POST: () => {
      const { fault, options } = parted(membersOf(call));
      // The method validates its input as untrusted data.
      return {
        status: 200,
        json: {
          id: account.inject(
            (named === null ? fault : ofAccount(fault)) as Fault,
            options as InjectOptions,
          ),
        },
      };
    },
  });
}

/** Fault, time and label are in one object: no fault has a field of these names. */
function parted({ at, afterMs, label, ...fault }: Readonly<Record<string, unknown>>) {
  const options = {
    ...(label === undefined ? {} : { label }),
    ...(at === undefined ? {} : { at }),
    ...(afterMs === undefined ? {} : { afterMs }),
  };
  return { fault, options: options as unknown };
}

/** A task fault that is injected for a named account applies to that account, unless it says otherwise. */
function ofAccount(fault: Readonly<Record<string, unknown>>): unknown {
  const isOfWork = fault["kind"] === "failTask" || fault["kind"] === "slowTasks";
  return isOfWork ? { scope: "account", ...fault } : fault;
}

/**
 * Returns faults as JSON. A clock of a random process is a part of the process, and is cleared with it. Clients of an
 * account do not see which process it is, so that the rows of the world are read.
 */
function formatFaults(
  listed: readonly InjectedFault[],
  sim: ReplicationSimulator,
): readonly object[] {
  // The public type hides the tables of what is the topology itself.
  const { faults: table } = sim.topology as Topology;
  const rows = [...rowsOf(table)];
  const idOf = new Map(rows.map(({ ordinal, id }) => [ordinal, id]));
  const processOf = new Map(
    rows.flatMap(({ id, ordinal, clockOf }) =>
      clockOf === null || clockOf.processOrdinal === ordinal
        ? []
        : [[id, idOf.get(clockOf.processOrdinal) ?? null] as const],
    ),
  );
  return listed.map((fault) => formatFault(fault, fault.partOf ?? processOf.get(fault.id) ?? null));
}

/** Returns the fields that apply. */
function formatFault(
  { id, label, fault, phase, injectedAt, dueAt, endsAt }: InjectedFault,
  partOf: string | null,
): object {
  return {
    id,
    ...(label === null ? {} : { label }),
    fault,
    phase,
    injectedAt,
    ...(dueAt === null ? {} : { dueAt }),
    ...(endsAt === null ? {} : { endsAt }),
    ...(partOf === null ? {} : { partOf }),
  };
}
