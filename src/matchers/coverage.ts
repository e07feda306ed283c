import { rowsOf } from "../collections/table.js";
import { transitionTables } from "../lifecycle/compile.js";
import { InvalidInputError } from "../model/errors.js";
import type { Fact } from "../model/facts.js";
import type { InjectedFault } from "../service/faults/fault.model.js";
import { kernelOf, topologyOf } from "../simulator/clientKernel.js";
import { ReplicationSimulator } from "../simulator.js";
import { knownFaultKinds, knownRules, knownTransitions, transitionName } from "./coverageGoals.js";

/** Coverage of simulations, as plain data: counts by name, 0 for a known name that was not reached. */
export interface Coverage {
  /** Number of requests refused by each rule id. A request with several malformed fields counts for each rule. */
  readonly rules: Readonly<Record<string, number>>;
  /** Number of times each lifecycle transition was taken, such as `instance: building → active`. */
  readonly transitions: Readonly<Record<string, number>>;
  /** Number of times each kind of fault took effect. */
  readonly faults: Readonly<Record<string, number>>;
}

/** Counts what simulators reach from the moment on at which they are added. */
export interface CoverageCollector {
  /** Starts to count what a simulator reaches. A simulator that was added before is not counted twice. */
  readonly add: (sim: ReplicationSimulator) => void;
  /** Coverage so far, of all simulators together. */
  readonly coverage: () => Coverage;
  /** Ends all subscriptions. The counts stay. */
  readonly stop: () => void;
}

/**
 * Counts the rules that refuse requests, the lifecycle transitions and the faults of simulators. It observes only: state,
 * snapshots, fingerprints and results stay the same. Add forks and restored simulators by
 * `add`.
 *
 * @example
 * ```ts
 * import { ReplicationSimulator } from "replication-simulator";
 * import { collectCoverage, coverageTable } from "replication-simulator/matchers";
 *
 * const sim = new ReplicationSimulator();
 * const collector = collectCoverage(sim);
 * sim.createInstance({ name: "orders", flavorId: 2, volumeGb: 10 });
 * sim.settle();
 * console.log(coverageTable(collector.coverage()));
 * ```
 * @param sims - simulators to follow from now on; `add` takes more
 * @returns the collector
 * @throws InvalidInputError `coverage-simulator` for what is no simulator
 */
export function collectCoverage(...sims: readonly ReplicationSimulator[]): CoverageCollector {
  const counts = emptyCounts();
  const subscriptions = new Map<ReplicationSimulator, () => void>();
  const add = (sim: ReplicationSimulator): void => {
    if (!(sim instanceof ReplicationSimulator)) throw notCollectable(sim);
    if (!subscriptions.has(sim)) subscriptions.set(sim, countOf(sim, counts));
  };
  for (const sim of sims) add(sim);
  return {
    add,
    coverage: () => coverageOf(counts),
    stop: () => {
      for (const end of subscriptions.values()) end();
    },
  };
}

/**
 * Adds coverage up: of collectors, of coverage as data, such as JSON that other test files or workers have written, and of
 * simulators. For a simulator it reads the journal: the transitions and faults as far back as that reaches. A journal has
 * no refusals, so use a collector to count rules.
 *
 * @returns a copy as plain data
 *
 * @example
 * ```ts
 * import { ReplicationSimulator } from "replication-simulator";
 * import { coverageOf } from "replication-simulator/matchers";
 *
 * const sim = new ReplicationSimulator();
 * sim.createInstance({ name: "orders", flavorId: 2, volumeGb: 10 });
 * sim.settle();
 * console.log(coverageOf(sim).transitions["instance: building → active"]); // 1
 * ```
 */
export function coverageOf(
  ...parts: readonly (CoverageCollector | Coverage | ReplicationSimulator)[]
): Coverage {
  const total = emptyCounts();
  for (const part of parts) {
    if (part instanceof ReplicationSimulator) {
      const countFacts = factCounter(total, new Map());
      for (const { facts } of part.history.entries()) countFacts(facts);
      continue;
    }
    const { rules, transitions, faults } = "coverage" in part ? part.coverage() : part;
    addCounts(total.rules, rules);
    addCounts(total.transitions, transitions);
    addCounts(total.faults, faults);
  }
  return total;
}

type Counts = Record<string, number>;

interface CoverageCounts extends Coverage {
  readonly rules: Counts;
  readonly transitions: Counts;
  readonly faults: Counts;
}

function emptyCounts(): CoverageCounts {
  return {
    rules: zeros(knownRules()),
    transitions: zeros(knownTransitions()),
    faults: zeros(knownFaultKinds()),
  };
}

function zeros(names: readonly string[]): Counts {
  return Object.fromEntries(names.map((name) => [name, 0]));
}

function addCounts(total: Counts, more: Readonly<Counts>): void {
  for (const [name, count] of Object.entries(more)) total[name] = (total[name] ?? 0) + count;
}

function increment(counts: Counts, name: string): void {
  counts[name] = (counts[name] ?? 0) + 1;
}

/** Counts for one simulator; the returned function ends that. */
function countOf(sim: ReplicationSimulator, counts: CoverageCounts) {
  const { rules } = counts;
  const endRefusals = kernelOf(sim).world.onRefusal((refusal) => {
    const broken =
      refusal instanceof InvalidInputError
        ? refusal.issues.map(({ rule }) => rule)
        : [refusal.rule];
    for (const rule of new Set(broken)) increment(rules, rule);
  });
  const known = new Map<number, InjectedFault>();
  for (const fault of rowsOf(topologyOf(sim).faults)) known.set(fault.ordinal, fault);
  const countFacts = factCounter(counts, known);
  const endChanges = sim.subscribe(({ facts }) => {
    countFacts(facts);
  });
  return () => {
    endRefusals();
    endChanges();
  };
}

/** Returns a function that counts the transitions and faults of facts, in order; `known` follows the faults. */
function factCounter(
  { transitions, faults }: CoverageCounts,
  known: Map<number, InjectedFault>,
): (facts: readonly Fact[]) => void {
  const deleting = new Map<string, string>();
  return (facts) => {
    for (const fact of facts) {
      for (const transition of [transitionOf(fact), removalOf(fact, deleting)]) {
        if (transition !== undefined) increment(transitions, transition);
      }
      const kind = faultKindOf(fact, known);
      if (kind !== undefined) increment(faults, kind);
    }
  };
}

function transitionOf(fact: Fact): string | undefined {
  const { instance, group, backup } = transitionTables();
  switch (fact.type) {
    case "InstanceCreated":
      return transitionName("instance", instance.initial, fact.instance.state);
    case "GroupCreated":
      return transitionName("group", group.initial, fact.group.state);
    case "BackupCreated":
      return transitionName("backup", backup.initial, fact.backup.state);
    case "InstanceStateEntered":
      return transitionName("instance", fact.from, fact.state);
    case "GroupStateEntered":
      return transitionName("group", fact.from, fact.state);
    case "BackupStateEntered":
      return transitionName("backup", fact.from, fact.state);
    default:
      return undefined;
  }
}

/** The last transition of an instance or backup: its removal. `deleting` follows the states that it can come from. */
function removalOf(fact: Fact, deleting: Map<string, string>): string | undefined {
  switch (fact.type) {
    case "InstanceRemoved":
    case "BackupRemoved": {
      const lifecycle = fact.type === "InstanceRemoved" ? "instance" : "backup";
      const from = deleting.get(fact.id);
      deleting.delete(fact.id);
      return from === undefined ? undefined : transitionName(lifecycle, from, "deleted");
    }
    case "InstanceStateEntered":
    case "BackupStateEntered":
      if (fact.state.startsWith("deleting")) deleting.set(fact.id, fact.state);
      return undefined;
    default:
      return undefined;
  }
}

/** The kind of the fault that takes effect with a fact; `known` follows the faults. */
function faultKindOf(fact: Fact, known: Map<number, InjectedFault>): string | undefined {
  if (fact.type === "FaultInjected") {
    const { injected } = fact;
    known.set(injected.ordinal, injected);
    // A task failure takes effect with the first task that fails.
    return injected.activations > 0 && injected.fault.kind !== "failTask"
      ? injected.fault.kind
      : undefined;
  }
  if (
    fact.type !== "FaultActivated" &&
    fact.type !== "FaultCounterChanged" &&
    fact.type !== "FaultEnded"
  ) {
    return undefined;
  }
  const before = known.get(fact.row);
  if (before === undefined) return undefined;
  const { kind } = before.fault;
  if (fact.type === "FaultEnded") {
    known.delete(fact.row);
    // The last failure of a task failure ends it.
    return kind === "failTask" && fact.outcome === "exhausted" ? kind : undefined;
  }
  if (fact.type === "FaultActivated") {
    known.set(fact.row, { ...before, ...fact.changes });
    return fact.skipped === null && kind !== "failTask" ? kind : undefined;
  }
  known.set(fact.row, { ...before, remaining: fact.left });
  return fact.left.times < (before.remaining?.times ?? 0) ? kind : undefined;
}

function notCollectable(value: unknown): InvalidInputError {
  const expected = "a ReplicationSimulator";
  return new InvalidInputError([{ field: "sim", value, expected, rule: "coverage-simulator" }]);
}
