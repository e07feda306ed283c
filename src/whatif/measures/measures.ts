import type { MeasureKind } from "../../scenario/format/scenario.js";
import { backupAge } from "./backupAge.js";
import { abortedFailovers, failovers, faults, operatorActions, refused } from "./counts.js";
import { degraded, noCopy } from "./degraded.js";
import { instanceHours } from "./instanceHours.js";
import { interruptions } from "./interruptions.js";
import { lag } from "./lag.js";
import { lostTransactions } from "./lostTransactions.js";
import type { MeasureFactory } from "./measure.js";
import { readsDown } from "./readsDown.js";
import { recoveryPoint } from "./recoveryPoint.js";
import { failoverTime, recoveryTime } from "./recoveryTime.js";
import { commitsStalled, semiSyncOff } from "./semiSyncOff.js";
import { writesDown } from "./writesDown.js";

/** The measures that are built in, by the name that a scenario gives them. */
export const measureFactories: Readonly<Record<MeasureKind, MeasureFactory>> = {
  writesDown,
  readsDown,
  interruptions,
  lostTransactions,
  recoveryPoint,
  recoveryTime,
  failovers,
  failoverTime,
  abortedFailovers,
  degraded,
  noCopy,
  semiSyncOff,
  commitsStalled,
  lag,
  backupAge,
  operatorActions,
  refused,
  faults,
  instanceHours,
};
