import type { MeasureSpecOf } from "../../scenario/format/scenario.js";
import type { NameTable } from "../../scenario/run/nameTable.js";
import { Level } from "./level.js";
import { changesStates, type MeasuredThing, type MeasureFactory } from "./measure.js";

/** The value of a level at this moment. */
export type LevelOf = (
  names: NameTable,
  measured: MeasuredThing,
  spec: MeasureSpecOf<number>,
) => number;

/** A measure that is the integral of a level over time; of several things their sum. */
export function levelMeasure(
  levelOf: LevelOf,
  {
    unit = 1,
    isEveryEntry = false,
  }: { readonly unit?: number; readonly isEveryEntry?: boolean } = {},
): MeasureFactory {
  return ({ names, things, begin, spec }) => {
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
}
