import type { CommandOf } from "../../domain/commands.js";
import type { InstanceState } from "../../domain/statuses.js";
import { isServing } from "../../lifecycle/instanceStates.js";
import { zeroPosition } from "../../topology/logs.js";
import { replicasOf } from "../../topology/queries.js";
import { setDataSizeRules, setWorkloadRules } from "../../topology/rules/instances.js";
import { linksOfReplicas, oldestReadPosition } from "../dataPlane/logRetention.js";
import { newLog, noWorkload, withWorkload } from "../dataPlane/logs.js";
import type { Transaction } from "../transaction.js";
import type { Implementations } from "./implementation.js";
import { change } from "./instances.js";
import { requireInstance } from "./lookups.js";

/** What the users of an instance do. */
export const workloadImplementations = {
  setDataSize: {
    rules: setDataSizeRules,
    decide: setDataSize,
  },
  setWorkload: {
    rules: setWorkloadRules,
    decide: setWorkload,
  },
} satisfies Implementations;

/** Bytes of a transaction where nobody says how many. */
const usualBytes = 1_000;

/** What a source holds, its replicas hold as well, as far as it fits; one that is being built gets it with its build. */
function setDataSize(moment: Transaction, command: CommandOf<"setDataSize">): void {
  const instance = requireInstance(moment, command);
  const { usedGb } = command;
  change(moment, instance, { usedGb });
  for (const replica of replicasOf(moment.context.topology, instance)) {
    if (holdsData(replica.state)) {
      change(moment, replica, { usedGb: Math.min(usedGb, replica.volumeGb) });
    }
  }
}

function holdsData(state: InstanceState): boolean {
  return state !== "building" && state !== "error" && state !== "failed";
}

/** Users write at another rate from now on, or as soon as their instance answers. */
function setWorkload(moment: Transaction, command: CommandOf<"setWorkload">): void {
  const { transactionsPerSecond, bytesPerTransaction = usualBytes } = command;
  const { now } = moment;
  const instance = requireInstance(moment, command);
  const { id, ordinal: row, log: writes, state } = instance;
  const log = writes ?? newLog({ now, position: zeroPosition, workload: noWorkload, since: now });
  moment.emit({
    type: "WorkloadSet",
    id,
    row,
    log: withWorkload(
      log,
      { transactionsPerSecond, bytesPerTransaction },
      {
        now,
        oldest: oldestReadPosition(log, linksOfReplicas(moment.context.topology, instance), now),
        serves: isServing(state),
      },
    ),
  });
}
