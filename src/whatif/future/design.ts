import { assertKnownOptions, type OptionNames } from "../../model/schema/entryPointOptions.js";
import { measuresOfWrites } from "../../scenario/format/measureSets.js";
import { parseReference } from "../../scenario/format/references.js";
import type { MeasureSpecOf, Scenario } from "../../scenario/format/scenario.js";
import { conditionsOfPositions } from "../../scenario/run/conditions.js";
import {
  type PreparedScenario,
  plannedReplicas,
  prepareScenario,
} from "../../scenario/run/prepare.js";
import { type MeasureFactory } from "../measures/measure.js";
import { measureFactories } from "../measures/measures.js";
import { type PropertyFactory, propertiesOfPositions, propertyFactories } from "./properties.js";

/** Measures and properties that no file can hold: functions by name. */
export interface OwnParts {
  /** A measure of each future: a fold over facts. */
  readonly measures?: Readonly<Record<string, MeasureFactory>>;
  /** Statements about each future. */
  readonly properties?: Readonly<Record<string, PropertyFactory>>;
  /** Whether workloads must run, though nothing of the file needs positions. Default: true where there are own parts. */
  readonly workload?: boolean;
}

const ownNames: OptionNames<OwnParts> = { measures: true, properties: true, workload: true };

/** Refuses unknown own parts. */
export function assertOwnParts(own: OwnParts): void {
  assertKnownOptions(own, ownNames, "own");
}

/** A measure, bound to a design. */
export interface PlannedMeasure {
  readonly name: string;
  readonly spec: MeasureSpecOf<number>;
  readonly create: MeasureFactory;
}

/** A design whose topology was built, and what is measured in each of its futures. */
export interface PreparedDesign {
  readonly prepared: PreparedScenario;
  readonly measures: readonly PlannedMeasure[];
  readonly properties: readonly (readonly [name: string, create: PropertyFactory])[];
  readonly workload: boolean;
  /** Whether functions of a caller are given the entries. */
  readonly hasOwnParts: boolean;
}

/** Builds the topology of a design, once for all its futures. */
export function prepareDesign(
  scenario: Scenario,
  own: OwnParts = {},
  { journal = false }: { readonly journal?: boolean } = {},
): PreparedDesign {
  const prepared = prepareScenario(scenario, {
    store: journal ? "immutable" : "in-place",
    journal,
  });
  const named = Object.entries(scenario.measures ?? {}).map(([name, spec]) => ({
    name,
    spec,
    create: measureFactories[spec.measure],
  }));
  const functions = Object.entries(own.measures ?? {}).map(([name, create]) => ({
    name,
    spec: { measure: "writesDown" as const },
    create,
  }));
  const expected = Object.entries(scenario.expect ?? {}).flatMap(([name, expectation]) => {
    if (!("holds" in expectation)) return [];
    const { holds, of } = expectation;
    const thing = of === undefined ? undefined : parseReference(of).name;
    return [[name, () => propertyFactories[holds](thing)] as const];
  });
  return {
    prepared,
    measures: [...named, ...functions],
    properties: [...expected, ...Object.entries(own.properties ?? {})],
    workload: needsWorkload(scenario, own),
    hasOwnParts: own.measures !== undefined || own.properties !== undefined,
  };
}

/** Faults that keep a replica from receiving or applying what its source writes. */
const faultsOfReplication: ReadonlySet<unknown> = new Set([
  "cutLink",
  "slowLink",
  "breakReplication",
  "partition",
]);

/** Whether a replica may fall behind its source by more than its lag: a failover picks another one then, and takes longer. */
function mayFallBehind(
  { topology = {}, random = {} }: Scenario,
  actions: readonly object[],
): boolean {
  const hasReplicas = Object.values(topology).some(
    (fixture) => fixture.writes !== undefined && plannedReplicas(fixture) > 0,
  );
  if (!hasReplicas) return false;
  const isOfReplication = ({ fault, effect }: { fault?: unknown; effect?: unknown }): boolean =>
    faultsOfReplication.has(fault) || faultsOfReplication.has(effect);
  return Object.values(random).some(isOfReplication) || actions.some(isOfReplication);
}

/** Whether anything depends on how much replicas have received: only then must workloads run. */
export function needsWorkload(scenario: Scenario, own: OwnParts = {}): boolean {
  const hasOwn = own.measures !== undefined || own.properties !== undefined;
  if (own.workload ?? hasOwn) return true;
  const { measures = {}, operators = {}, expect = {}, steps = [] } = scenario;
  const actions = [
    ...steps.map((step) => step.do),
    ...Object.values(operators).flatMap((operator) => operator.do),
  ].filter((action) => typeof action === "object");
  return (
    Object.values(measures).some(({ measure }) => measuresOfWrites.has(measure)) ||
    Object.values(operators).some(({ when }) => conditionsOfPositions.has(when.condition)) ||
    Object.values(expect).some(
      (expectation) =>
        ("holds" in expectation && propertiesOfPositions.has(expectation.holds)) ||
        ("never" in expectation && conditionsOfPositions.has(expectation.never)),
    ) ||
    mayFallBehind(scenario, actions) ||
    actions.some(
      (action) =>
        // Only clients that write can be moved.
        ("command" in action && action.command === "moveClients") ||
        ("of" in action &&
          typeof action.of === "string" &&
          parseReference(action.of).role === "freshest"),
    )
  );
}
