import type { JournalEntry } from "../../kernel/journal.js";
import type {
  ConditionOf,
  ExpectationOf,
  MeasureSpecOf,
  Scenario,
} from "../../scenario/format/scenario.js";
import { watchCondition } from "../../scenario/run/conditions.js";
import type { NameTable } from "../../scenario/run/nameTable.js";
import { measuredThings } from "../future/runFuture.js";
import { canWrite } from "../measures/copies.js";
import type { LevelOf, MeasuredThing, MeasureFactory } from "../measures/measure.js";
import { measureFactories } from "../measures/measures.js";

/** Computations for each future of a thing, by index in the tables of states and transitions. */
export interface MeasurePlan {
  readonly levels: readonly PlannedLevel[];
  readonly flags: readonly PlannedFlag[];
  readonly counts: readonly PlannedCount[];
  /** Ids of instances that a measure is about alone. */
  readonly watched: readonly string[];
}

interface Planned {
  readonly name: string;
  readonly spec: MeasureSpecOf<number>;
  readonly measured: readonly MeasuredThing[];
}

/** The integral of a level. */
export interface PlannedLevel extends Planned {
  readonly levelOf: LevelOf;
  readonly unit: number;
}

/** Number of facts of some kind. */
export interface PlannedCount extends Planned {
  readonly create: MeasureFactory;
}

/** Something that holds or does not hold in each state. */
export type PlannedFlag =
  | {
      readonly kind: "interruptions";
      readonly name: string;
      readonly measured: MeasuredThing;
      readonly isTakeover: ((measured: MeasuredThing, entry: JournalEntry) => boolean) | null;
    }
  | { readonly kind: "never"; readonly name: string; readonly never: Never }
  /** The condition of an operator. */
  | { readonly kind: "operator"; readonly name: string; readonly when: ConditionOf<number> };

type Never = Extract<ExpectationOf<number>, { readonly never: unknown }>;

/** Plans the measures and the conditions of the one thing that a scenario is about. */
export function planMeasures(
  { measures = {}, expect = {}, operators = {} }: Scenario,
  thing: string,
  names: NameTable,
): MeasurePlan {
  const levels: PlannedLevel[] = [];
  const flags: PlannedFlag[] = [];
  const counts: PlannedCount[] = [];
  const watched = new Set<string>();
  for (const [name, spec] of Object.entries(measures)) {
    if (!isAbout(spec.of, thing)) continue;
    const measured = measuredThings(spec.of, names);
    for (const { instanceId } of measured) if (instanceId !== undefined) watched.add(instanceId);
    const create = measureFactories[spec.measure];
    const { form } = create;
    if (form?.kind === "level") {
      levels.push({ name, spec, measured, levelOf: form.levelOf, unit: form.unit });
    } else if (form?.kind === "count") counts.push({ name, spec, measured, create });
    else if (form?.kind === "interruptions") {
      for (const one of measured) {
        flags.push({ kind: "interruptions", name, measured: one, isTakeover: form.isTakeover });
      }
    }
  }
  for (const [name, never] of Object.entries(expect)) {
    if ("never" in never && isAbout(never.of, thing)) flags.push({ kind: "never", name, never });
  }
  for (const [name, { when }] of Object.entries(operators)) {
    if (isAbout(when.of, thing)) flags.push({ kind: "operator", name, when });
  }
  return { levels, flags, counts, watched: [...watched] };
}

/** Whether a reference is about a thing, or about all. */
export function isAbout(of: string | undefined, thing: string): boolean {
  return of === undefined || of === thing || of.startsWith(`${thing}.`);
}

/** The value of each level in a world. */
export function levelsOf({ levels }: MeasurePlan, names: NameTable): Float64Array {
  return Float64Array.from(
    levels.map(({ levelOf, measured, spec }) =>
      measured.reduce((sum, one) => sum + levelOf(names, inWorld(one, names), spec), 0),
    ),
  );
}

/** Which flags hold in a world. */
export function flagsOf({ flags }: MeasurePlan, names: NameTable): readonly boolean[] {
  return flags.map((flag) => {
    if (flag.kind === "interruptions") return !canWrite(names, inWorld(flag.measured, names));
    if (flag.kind === "operator") return watchCondition(flag.when, names).holds();
    const { never: condition, ...rest } = flag.never;
    return watchCondition({ condition, ...rest }, names).holds();
  });
}

/** Returns the increment of each count by a journal entry. */
export function countsOf(
  { counts }: MeasurePlan,
  names: NameTable,
  entry: JournalEntry,
): readonly number[] {
  return counts.map(({ create, measured, spec }) => {
    const things = measured.map((one) => inWorld(one, names));
    const begin = Number.NEGATIVE_INFINITY;
    const measure = create({ names, things, begin, spec, refusals: [] });
    measure.after?.(entry);
    const count = measure.end(entry.at);
    return typeof count === "number" ? count : count.length;
  });
}

/** The interruptions during which an entry moves the clients. */
export function takeoversOf(
  { flags }: MeasurePlan,
  names: NameTable,
  entry: JournalEntry,
): readonly number[] {
  return flags.flatMap((flag, at) =>
    flag.kind === "interruptions" &&
    flag.isTakeover?.(inWorld(flag.measured, names), entry) === true
      ? [at]
      : [],
  );
}

/** The same thing in a fork of the world. */
function inWorld(measured: MeasuredThing, names: NameTable): MeasuredThing {
  if (measured.instanceId !== undefined) return measured;
  return { ...measured, thing: names.thing(measured.thing.name) ?? measured.thing };
}
