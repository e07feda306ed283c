import { serving } from "./copies.js";
import { levelMeasure } from "./levelMeasure.js";

/** Time without reads: no instance answers, neither the source nor a replica. */
export const readsDown = levelMeasure((names, measured) =>
  serving(names, measured) === 0 ? 1 : 0,
);
