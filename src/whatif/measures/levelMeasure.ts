import { Level } from "./level.js";
import { changesStates, formed, type LevelOf, type MeasureFactory } from "./measure.js";

/** A measure that is the integral of a level over time; of several things their sum. */
export function levelMeasure(
  levelOf: LevelOf,
  {
    unit = 1,
    isEveryEntry = false,
  }: { readonly unit?: number; readonly isEveryEntry?: boolean } = {},
): MeasureFactory {
  const factory: MeasureFactory = ({ names, things, begin, spec }) => {
    const levels = things.map((measured) => ({
      measured,
      level: new Level(levelOf(names, measured, spec), begin),
    }));
    return {
      after: (entry) => {
        if (!isEveryEntry && !changesStates(entry)) return;
        for (const { measured, level } of levels) {
          level.set(levelOf(names, measured, spec), entry.at);
        }
      },
      end: (now) => levels.reduce((sum, { level }) => sum + level.total(now), 0) / unit,
    };
  };
  return isEveryEntry ? factory : formed({ kind: "level", levelOf, unit }, factory);
}
