import { writerOf } from "./copies.js";
import { levelMeasure } from "./levelMeasure.js";

/** Time in which commits of a group wait for no replica, since none acknowledged in time. */
export const semiSyncOff = levelMeasure(
  (names, measured) =>
    writerOf(names, measured)?.log?.semiSynchrony?.status === "degraded" ? 1 : 0,
  { isEveryEntry: true },
);

/** Time in which commits of a group wait, since none of its replicas receives and the source still waits for one. */
export const commitsStalled = levelMeasure(
  (names, measured) => (writerOf(names, measured)?.log?.stalledSince == null ? 0 : 1),
  { isEveryEntry: true },
);
