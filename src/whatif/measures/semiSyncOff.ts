import { writerOf } from "./copies.js";
import { levelMeasure } from "./levelMeasure.js";

/** Time in which commits of a group wait for no replica, since none acknowledged in time. */
export const semiSyncOff = levelMeasure(
  (names, measured) =>
    writerOf(names, measured)?.log?.semiSynchrony?.status === "degraded" ? 1 : 0,
  { isEveryEntry: true },
);
