import type { CommandOf } from "../../domain/commands.js";
import type { Instance } from "../../domain/entities.js";
import type { Fault } from "../../domain/faults.js";
import { crash, hang, recover, replicationSignal } from "../health.js";
import type { Moment } from "../moment.js";
import { named } from "./named.js";

/** A fault strikes now. */
export function injectFault(moment: Moment, { fault }: CommandOf<"injectFault">): void {
  const number = moment.context.topology.faultsInjected;
  moment.facts.push({ type: "FaultInjected", id: `fault-${String(number)}`, fault });
  strike(moment, fault);
}

function strike(moment: Moment, fault: Fault): void {
  switch (fault.kind) {
    case "crash":
      crash(moment, named(moment, fault));
      return;
    case "hang":
      hang(moment, named(moment, fault));
      return;
    case "recover":
      recover(moment, named(moment, fault));
      return;
    case "breakReplication":
      replicationSignal(moment, replica(moment, fault), "replication.broken");
      return;
    case "repairReplication":
      replicationSignal(moment, replica(moment, fault), "replication.repaired");
  }
}

function replica(moment: Moment, { replicaId }: { readonly replicaId: string }): Instance {
  return named(moment, { instanceId: replicaId });
}

/** Work that is to fail is noted; it strikes when such work ends. */
export function failTask(moment: Moment, command: CommandOf<"failTask">): void {
  const { of, skip = 0, every = 1, times = 1, atPreparation = false, message } = command;
  moment.facts.push({
    type: "FailurePlanned",
    failure: {
      number: moment.context.topology.failuresPlanned,
      task: command.task,
      of: of ?? null,
      skip,
      every,
      times,
      atPreparation,
      message: message ?? null,
      cause: moment.seq,
    },
  });
}
