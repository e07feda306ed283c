import { levelMeasure } from "./levelMeasure.js";

const hourMs = 3_600_000;

/** Hours of instances: how many exist, over time. Those under construction count, as they are paid for. */
export const instanceHours = levelMeasure(
  (names, { thing, instanceId }) => {
    const ids = instanceId === undefined ? thing.born : [instanceId];
    return ids.reduce((count, id) => count + (names.instance(thing, id) === undefined ? 0 : 1), 0);
  },
  { unit: hourMs },
);
