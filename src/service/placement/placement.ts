import { scanIds } from "../../collections/idIndex.js";
import { rowAt } from "../../collections/table.js";
import { accountOf } from "../../kernel/queries.js";
import type { LifecycleTables } from "../../lifecycle/compile.js";
import { isServing } from "../../lifecycle/instanceStates.js";
import type { Topology } from "../../model/topology.js";
import { faultOnPart } from "../faults/activeFaults.js";
import { type FaultOf, faultKinds } from "../faults/fault.model.js";
import type { Instance } from "../instances/instance.model.js";
import { standsIn } from "./placement.model.js";

/** Returns the instances of an account that a correlated fault strikes now, in order of their ids. O(instances). */
export function instancesInPlace(
  { topology, lifecycle }: { readonly topology: Topology; readonly lifecycle: LifecycleTables },
  accountId: string,
  { effect, ...place }: FaultOf<"correlated">,
): readonly Instance[] {
  const account = accountOf(topology, accountId);
  const found: Instance[] = [];
  if (account === undefined) return found;
  const signal = faultKinds[effect].sends?.signal ?? "service.crashed";
  const part = faultKinds[effect].part ?? "service";
  scanIds(account.instances, undefined, (ordinal) => {
    const instance = rowAt(topology.instances, ordinal);
    if (instance === undefined) return true;
    const canFail =
      isServing(instance.state) &&
      lifecycle.instance.transitions[instance.state][signal] !== undefined &&
      faultOnPart(topology, part, instance) === undefined;
    if (standsIn(instance, place) && canFail) found.push(instance);
    return true;
  });
  return found;
}
