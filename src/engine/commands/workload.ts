import type { CommandOf } from "../../domain/commands.js";
import { type InstanceState, isServing } from "../../domain/statuses.js";
import { zeroPosition } from "../../topology/logs.js";
import { replicasOf } from "../../topology/queries.js";
import { newLog, noWorkload, withWorkload } from "../dataPlane/logs.js";
import { linksTo, readUntil } from "../dataPlane/readers.js";
import type { Moment } from "../moment.js";
import { change } from "./instances.js";
import { named } from "./named.js";

/** Bytes of a transaction where nobody says how many. */
const usualBytes = 1_000;

/** What a source holds, its replicas hold as well, as far as it fits; one that is being built gets it with its build. */
export function setDataSize(moment: Moment, command: CommandOf<"setDataSize">): void {
  const instance = named(moment, command);
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
export function setWorkload(moment: Moment, command: CommandOf<"setWorkload">): void {
  const { transactionsPerSecond, bytesPerTransaction = usualBytes } = command;
  const { now } = moment;
  const instance = named(moment, command);
  const { id, ordinal: row, writes, state } = instance;
  const log = writes ?? newLog({ now, position: zeroPosition, workload: noWorkload, since: now });
  moment.facts.push({
    type: "WorkloadSet",
    id,
    row,
    writes: withWorkload(
      log,
      { transactionsPerSecond, bytesPerTransaction },
      {
        now,
        oldest: readUntil(log, linksTo(moment.context.topology, instance), now),
        serves: isServing(state),
      },
    ),
  });
}
