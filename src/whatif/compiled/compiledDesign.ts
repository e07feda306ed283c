import { parseReference } from "../../scenario/format/references.js";
import type { Scenario } from "../../scenario/format/scenario.js";
import { brokenPrefix, type Outcome } from "../ensemble/outcome.js";
import type { MeasureColumn, OpenColumn, OutcomeColumns } from "../ensemble/outcomeColumns.js";
import { needsWorkload, type OwnParts } from "../future/design.js";
import { measureFactories } from "../measures/measures.js";
import { CompiledThing, type ThingOutcome } from "./compiledThing.js";
import type { EngineReport } from "./engine.js";
import { NotCompilableError } from "./notCompilable.js";
import { actionsOf, type ThingActions, whyNotPlanned } from "./plannedActions.js";

/**
 * A design whose futures are computed from tables, where that is possible. What it gives for a seed is what the simulator
 * gives, value by value: the same draws decide, and every transition is one that the simulator has made.
 */
export class CompiledDesign {
  readonly #scenario: Scenario;
  readonly #things: readonly {
    readonly name: string;
    readonly scenario: Scenario;
    readonly planned: ThingActions;
  }[];
  #compiled: readonly CompiledThing[] | undefined;
  /** The measures of an outcome, and what adds the values of each. */
  #measures: readonly MeasureColumn[] = [];
  #collectors: readonly Collector[] = [];
  #noOutcome: Readonly<Record<string, number | readonly number[]>> = {};
  /** Outcomes of the things in the future under way. */
  readonly #outcomes: ThingOutcome[] = [];
  #reason: string | undefined;
  /** Futures that the tables could not give, since there were more states than are kept. */
  #missed = 0;
  #simulated = 0;

  constructor(scenario: Scenario, own: OwnParts = {}) {
    this.#scenario = scenario;
    this.#reason = whyNotCompiled(scenario, own);
    const things = this.#reason === undefined ? Object.keys(scenario.topology ?? {}) : [];
    this.#things = things.map((name) => ({
      name,
      scenario: partOf(scenario, name),
      planned: actionsOf(scenario, name),
    }));
  }

  /** Runs the future of a seed; undefined where the simulator has to. */
  simulate(seed: number): Outcome | undefined {
    if (!this.#run(seed)) return undefined;
    // A copy has all its properties at once; adding one after another takes longer.
    const outcome = { ...this.#noOutcome };
    for (const [at, { measure, isList }] of this.#measures.entries()) {
      const values: number[] = [];
      this.#collectors[at]?.(this.#outcomes, values);
      outcome[measure] = isList ? values : (values[0] ?? 0);
    }
    return outcome;
  }

  /** Runs the future of a seed and adds what it comes to to columns; false where the simulator has to. */
  addTo(columns: OutcomeColumns, seed: number): boolean {
    if (!this.#run(seed)) return false;
    const found = columns.begin(seed, this.#measures);
    if (found === undefined) return false;
    const collectors = this.#collectors;
    for (let at = 0; at < collectors.length; at++) {
      const { values, lengths } = found[at] as OpenColumn; // one for each measure
      const before = values.length;
      (collectors[at] as Collector)(this.#outcomes, values);
      lengths?.push(values.length - before);
    }
    return true;
  }

  /** Runs the future of a seed of each thing; false where the simulator has to. */
  #run(seed: number): boolean {
    if (this.#reason !== undefined) return false;
    try {
      this.#compiled ??= this.#compile();
      this.#simulated += 1;
      const compiled = this.#compiled;
      for (let at = 0; at < compiled.length; at++) {
        const outcome = (compiled[at] as CompiledThing).simulate(seed);
        if (outcome === undefined) {
          this.#miss();
          return false;
        }
        this.#outcomes[at] = outcome;
      }
      return true;
    } catch (error) {
      if (!(error instanceof NotCompilableError)) throw error;
      this.#reason = error.message;
      return false;
    }
  }

  /** Returns how futures are computed; known after the first one. */
  report(): EngineReport {
    const sizes = (this.#compiled ?? []).map(({ automaton }) => automaton.size);
    const states = sizes.reduce((sum, size) => sum + size.states, 0);
    const transitions = sizes.reduce((sum, size) => sum + size.transitions, 0);
    if (this.#reason === undefined) return { engine: "compiled", states, transitions };
    return { engine: "simulator", reason: this.#reason, states, transitions };
  }

  /** Gives up where most futures come to states that are not kept. */
  #miss(): void {
    this.#missed += 1;
    if (this.#missed >= 100 && 2 * this.#missed > this.#simulated) this.#reason = "too many states";
  }

  #compile(): readonly CompiledThing[] {
    const compiled = this.#things.map(
      ({ name, scenario, planned }) => new CompiledThing(scenario, name, planned),
    );
    const collectors: [string, Collector][] = [];
    const lists = new Set<string>();
    for (const [name, { measure, of }] of Object.entries(this.#scenario.measures ?? {})) {
      const form = measureFactories[measure].form;
      if (form?.kind === "level")
        collectors.push([name, levelCollector(compiled, name, form.unit)]);
      else if (form?.kind === "count") collectors.push([name, countCollector(compiled, name)]);
      else if (form?.kind === "interruptions") {
        lists.add(name);
        collectors.push([name, lengthCollector(compiled, name)]);
      } else if (form?.kind === "commands") {
        const thing = of === undefined ? undefined : parseReference(of).name;
        const isAbout = this.#things.map((one) => thing === undefined || one.name === thing);
        collectors.push([name, commandCollector(form.which, isAbout)]);
      }
    }
    for (const [name, expectation] of Object.entries(this.#scenario.expect ?? {})) {
      if ("never" in expectation) {
        collectors.push([`${brokenPrefix}${name}`, brokenCollector(compiled, name)]);
      }
    }
    this.#measures = collectors.map(([name]) => ({ measure: name, isList: lists.has(name) }));
    this.#noOutcome = Object.fromEntries(collectors.map(([name]) => [name, 0]));
    this.#collectors = collectors.map(([, collect]) => collect);
    return compiled;
  }
}

/** Why futures of a scenario cannot be computed from tables, as far as the scenario says it; undefined where they can. */
export function whyNotCompiled(scenario: Scenario, own: OwnParts = {}): string | undefined {
  const { topology = {}, measures = {}, expect = {}, random = {} } = scenario;
  if (own.measures !== undefined || own.properties !== undefined) return "own functions need facts";
  if (scenario.horizon === undefined) return "there is no horizon";
  if (Object.keys(topology).length === 0) return "the topology is empty";
  const unplanned = whyNotPlanned(scenario);
  if (unplanned !== undefined) return unplanned;
  for (const [name, { of }] of Object.entries(random)) {
    if (of === undefined) return `the process ${name} strikes a place with all that stands in it`;
  }
  for (const [name, { backup }] of Object.entries(topology)) {
    if (backup !== undefined) return `the backups of ${name} depend on the hour`;
  }
  for (const [name, { measure }] of Object.entries(measures)) {
    if (measureFactories[measure].form === undefined)
      return `measure ${name} (${measure}) needs facts`;
  }
  for (const [name, expectation] of Object.entries(expect)) {
    if ("holds" in expectation) return `expectation ${name} (${expectation.holds}) needs facts`;
    if ("never" in expectation && expectation.never === "backupOlderThan") {
      return `expectation ${name} (${expectation.never}) depends on the hour`;
    }
  }
  return needsWorkload(scenario, own) ? "positions of replicas are needed" : undefined;
}

/** A scenario with one of its things alone: nothing else has an influence on that one. */
function partOf(scenario: Scenario, thing: string): Scenario {
  const { topology = {}, random = {} } = scenario;
  const own = Object.entries(random).filter(
    ([, { of }]) => of !== undefined && parseReference(of).name === thing,
  );
  const fixture = topology[thing];
  return {
    ...scenario,
    topology: fixture === undefined ? {} : { [thing]: fixture },
    random: Object.fromEntries(own),
  };
}

/** Adds the values of a measure to others: one, or of a list all. */
type Collector = (outcomes: readonly ThingOutcome[], values: number[]) => void;

function levelCollector(things: readonly CompiledThing[], name: string, unit: number): Collector {
  const places = things.map(({ automaton: { plan } }) => placesOf(plan.levels, name));
  return (outcomes, values) => {
    let sum = 0;
    for (let thing = 0; thing < outcomes.length; thing++) {
      for (const place of places[thing] ?? []) sum += outcomes[thing]?.levels[place] ?? 0;
    }
    values.push(sum / unit);
  };
}

function countCollector(things: readonly CompiledThing[], name: string): Collector {
  const places = things.map(({ automaton: { plan } }) => placesOf(plan.counts, name));
  return (outcomes, values) => {
    let sum = 0;
    for (let thing = 0; thing < outcomes.length; thing++) {
      for (const place of places[thing] ?? []) sum += outcomes[thing]?.counts[place] ?? 0;
    }
    values.push(sum);
  };
}

function commandCollector(
  which: "ofOperators" | "refused",
  isAbout: readonly boolean[],
): Collector {
  return (outcomes, values) => {
    let sum = 0;
    for (const [thing, { actions, refusals }] of outcomes.entries()) {
      if (isAbout[thing] === true) sum += which === "refused" ? refusals : actions;
    }
    values.push(sum);
  };
}

function lengthCollector(things: readonly CompiledThing[], name: string): Collector {
  const places = things.map(({ automaton: { plan } }) =>
    plan.flags.flatMap((flag, at) =>
      flag.kind === "interruptions" && flag.name === name ? [at] : [],
    ),
  );
  return (outcomes, values) => {
    for (const [thing, { lengths }] of outcomes.entries()) {
      for (const place of places[thing] ?? []) {
        for (const length of lengths[place] ?? []) values.push(length);
      }
    }
  };
}

function brokenCollector(things: readonly CompiledThing[], name: string): Collector {
  const places = things.map(({ automaton: { plan } }) =>
    plan.flags.findIndex((flag) => flag.kind === "never" && flag.name === name),
  );
  return (outcomes, values) => {
    const isBroken = outcomes.some(({ broken }, thing) => broken[places[thing] ?? -1] === 1);
    values.push(isBroken ? 1 : 0);
  };
}

function placesOf(planned: readonly { readonly name: string }[], name: string): readonly number[] {
  return planned.flatMap((one, at) => (one.name === name ? [at] : []));
}
