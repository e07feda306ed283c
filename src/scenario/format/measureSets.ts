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

/** Measures of what clients write and replicas receive: they need workloads that run, and are 0 where nothing is written. */
export const measuresOfWrites: ReadonlySet<MeasureKind> = new Set([
  "lostTransactions",
  "recoveryPoint",
  "semiSyncOff",
  "commitsStalled",
  "lag",
]);

/** Measures of what happens to a thing as a whole: of one of its instances they would be 0 whatever happens. */
export const measuresOfWholeThings: ReadonlySet<MeasureKind> = new Set([
  "failovers",
  "failoverTime",
  "abortedFailovers",
  "recoveryTime",
  "recoveryPoint",
  "lostTransactions",
  "backupAge",
  "operatorActions",
]);
