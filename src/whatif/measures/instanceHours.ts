import { rowsOf } from "../../collections/table.js";
import { isFirst } from "./copies.js";
import { levelMeasure } from "./levelMeasure.js";

const hourMs = 3_600_000;

/**
 * Hours of instances: how many exist, over time. Those under construction count, as they are paid for. Without a thing,
 * every instance counts, also what steps have created.
 */
export const instanceHours = levelMeasure(
  (names, { thing, instanceId }, { of }) => {
    if (of === undefined)
      return isFirst(names, thing) ? countOf(rowsOf(names.topology.instances)) : 0;
    const ids = instanceId === undefined ? thing.born : [instanceId];
    return ids.reduce((count, id) => count + (names.instance(thing, id) === undefined ? 0 : 1), 0);
  },
  { unit: hourMs },
);

function countOf(rows: Iterable<unknown>): number {
  let count = 0;
  for (const _ of rows) count += 1;
  return count;
}
