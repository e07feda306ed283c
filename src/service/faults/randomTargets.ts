import { filterOrSame } from "../../collections/filterOrSame.js";
import { scanIds } from "../../collections/idIndex.js";
import { rowAt } from "../../collections/table.js";
import {
  accountOf,
  groupOf,
  instanceOf,
  membersOf,
  replicationSetOf,
} from "../../kernel/queries.js";
import type { LifecycleTables } from "../../lifecycle/compile.js";
import { isServing } from "../../lifecycle/instanceStates.js";
import { isOfPlaces } from "../../model/randomPlaces.js";
import type { Topology } from "../../model/topology.js";
import type { Instance } from "../instances/instance.model.js";
import { faultOnPart } from "./activeFaults.js";
import {
  type FaultOf,
  faultKinds,
  type InjectedFault,
  type RandomRole,
  type RandomTarget,
} from "./fault.model.js";

/** Returns whether an instance is in the scope of a random fault now. */
export function isTarget(
  instance: Instance,
  { target, topology }: { readonly target: RandomTarget; readonly topology: Topology },
): boolean {
  if (target === "all") return true;
  if (isOfPlaces(target)) return false;
  const { id, sourceId, groupId } = instance;
  if ("instanceId" in target) return id === target.instanceId;
  if ("groupId" in target && groupId !== target.groupId) return false;
  if ("sourceId" in target && id !== target.sourceId && sourceId !== target.sourceId) return false;
  return target.role === undefined || target.role === roleOf(instance, topology);
}

function roleOf(instance: Instance, topology: Topology): RandomRole {
  const { accountId, id, sourceId, replicaIds, groupId } = instance;
  if (sourceId !== null) return "replica";
  const group = groupId === null ? undefined : groupOf(topology, { accountId, id: groupId });
  return replicaIds.length > 0 || group?.sourceId === id ? "source" : "standalone";
}

/** Returns whether an instance is in service, so that its clock runs and it can fail. */
export function canFail(
  instance: Instance,
  {
    fault,
    topology,
    lifecycle,
  }: {
    readonly fault: FaultOf<"random">["fault"];
    readonly topology: Topology;
    readonly lifecycle: LifecycleTables;
  },
): boolean {
  const { state, sourceId } = instance;
  const { sends, target, part } = faultKinds[fault];
  // A kind that sends no signal strikes instances that could crash.
  const signal = sends?.signal ?? "service.crashed";
  if (!isServing(state) || lifecycle.instance.transitions[state][signal] === undefined)
    return false;
  if (target === "replicaId" && sourceId === null) return false;
  return part === null || part === "service" || faultOnPart(topology, part, instance) === undefined;
}

/** Returns the instances that a random fault of a population can strike now. */
export function candidatesOf(
  row: InjectedFault,
  fault: FaultOf<"randomAmong">,
  context: { readonly topology: Topology; readonly lifecycle: LifecycleTables },
): readonly Instance[] {
  return candidatesAmong(targetsOf(row, fault, context.topology), fault, context);
}

/** Returns those that can be struck now among the instances in the scope of a random fault. */
export function candidatesAmong(
  targets: readonly Instance[],
  { fault }: FaultOf<"randomAmong">,
  { topology, lifecycle }: { readonly topology: Topology; readonly lifecycle: LifecycleTables },
): readonly Instance[] {
  return filterOrSame(targets, (instance) => canFail(instance, { fault, topology, lifecycle }));
}

/** Returns the instances in the scope of a random fault now. */
export function targetsOf(
  row: InjectedFault,
  fault: FaultOf<"random"> | FaultOf<"randomAmong">,
  topology: Topology,
): readonly Instance[] {
  const { accountId } = row;
  const { target } = fault;
  const about = (instances: readonly Instance[]): readonly Instance[] =>
    filterOrSame(instances, (instance) => isTarget(instance, { target, topology }));
  if (target !== "all" && "groupId" in target) {
    const group = groupOf(topology, { accountId, id: target.groupId });
    return group === undefined ? [] : about(membersOf(topology, group));
  }
  if (target !== "all" && "instanceId" in target) {
    const instance = instanceOf(topology, { accountId, id: target.instanceId });
    return instance === undefined ? [] : [instance];
  }
  if (target !== "all" && "sourceId" in target) {
    const source = instanceOf(topology, { accountId, id: target.sourceId });
    return source === undefined ? [] : about(replicationSetOf(topology, source));
  }
  const all: Instance[] = [];
  const account = accountOf(topology, accountId);
  if (account === undefined) return all;
  scanIds(account.instances, undefined, (ordinal) => {
    const instance = rowAt(topology.instances, ordinal);
    if (instance !== undefined) all.push(instance);
    return true;
  });
  return about(all);
}
