import type { CommandOf } from "../../domain/commands.js";
import type { Instance } from "../../domain/entities.js";
import type { Fault } from "../../domain/faults.js";
import { cannotServe, type InstanceSignal } from "../../domain/statuses.js";
import { type Rule, type RuleContext, rule, statusViolation, subject } from "./rule.js";

type Inject = CommandOf<"injectFault">;

const targetExists = rule<Inject>({
  id: "fault-target-exists",
  source: "§11 [inferred]",
  fault: "itemNotFound",
  field: "fault",
  says: "The instance that a fault strikes exists in the caller's account.",
  violation: ({ fault }, context) => {
    const { field, id } = targetOf(fault);
    return subject(id, context) === undefined
      ? { message: `instance ${id} was not found`, value: id, field }
      : undefined;
  },
});

const targetReplicates = rule<Inject>({
  id: "fault-is-of-replica",
  source: "T19 [docs]",
  fault: "badRequest",
  field: "fault.replicaId",
  says: "Replication breaks and is repaired on a replica.",
  violation: ({ fault }, context) => {
    if (!("replicaId" in fault)) return undefined;
    return subject(fault.replicaId, context)?.sourceId === null
      ? { message: `${fault.replicaId} is not a replica`, value: fault.replicaId }
      : undefined;
  },
});

const canStrike = rule<Inject>({
  id: "fault-status",
  source: "T19 T20 T21 [docs]",
  fault: "unprocessableEntity",
  field: "fault",
  says: "The instance is in a status that the fault can strike: none strikes twice, and a repair needs damage.",
  violation: ({ fault }, context) => {
    const { field, id } = targetOf(fault);
    const instance = subject(id, context);
    const found = instance && statusViolation(instance, signals[fault.kind], context);
    return found && { ...found, field };
  },
});

const sourceServes = rule<Inject>({
  id: "fault-source-serves",
  source: "C35 T20 [inferred]",
  fault: "unprocessableEntity",
  field: "fault.replicaId",
  says: "Replication is repaired only while its source serves: without one there is nothing to follow.",
  violation: ({ fault }, context) => {
    if (fault.kind !== "repairReplication") return undefined;
    const source = sourceOf(subject(fault.replicaId, context), context);
    return source === undefined || !cannotServe(source.state)
      ? undefined
      : {
          message: `the source ${source.id} is ${source.status}; replication cannot be repaired before it is back`,
          value: source.status,
        };
  },
});

/** No operation of the API: faults that a test asks for. */
export const injectFaultRules: readonly Rule<Inject>[] = [
  targetExists,
  targetReplicates,
  sourceServes,
  canStrike,
];

/** What the lifecycle of the target hears of a fault, and how a refusal calls it. */
const signals: Readonly<
  Record<Fault["kind"], { readonly signal: InstanceSignal; readonly doing: string }>
> = {
  crash: { signal: "service.crashed", doing: "a crash" },
  hang: { signal: "service.hung", doing: "a hang" },
  recover: { signal: "service.recovered", doing: "a recovery" },
  breakReplication: { signal: "replication.broken", doing: "a break of replication" },
  repairReplication: { signal: "replication.repaired", doing: "a repair of replication" },
};

function targetOf(fault: Fault): { readonly field: string; readonly id: string } {
  return "instanceId" in fault
    ? { field: "fault.instanceId", id: fault.instanceId }
    : { field: "fault.replicaId", id: fault.replicaId };
}

function sourceOf(replica: Instance | undefined, context: RuleContext): Instance | undefined {
  const id = replica?.sourceId;
  return id === undefined || id === null ? undefined : subject(id, context);
}
