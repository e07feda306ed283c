import { isServing } from "../../lifecycle/instanceStates.js";
import {
  healthyCopies,
  isHealthy,
  servingCopies,
  takesWrites,
} from "../../scenario/run/conditions.js";
import type { NamedThing, NameTable } from "../../scenario/run/nameTable.js";
import type { Instance } from "../../service/instances/instance.model.js";
import type { MeasuredThing } from "./measure.js";

/** The instance where the clients of a thing write, or the one instance that is measured. */
export function writerOf(
  names: NameTable,
  { thing, instanceId }: MeasuredThing,
): Instance | undefined {
  return names.instance(thing, instanceId ?? thing.clientsAt);
}

/** Whether clients can write. */
export function canWrite(names: NameTable, measured: MeasuredThing): boolean {
  if (measured.instanceId === undefined) return takesWrites(names, measured.thing);
  const instance = writerOf(names, measured);
  return instance !== undefined && isServing(instance.state);
}

/** Returns the number of copies that answer. */
export function serving(names: NameTable, measured: MeasuredThing): number {
  if (measured.instanceId === undefined) return servingCopies(names, measured.thing);
  return canWrite(names, measured) ? 1 : 0;
}

/** Returns the number of copies that answer and hold current data. */
export function healthy(names: NameTable, measured: MeasuredThing): number {
  if (measured.instanceId === undefined) return healthyCopies(names, measured.thing);
  const copy = writerOf(names, measured);
  return copy !== undefined && isHealthy(names, copy) ? 1 : 0;
}

/** Whether a thing is the first of the topology: what belongs to no thing is counted with it, once. */
export function isFirst(names: NameTable, { name }: NamedThing): boolean {
  return names.things[0]?.name === name;
}
