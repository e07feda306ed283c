import { isDown } from "../../lifecycle/instanceStates.js";
import { newestBackupAt } from "../../scenario/run/conditions.js";
import { writerOf } from "./copies.js";
import { changesStates, type MeasuredThing, type MeasureFactory } from "./measure.js";

/**
 * Age of the newest completed backup, counted from its start, at each loss of a source and at the horizon. Without a
 * backup it counts from the start of the measure.
 */
export const backupAge: MeasureFactory = ({ names, things, begin }) => {
  const ages: number[] = [];
  const isLost = (measured: MeasuredThing): boolean => {
    const writer = writerOf(names, measured);
    return writer === undefined || isDown(writer.state);
  };
  const age = ({ thing }: MeasuredThing, now: number): number =>
    now - (newestBackupAt(names, thing) ?? begin);
  const all = things.map((measured) => ({ measured, wasLost: isLost(measured) }));
  return {
    after: (entry) => {
      if (!changesStates(entry)) return;
      for (const one of all) {
        const lost = isLost(one.measured);
        if (lost && !one.wasLost && entry.at >= begin) ages.push(age(one.measured, entry.at));
        one.wasLost = lost;
      }
    },
    end: (now) => [...ages, ...all.map(({ measured }) => age(measured, now))],
  };
};
