import type { Command } from "../../model/commandTypes.js";
import type { Distribution } from "../../model/distributions.js";
import { isOfPlaces, type RandomPlaces } from "../../model/randomPlaces.js";
import { type RandomRole, type RandomTarget } from "../../service/faults/fault.model.js";
import { commandMembers, faultMembers } from "../format/actionFields.js";
import { fromDistribution } from "../format/distributions.js";
import { idFields, idPrefix } from "../format/references.js";
import type { ActionOf } from "../format/scenario.js";

/**
 * Returns the action of a scenario that stands for a command.
 * @param now - virtual time of the command: a fault for later has a delay in a scenario
 * @param referenceTo - the name of what an id stands for, or a reference to the id itself
 */
export function actionOf(
  command: Command,
  now: number,
  referenceTo: (id: string) => string,
): ActionOf<number> {
  const { type, ...input } = command;
  if (type !== "injectFault") {
    const members = membersOf(input, commandMembers[type] ?? [], referenceTo);
    return { command: type, ...members } as unknown as ActionOf<number>;
  }
  const { fault, at, afterMs } = command;
  const delay = at === undefined ? afterMs : at - now;
  const { kind, ...parts } = fault;
  const members =
    fault.kind === "random" || fault.kind === "randomAmong"
      ? {
          ...membersOf({ ...parts, target: undefined }, faultMembers[kind] ?? [], referenceTo),
          ...targetOf(fault.target, referenceTo),
          every: fromDistribution(
            fault.kind === "random" ? fault.timeToFailure : fault.timeBetweenFailures,
          ),
          timeToRepair: fromDistribution(fault.timeToRepair as Distribution),
        }
      : membersOf(parts, faultMembers[kind] ?? [], referenceTo);
  return {
    fault: kind,
    ...(delay === undefined ? {} : { in: delay }),
    ...members,
  } as unknown as ActionOf<number>;
}

function membersOf(
  input: object,
  known: readonly { readonly name: string; readonly input: string }[],
  referenceTo: (id: string) => string,
): Readonly<Record<string, unknown>> {
  const values = input as Readonly<Record<string, unknown>>;
  const members: [string, unknown][] = [];
  for (const { name, input: from } of known) {
    const value = values[from];
    if (value === undefined) continue;
    const isId = idFields.has(from) && typeof value === "string";
    members.push([name, isId ? referenceTo(value) : value]);
  }
  return Object.fromEntries(members);
}

function targetOf(
  target: RandomTarget,
  referenceTo: (id: string) => string,
): { readonly of: string; readonly role?: RandomRole } | RandomPlaces {
  if (typeof target === "string") return { of: target };
  if (isOfPlaces(target)) return target;
  if ("instanceId" in target) return { of: referenceTo(target.instanceId) };
  const role = target.role === undefined ? {} : { role: target.role };
  if ("groupId" in target) {
    const group = referenceTo(target.groupId);
    return { of: group.startsWith(idPrefix) ? `${group}.group` : group, ...role };
  }
  if (!("sourceId" in target)) return { of: "all", ...role };
  const source = referenceTo(target.sourceId);
  // Only a name has roles; a part of a thing has none.
  const name = source.includes(".") ? `${idPrefix}${target.sourceId}` : source;
  return { of: `${name}.any`, ...role };
}
