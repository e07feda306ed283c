import { rowAt } from "../../collections/table.js";
import type { RuleContext } from "../../kernel/ruleContext.js";
import { isDown } from "../../lifecycle/instanceStates.js";
import type { CommandOf, InputOf } from "../../model/commandTypes.js";
import { isOfPlaces, placeOfTarget } from "../../model/randomPlaces.js";
import { labelIsFree } from "../accounts/labelRules.js";
import { instancesInPlace } from "../placement/placement.js";
import { placeViolation } from "../placement/placementRules.js";
import {
  type Rule,
  requireSubject,
  rule,
  statusViolation,
  subjectGroup,
  type Violation,
} from "../shared/rule.js";
import { faultOf, faultOnPart, findResource, targetIdOf } from "./activeFaults.js";
import { correlatedKinds, type Fault, type FaultablePart, infoOf, isPart } from "./fault.model.js";

type Inject = CommandOf<"injectFault">;
type FailTask = CommandOf<"failTask">;
type ClearFault = CommandOf<"clearFault">;

const targetExists = rule<Inject>({
  id: "fault-target-exists",
  source: "§11 [inferred]",
  code: "itemNotFound",
  field: "fault",
  description: "The fault target exists in the caller's account when the fault becomes active.",
  violation: (command, context) =>
    isToCome(command) ? undefined : missingTarget(command.fault, context),
});

const oneTime = rule<Inject>({
  id: "fault-time",
  source: "§11 [inferred]",
  code: "badRequest",
  field: "at",
  description: "The fields `at` and `afterMs` are mutually exclusive.",
  violation: ({ at, afterMs }) =>
    at !== undefined && afterMs !== undefined
      ? { message: "pass either `at` or `afterMs`, not both", value: at }
      : undefined,
});

const preparationIsOfBuild = rule<Inject>({
  id: "preparation-is-of-build",
  source: "T4 [inferred]",
  code: "badRequest",
  field: "fault.atPreparation",
  description: "The option `atPreparation` is used with the task `build` only.",
  violation: ({ fault }) => (fault.kind === "failTask" ? noPreparation(fault) : undefined),
});

const targetReplicates = rule<Inject>({
  id: "fault-is-of-replica",
  source: "T19 [docs]",
  code: "badRequest",
  field: "fault.replicaId",
  description: "The target of a replication or link fault is a replica.",
  violation: (command, context) => {
    const { fault } = command;
    if (isToCome(command) || !("replicaId" in fault)) return undefined;
    return requireSubject(fault.replicaId, context)?.sourceId === null
      ? { message: `instance ${fault.replicaId} is not a replica`, value: fault.replicaId }
      : undefined;
  },
});

const slowSomehow = rule<Inject>({
  id: "slow-link-needs-lag-or-factor",
  source: "§11 [inferred]",
  code: "badRequest",
  field: "fault.lagMs",
  description: "A slow link has `lagMs`, `factor` or both.",
  violation: ({ fault }) =>
    fault.kind === "slowLink" && fault.lagMs === undefined && fault.factor === undefined
      ? { message: "slowLink requires lagMs, factor or both", allowed: "lagMs, factor" }
      : undefined,
});

const oneOnLink = rule<Inject>({
  id: "fault-link",
  source: "§11 [inferred]",
  code: "unprocessableEntity",
  field: "fault.replicaId",
  description: "A link has at most one fault at a time, and is restored only if it has one.",
  violation: (command, context) =>
    faultHeld(command, context, { part: "link", noun: "the link of replica" }),
});

const oneOnNetwork = rule<Inject>({
  id: "fault-network",
  source: "§11 [inferred]",
  code: "unprocessableEntity",
  field: "fault.instanceId",
  description:
    "An instance is in at most one partition at a time, and leaves one only if it is in one.",
  violation: (command, context) =>
    faultHeld(command, context, { part: "network", noun: "the network of instance" }),
});

const hasPlace = rule<Inject>({
  id: "correlated-place",
  source: "§11 [inferred]",
  code: "badRequest",
  field: "fault.zone",
  description: "A correlated fault names a zone or a rack.",
  violation: ({ fault }) =>
    fault.kind === "correlated" && fault.zone === undefined && fault.rack === undefined
      ? { message: "correlated requires zone, rack or both", allowed: "zone, rack" }
      : undefined,
});

const placeIsKnown = rule<Inject>({
  id: "known-place",
  source: "§11 [inferred]",
  code: "badRequest",
  field: "fault.zone",
  description:
    "The zone exists in the region, and the rack in the zone, or in any zone if no zone is given.",
  violation: ({ fault }, context) => {
    if (fault.kind === "correlated") return placeViolation(fault, context, "fault.");
    if (fault.kind !== "random") return undefined;
    const place = placeOfTarget(fault.target);
    return place && placeViolation(place, context, "fault.target.");
  },
});

const placeFailsAsWhole = rule<Inject>({
  id: "random-place",
  source: "§11 [inferred]",
  code: "badRequest",
  field: "fault.target",
  description:
    "Zones and racks fail at random by `injectRandom`, with a kind of failure that a correlated fault has.",
  violation: ({ fault }) => {
    if (fault.kind !== "random" && fault.kind !== "randomAmong") return undefined;
    if (!isOfPlaces(fault.target)) return undefined;
    if (fault.kind === "randomAmong") {
      const message = "a zone or a rack has a clock of its own; use injectRandom";
      return { message, value: JSON.stringify(fault.target), allowed: "instances" };
    }
    if (correlatedKinds.some((kind) => kind === fault.fault)) return undefined;
    const message = `${fault.fault} is no failure of a whole zone or rack`;
    return { message, field: "fault.fault", value: fault.fault, allowed: correlatedKinds };
  },
});

const hasVictims = rule<Inject>({
  id: "correlated-victims",
  source: "§11 [inferred]",
  code: "unprocessableEntity",
  field: "fault.effect",
  description: "At least one instance in the place of a correlated fault is in service.",
  violation: (command, context) => {
    const { fault } = command;
    if (isToCome(command) || fault.kind !== "correlated") return undefined;
    if (instancesInPlace(context, context.accountId, fault).length > 0) return undefined;
    const place = [fault.zone, fault.rack].filter((one) => one !== undefined).join(", ");
    return {
      message: `no instance in ${place} is in service; create one or wait for it`,
      value: fault.effect,
    };
  },
});

/** Why a part that no lifecycle knows cannot be damaged, or repaired. */
function faultHeld(
  command: Inject,
  context: RuleContext,
  { part, noun }: { readonly part: FaultablePart; readonly noun: string },
): Violation | undefined {
  const { fault } = command;
  const info = infoOf(fault);
  const value = targetIdOf(fault);
  if (isToCome(command) || value === null) return undefined;
  if (info.part !== part && info.repairs !== part) return undefined;
  const instance = requireSubject(value, context);
  const found = instance && faultOnPart(context.topology, part, instance);
  if (info.part === part) {
    return found && { message: `${noun} ${value} already has ${found.id}; clear it first`, value };
  }
  return found === undefined ? { message: `${noun} ${value} has no fault`, value } : undefined;
}

const sourceServes = rule<Inject>({
  id: "source-available",
  source: "C35 T20 [inferred]",
  code: "unprocessableEntity",
  field: "fault.replicaId",
  description: "The source is available when replication is repaired.",
  violation: (command, context) => {
    const { fault } = command;
    if (isToCome(command) || fault.kind !== "repairReplication") return undefined;
    const id = requireSubject(fault.replicaId, context)?.sourceId;
    const source = typeof id === "string" ? requireSubject(id, context) : undefined;
    return source === undefined || !isDown(source.state)
      ? undefined
      : {
          message: `cannot repair replication while the source ${source.id} is ${source.status}; recover the source first`,
          value: source.status,
        };
  },
});

const canActivate = rule<Inject>({
  id: "fault-status",
  source: "T19 T20 T21 [docs]",
  code: "unprocessableEntity",
  field: "fault",
  description:
    "The status of the instance allows the fault. A fault cannot be active twice, and a repair needs something to repair.",
  violation: (command, context) => {
    const { fault } = command;
    const { sends } = infoOf(fault);
    if (isToCome(command) || sends === null) return undefined;
    const instance = requireSubject(targetIdOf(fault) ?? "", context);
    const found = instance && statusViolation(instance, sends, context);
    return found && { ...found, field: `fault.${fieldOf(fault)}` };
  },
});

const faultTimeToCome = rule<Inject>({
  id: "fault-time-in-future",
  source: "§11 [inferred]",
  code: "unprocessableEntity",
  field: "at",
  description: "The fault time is not in the past.",
  violation: ({ at }, { now }) =>
    at === undefined || at >= now
      ? undefined
      : {
          message: `fault time ${String(at)} is in the past; the current virtual time is ${String(now)}`,
          value: at,
          allowed: `${String(now)} or more`,
        },
});

/** No operation of the API: faults that a test asks for. */
export const injectFaultRules: readonly Rule<Inject>[] = [
  targetExists,
  oneTime,
  preparationIsOfBuild,
  slowSomehow,
  hasPlace,
  placeIsKnown,
  placeFailsAsWhole,
  targetReplicates,
  labelIsFree(),
  faultTimeToCome,
  oneOnLink,
  oneOnNetwork,
  hasVictims,
  sourceServes,
  canActivate,
];

/** The same for the convenient form of one kind of fault. */
export const failTaskRules: readonly Rule<FailTask>[] = [
  {
    ...targetExists,
    field: "of",
    violation: (command, context) => missingTarget({ ...command, kind: "failTask" }, context, "of"),
  },
  { ...preparationIsOfBuild, field: "atPreparation", violation: noPreparation },
  labelIsFree(),
];

const faultExists = rule<ClearFault>({
  id: "fault-exists",
  source: "§11 [inferred]",
  code: "itemNotFound",
  field: "faultId",
  description: "The fault exists in the caller's account and is scheduled, active or recurring.",
  violation: ({ faultId }, { topology, accountId }) =>
    faultOf(topology, { accountId, id: faultId }) === undefined
      ? { message: `fault ${faultId} not found, or already ended`, value: faultId }
      : undefined,
});

const wholeProcess = rule<ClearFault>({
  id: "fault-is-whole",
  source: "§11 [inferred]",
  code: "unprocessableEntity",
  field: "faultId",
  description: "A random or correlated fault is cleared as a whole, not for one of its instances.",
  violation: ({ faultId }, { topology, accountId }) => {
    const fault = faultOf(topology, { accountId, id: faultId });
    if (fault !== undefined && isPart(fault)) {
      return {
        message: `fault ${faultId} is the part of a correlated fault for one instance; clear ${fault.partOf}`,
        value: faultId,
        allowed: fault.partOf,
      };
    }
    const clockOf = fault?.clockOf ?? null;
    if (clockOf === null || clockOf.processOrdinal === fault?.ordinal) return undefined;
    const owner = rowAt(topology.faults, clockOf.processOrdinal);
    const unit = clockOf.instanceOrdinal === null ? "place" : "instance";
    return {
      message: `fault ${faultId} is the part of a random fault for one ${unit}; clear ${owner?.id ?? "its process"}`,
      value: faultId,
      ...(owner === undefined ? {} : { allowed: owner.id }),
    };
  },
});

/** A fault is lifted once. */
export const clearFaultRules: readonly Rule<ClearFault>[] = [faultExists, wholeProcess];

/** What is to come is held to what is there when it comes. */
function isToCome({ at, afterMs }: Inject): boolean {
  return at !== undefined || afterMs !== undefined;
}

function missingTarget(
  fault: Fault,
  context: RuleContext,
  field = `fault.${fieldOf(fault)}`,
): Violation | undefined {
  const { topology, accountId } = context;
  const id = targetIdOf(fault);
  if (id === null) return undefined;
  const what = fieldOf(fault);
  const found =
    what === "of"
      ? findResource(topology, { accountId, id })
      : (what === "target.groupId" ? subjectGroup : requireSubject)(id, context);
  if (found !== undefined) return undefined;
  if (what === "of") {
    return { message: `instance, HA group or backup ${id} not found`, value: id, field };
  }
  const word = what === "target.groupId" ? "HA group" : "instance";
  return { message: `${word} ${id} not found`, value: id, field };
}

/** The field in which a fault names its target. */
function fieldOf(fault: Fault): string {
  const field = infoOf(fault).target ?? "of";
  if (!("target" in fault)) return field;
  const { target } = fault;
  if (target === "all") return field;
  const named = (["groupId", "sourceId", "instanceId"] as const).find((one) => one in target);
  return `${field}.${named ?? "role"}`;
}

function noPreparation({
  task,
  atPreparation = false,
}: InputOf<"failTask">): Violation | undefined {
  return atPreparation && task !== "build"
    ? {
        message: `task ${task} has no preparation step; atPreparation is for build only`,
        value: task,
        allowed: "build",
      }
    : undefined;
}
