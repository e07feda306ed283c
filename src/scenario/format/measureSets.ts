import type { MeasureKind } from "./scenario.js";

/** What is known of a measure without its values. */
interface MeasureTraits {
  /** Its values are durations in ms; those of the others count or add up. */
  readonly isDuration?: true;
  /** Its values are hours of instances, as they are paid for. */
  readonly isInHours?: true;
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
  instanceHours: { isInHours: true },
};

/** Measures whose values are durations in ms. */
export const measureDurations = measuresWith("isDuration");

/** Returns the unit of a measure; a number where it is none of the built-in ones. */
export function measureUnit(kind: MeasureKind | undefined): "duration" | "hours" | "number" {
  if (kind === undefined) return "number";
  const { isDuration, isInHours } = traits[kind];
  if (isDuration === true) return "duration";
  return isInHours === true ? "hours" : "number";
}

/** Measures of what clients write and replicas receive. */
export const measuresOfWrites = measuresWith("isOfWrites");

/** Measures of what happens to a thing as a whole. */
export const measuresOfWholeThings = measuresWith("isOfWholeThings");

function measuresWith(trait: keyof MeasureTraits): ReadonlySet<MeasureKind> {
  const kinds = Object.keys(traits) as MeasureKind[];
  return new Set(kinds.filter((kind) => traits[kind][trait] === true));
}
