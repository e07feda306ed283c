import { InvalidInputError, ReplicationError } from "../../model/errors.js";
import { assertKnownOptions, type OptionNames } from "../../model/schema/entryPointOptions.js";
import type { PlaceInput } from "../../service/placement/placement.model.js";
import type { RuntimeHooks, SimulatorOptions } from "../../simulator/options.js";
import { ReplicationSimulator } from "../../simulator.js";
import { assertScenario } from "../format/assertScenario.js";
import { toDistribution } from "../format/distributions.js";
import type { FixtureOf, ForkedWorldOf, Scenario, WorldOf } from "../format/scenario.js";
import { type InitialCommands, initialCommandsOf } from "./initialCommands.js";
import { NameTable } from "./nameTable.js";
import { type PlannedStep, planSteps } from "./planSteps.js";

/** Storage options of the worlds of a scenario. */
export interface WorldStorage extends Pick<SimulatorOptions, "store" | "journal" | "maxSteps"> {
  readonly hooks?: RuntimeHooks;
}

const storageNames: OptionNames<WorldStorage> = {
  store: true,
  journal: true,
  maxSteps: true,
  hooks: true,
};

/** A scenario whose topology was built once; each future is a fork of it. */
export interface PreparedScenario {
  readonly scenario: Scenario;
  /** The world at time 0: the topology is there and at rest. */
  readonly base: ReplicationSimulator;
  readonly names: NameTable;
  /** Virtual time at time 0, in ms since the epoch. */
  readonly start: number;
  readonly plan: readonly PlannedStep[];
  /** Workloads and random faults, parsed for the names of time 0. @internal */
  readonly initialCommands: InitialCommands;
}

/** The seed that builds the topology, whatever the seed of a future is. */
export const topologySeed = "topology";

/**
 * Builds the topology of a scenario, once for all its futures. The build ends before time 0, so that time 0 is
 * `world.startAt`.
 * @throws InvalidInputError `scenario-topology` when it is not at rest within 30 days
 */
export function prepareScenario(scenario: Scenario, storage: WorldStorage = {}): PreparedScenario {
  assertKnownOptions(storage, storageNames, "storage");
  assertScenario(scenario);
  const { topology = {}, world = {} } = scenario;
  const { hooks = {}, store, journal, maxSteps } = storage;
  const kept = {
    ...(store === undefined ? {} : { store }),
    ...(journal === undefined ? {} : { journal }),
    ...(maxSteps === undefined ? {} : { maxSteps }),
  };
  const plan = planSteps(scenario);
  const options = { ...optionsOf(world), ...kept, ...hooks };
  if (Object.keys(topology).length === 0) {
    const seed = world.seed ?? 1;
    const base = new ReplicationSimulator({ ...options, seed });
    const names = new NameTable(base);
    const initialCommands = initialCommandsOf(scenario, names);
    return { scenario, base, names, start: base.now, plan, initialCommands };
  }
  const start = new ReplicationSimulator(options).now;
  for (const leadMs of buildLeads) {
    const base = new ReplicationSimulator({
      ...options,
      seed: topologySeed,
      startAt: Math.max(0, start - leadMs),
    });
    const names = new NameTable(base);
    for (const [name, fixture] of Object.entries(topology)) buildOrRefuse(names, name, fixture);
    base.settle();
    if (base.now > start) continue;
    base.advanceTo(start);
    const initialCommands = initialCommandsOf(scenario, names);
    return { scenario, base, names, start, plan, initialCommands };
  }
  throw new InvalidInputError([
    {
      field: "topology",
      value: Object.keys(topology).join(", "),
      expected: "at rest within 30 days",
      rule: "scenario-topology",
    },
  ]);
}

/** Builds a thing; what a rule of the service refuses is refused by its place in the scenario. */
function buildOrRefuse(...[names, name, fixture]: Parameters<typeof build>): void {
  try {
    build(names, name, fixture);
  } catch (error) {
    if (!(error instanceof ReplicationError)) throw error;
    const field = `topology.${name}`;
    const expected = `what the service accepts (${error.message})`;
    throw new InvalidInputError([{ field, value: fixture, expected, rule: "scenario-topology" }]);
  }
}

/** Lead of the build before time 0, in ms; longer leads only for long durations. */
const buildLeads = [3_600_000, 86_400_000, 2_592_000_000] as const;

/** Options of a simulator from those of a scenario. */
export function optionsOf(world: WorldOf<number>): SimulatorOptions {
  const { latency, startAt, seed: _, ...others } = world;
  return {
    ...others,
    ...(typeof startAt === "number" ? { startAt } : {}),
    ...latencyOf(latency),
  } as SimulatorOptions;
}

/** Options of a fork from those of a scenario. */
export function forkOptionsOf({ latency, ...others }: ForkedWorldOf<number>): SimulatorOptions {
  return { ...others, ...latencyOf(latency) } as SimulatorOptions;
}

function latencyOf(latency: WorldOf<number>["latency"]): Pick<SimulatorOptions, "latency"> {
  if (latency === undefined) return {};
  if (typeof latency === "string") return { latency };
  const durations = Object.entries(latency).map(
    ([key, drawn]) => [key, toDistribution(drawn)] as const,
  );
  return { latency: Object.fromEntries(durations) };
}

/** Returns the number of replicas that a fixture begins with. */
export function plannedReplicas({
  kind,
  replicas,
}: Pick<FixtureOf<number>, "kind" | "replicas">): number {
  return replicas ?? (kind === "instance" ? 0 : 1);
}

function build(names: NameTable, name: string, fixture: FixtureOf<number>): void {
  const { sim } = names;
  const { kind, flavorId = "2", volumeGb = 10, usedGb, datastore, backup, places = [] } = fixture;
  const size = { flavorId, volumeGb };
  const store = datastore === undefined ? {} : { datastore };
  const count = plannedReplicas(fixture);
  // Labels, so that designs with other replicas or another kind share what they have in common.
  const member = (born: number): { readonly name: string; readonly label: string } & PlaceInput => {
    const label = `${name}-${String(born)}`;
    return { name: label, label, ...places[born - 1] };
  };
  const replicas = Array.from({ length: count }, (_, index) => ({ ...size, ...member(index + 2) }));
  const source = { ...size, ...member(1) };
  const made =
    kind === "group"
      ? sim.createHaGroup({ name, label: name, ...store, source, replicas })
      : sim.createInstance({ ...source, ...store });
  sim.settle();
  if (kind !== "group") {
    for (const replica of replicas) {
      sim.createReplica({ ...replica, replicaOf: made.id });
      sim.settle();
    }
  }
  const thing = names.add(name, {
    id: made.id,
    kind: kind === "group" ? "group" : "instance",
    isFixture: true,
    accountId: sim.accountId,
    plannedCopies: count + 1,
  });
  if (usedGb !== undefined) sim.setDataSize(names.sourceId(thing), usedGb);
  if (backup !== undefined) {
    const ownerKind = kind === "group" ? "ha" : "instance";
    sim.createSchedule({ ...backup, label: `${name} backups`, ownerKind, ownerId: made.id });
  }
}
