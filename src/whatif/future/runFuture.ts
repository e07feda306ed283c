import type { JournalEntry } from "../../kernel/journal.js";
import { parseReference } from "../../scenario/format/references.js";
import type { ExpectationOf, Scenario } from "../../scenario/format/scenario.js";
import type { NamedThing, NameTable } from "../../scenario/run/nameTable.js";
import { runValid, type ScenarioRun } from "../../scenario/run/runScenario.js";
import { assertWhole } from "../ensemble/ensembleError.js";
import { brokenPrefix, type Outcome } from "../ensemble/outcome.js";
import type { Measure, MeasuredThing } from "../measures/measure.js";
import type { PlannedMeasure, PreparedDesign } from "./design.js";
import { missesBound } from "./missesBound.js";
import { NeverWatch } from "./neverWatch.js";

/** Something that must not happen, and did. */
export interface Violation {
  /** The name of the expectation or the property. */
  readonly expectation: string;
  /** Virtual time since time 0, in ms. */
  readonly at: number;
  readonly message: string;
}

/** One future. */
export interface Future {
  readonly run: ScenarioRun;
  readonly outcome: Outcome;
  /** The first violation of each expectation. */
  readonly violations: readonly Violation[];
  /** Names of all expectations that this future breaks; a bound of a figure counts for this future alone. */
  readonly breaks: readonly string[];
}

/** Options of a run future. */
export interface RunFutureOptions {
  readonly onEntry?: (entry: JournalEntry) => void;
}

/**
 * Runs one future of a design. The same design and seed always give the same outcome.
 * @throws EnsembleError `spec-input` for a seed that is no integer from 0 to 2^53 - 1
 */
export function runFuture(
  design: PreparedDesign,
  seed: number,
  { onEntry }: RunFutureOptions = {},
): Future {
  assertWhole("seed", seed, { min: 0 });
  const { scenario } = design.prepared;
  const measures = new Map<string, Measure>();
  const violations = new Map<string, Violation>();
  const watches: { readonly name: string; readonly watch: NeverWatch }[] = [];
  const properties = design.properties.map(([name, create]) => [name, create()] as const);
  const report = (expectation: string, at: number, message: string): void => {
    if (!violations.has(expectation)) violations.set(expectation, { expectation, at, message });
  };
  const following: Measure[] = [];
  const outcome: Record<string, number | readonly number[]> = {};
  const { horizon = Number.POSITIVE_INFINITY } = scenario;
  const end = design.prepared.start + horizon;
  let isOver = false;
  const close = (now: number, about: ScenarioRun): void => {
    if (isOver) return;
    isOver = true;
    lookAt(undefined, now, about);
    for (const [name, measure] of measures) outcome[name] = measure.end(now);
  };
  const lookAt = (entry: JournalEntry | undefined, now: number, { start }: ScenarioRun): void => {
    for (const { name, watch } of watches) {
      watch.after(entry, now);
      if (watch.brokenAt !== undefined) report(name, watch.brokenAt - start, watch.message);
    }
  };
  const run = runValid(design.prepared, {
    seed,
    workload: design.workload,
    frozenEntries: design.hasOwnParts || onEntry !== undefined,
    onStart: (started) => {
      const begin = started.start + (scenario.warmUp ?? 0);
      for (const planned of design.measures) {
        const measure = beginMeasure(planned, started, begin);
        measures.set(planned.name, measure);
        if (measure.after !== undefined) following.push(measure);
      }
      for (const [name, expectation] of Object.entries(scenario.expect ?? {})) {
        if (!("never" in expectation)) continue;
        watches.push({ name, watch: new NeverWatch(expectation, started.names, started.start) });
      }
    },
    onEntry: (entry, about) => {
      // A step such as settle may go on after the horizon.
      if (entry.at > end) {
        close(end, about);
        onEntry?.(entry);
        return;
      }
      for (const measure of following) measure.after?.(entry);
      if (watches.length > 0) lookAt(entry, entry.at, about);
      for (const [name, property] of properties) {
        const message = property.after?.(entry, about);
        if (message !== undefined) report(name, entry.at - about.start, message);
      }
      onEntry?.(entry);
    },
    onReaction: (_, commands, at, watched) => {
      if (at > end) return;
      for (const measure of measures.values()) measure.reacted?.(commands.length, at, watched);
    },
  });
  const { now } = run.sim;
  close(Math.min(now, end), run);
  for (const { index, at, message } of run.failedChecks) {
    report(nameOfStep(index), at - run.start, message);
  }
  for (const [name, property] of properties) {
    const message = property.end?.(run);
    if (message !== undefined) report(name, now - run.start, message);
  }
  for (const name of [
    ...expectedOfEvery(scenario.expect ?? {}, properties),
    ...checkedSteps(scenario),
  ]) {
    outcome[`${brokenPrefix}${name}`] = violations.has(name) ? 1 : 0;
  }
  const missed = Object.entries(scenario.expect ?? {}).flatMap(([name, expectation]) =>
    missesBound(expectation, outcome) ? [name] : [],
  );
  return {
    run,
    outcome,
    violations: [...violations.values()],
    breaks: [...violations.keys(), ...missed],
  };
}

/** Names of the expectations of every future, not of a figure over all of them. */
export function expectedOfEvery(
  expect: Readonly<Record<string, ExpectationOf<number>>>,
  properties: readonly (readonly [string, unknown])[],
): readonly string[] {
  const never = Object.entries(expect).flatMap(([name, one]) => ("never" in one ? [name] : []));
  return [...never, ...properties.map(([name]) => name)];
}

/** Names of the steps that check the world. */
export function checkedSteps({ steps = [] }: Scenario): readonly string[] {
  return steps.flatMap(({ do: action }, index) =>
    typeof action === "object" && "expect" in action ? [nameOfStep(index)] : [],
  );
}

/** Whether a name is that of a step that checks the world. */
export function isStepName(name: string): boolean {
  return /^step \d+$/.test(name);
}

function nameOfStep(index: number): string {
  return `step ${String(index + 1)}`;
}

/** Starts a measure of a run, which counts from a moment on. */
export function beginMeasure(
  { spec, create }: Pick<PlannedMeasure, "spec" | "create">,
  run: ScenarioRun,
  begin: number,
): Measure {
  const { names, refusals } = run;
  return create({ names, things: measuredThings(spec.of, names), begin, spec, refusals });
}

/** Returns the things that a measure refers to, as of time 0. */
export function measuredThings(of: string | undefined, names: NameTable): readonly MeasuredThing[] {
  if (of === undefined) {
    return names.things.map((thing) => ({ thing, instanceId: undefined }));
  }
  const { name, role, born, replica } = parseReference(of);
  const thing = names.thing(name);
  if (thing === undefined) throw new RangeError(`${name} is not a thing of the topology`);
  const isWhole = (role === undefined || role === "all" || role === "any") && born === undefined;
  if (isWhole && replica === undefined) return [{ thing, instanceId: undefined }];
  return names.resolve(of).map((id) => ({ thing: alone(thing, id), instanceId: id }));
}

/** One instance, apart from the thing that it belongs to. */
function alone(thing: NamedThing, id: string): NamedThing {
  return { ...thing, id, groupId: undefined, clientsAt: id, born: [id], plannedCopies: 1 };
}
