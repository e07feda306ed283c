import { canWrite } from "./copies.js";
import { levelMeasure } from "./levelMeasure.js";

/** Time without writes: the instance where the clients are does not answer. */
export const writesDown = levelMeasure((names, measured) => (canWrite(names, measured) ? 0 : 1));
