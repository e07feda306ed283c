import { canWrite } from "./copies.js";
import { Periods } from "./level.js";
import { changesStates, formed, type MeasureFactory } from "./measure.js";

/** Durations of all interruptions of writes. */
export const interruptions: MeasureFactory = formed(
  { kind: "interruptions", isTakeover: null },
  ({ names, things, begin }) => {
    const all = things.map((measured) => ({
      measured,
      periods: new Periods(!canWrite(names, measured), begin),
    }));
    return {
      after: (entry) => {
        if (!changesStates(entry)) return;
        for (const { measured, periods } of all) periods.set(!canWrite(names, measured), entry.at);
      },
      end: (now) => all.flatMap(({ periods }) => periods.all(now)),
    };
  },
);
