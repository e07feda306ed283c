import type { MeasureKind } from "./scenario.js";

/** Measures whose values are durations in ms; the others count or add up. */
export const measureDurations: ReadonlySet<MeasureKind> = new Set([
  "writesDown",
  "readsDown",
  "interruptions",
  "recoveryPoint",
  "recoveryTime",
  "failoverTime",
  "degraded",
  "noCopy",
  "semiSyncOff",
  "commitsStalled",
  "lag",
  "backupAge",
]);
