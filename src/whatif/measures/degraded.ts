import { healthy } from "./copies.js";
import { levelMeasure } from "./levelMeasure.js";

/** Time with reduced redundancy: at most `copies` copies answer and hold current data. Default: fewer than planned. */
export const degraded = levelMeasure((names, measured, { copies }) => {
  const bound = copies ?? measured.thing.plannedCopies - 1;
  return healthy(names, measured) <= bound ? 1 : 0;
});

/** Time without any copy that answers and holds current data. */
export const noCopy = levelMeasure((names, measured) => (healthy(names, measured) === 0 ? 1 : 0));
