import type { MeasureKind } from "./scenario.js";

/** What is known of a measure without its values. */
interface MeasureTraits {
  /** Its values are durations in ms; those of the others count or add up. */
  readonly isDuration?: true;
  /** It is about what clients write and replicas receive: it needs workloads that run, and is 0 where nothing is written. */
  readonly isOfWrites?: true;
  /** It is about what happens to a thing as a whole: of one of its instances it would be 0 whatever happens. */
  readonly isOfWholeThings?: true;
}

const traits: Readonly<Record<MeasureKind, MeasureTraits>> = {
  writesDown: { isDuration: true },
  readsDown: { isDuration: true },
  interruptions: { isDuration: true },
  lostTransactions: { isOfWrites: true, isOfWholeThings: true },
  recoveryPoint: { isDuration: true, isOfWrites: true, isOfWholeThings: true },
  recoveryTime: { isDuration: true, isOfWholeThings: true },
  failovers: { isOfWholeThings: true },
  failoverTime: { isDuration: true, isOfWholeThings: true },
  abortedFailovers: { isOfWholeThings: true },
  degraded: { isDuration: true },
  noCopy: { isDuration: true },
  semiSyncOff: { isDuration: true, isOfWrites: true },
  commitsStalled: { isDuration: true, isOfWrites: true },
  lag: { isDuration: true, isOfWrites: true },
  backupAge: { isDuration: true, isOfWholeThings: true },
  operatorActions: { isOfWholeThings: true },
  refused: {},
  faults: {},
  instanceHours: {},
};

/** Measures whose values are durations in ms. */
export const measureDurations = measuresWith("isDuration");

/** Measures of what clients write and replicas receive. */
export const measuresOfWrites = measuresWith("isOfWrites");

/** Measures of what happens to a thing as a whole. */
export const measuresOfWholeThings = measuresWith("isOfWholeThings");

function measuresWith(trait: keyof MeasureTraits): ReadonlySet<MeasureKind> {
  const kinds = Object.keys(traits) as MeasureKind[];
  return new Set(kinds.filter((kind) => traits[kind][trait] === true));
}
