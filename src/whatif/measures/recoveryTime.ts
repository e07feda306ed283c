import type { JournalEntry } from "../../kernel/journal.js";
import { canWrite } from "./copies.js";
import { Periods } from "./level.js";
import { changesStates, formed, type MeasuredThing, type MeasureFactory } from "./measure.js";

/** Durations of interruptions that end, or will end, on another instance. */
export const recoveryTime = takeoverMeasure(({ thing }, { seq }) => thing.movedWith === seq);

/** Durations of interruptions that an automatic failover ends. */
export const failoverTime = takeoverMeasure(({ thing }, entry) =>
  entry.facts.some(
    (fact) => fact.type === "SourcePromoted" && fact.id === thing.groupId && !fact.isForced,
  ),
);

/** Interruptions during which something happens that moves the clients. */
function takeoverMeasure(
  isTakeover: (measured: MeasuredThing, entry: JournalEntry) => boolean,
): MeasureFactory {
  return formed({ kind: "interruptions", isTakeover }, ({ names, things, begin }) => {
    const all = things.map((measured) => ({
      measured,
      periods: new Periods(!canWrite(names, measured), begin),
      wasTaken: false,
      lengths: [] as number[],
    }));
    return {
      after: (entry) => {
        if (!changesStates(entry)) return;
        for (const one of all) {
          const { measured, periods, lengths } = one;
          if (isTakeover(measured, entry)) one.wasTaken = true;
          const length = periods.set(!canWrite(names, measured), entry.at);
          if (length !== undefined && one.wasTaken) lengths.push(length);
          if (periods.since === undefined) one.wasTaken = false;
        }
      },
      end: (now) =>
        all.flatMap(({ periods, wasTaken, lengths }) => {
          const open = periods.open(now);
          return wasTaken && open !== undefined ? [...lengths, open] : lengths;
        }),
    };
  });
}
