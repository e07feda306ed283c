import fc from "fast-check";
import { type Fact, type JournalEntry, ReplicationSimulator } from "replication-simulator";
import { expect, test } from "vitest";
import { draftArbitrary } from "../../src/testing/fast-check/draftArbitrary.js";
import { type StepDrafts } from "../../src/testing/fast-check/stepDrafts.js";
import { draftReporter } from "../drafts/draftReporter.js";
import { type SerializableOptions } from "../drafts/draftsAsTest.js";
import { runDrafts } from "../drafts/runDrafts.js";
import { neighbour, patience, runs, worlds } from "../scenarioGenerators.js";
import { type Happening, labelled, without } from "./counterfactual.js";

/*
 * `explain` names causes. Each root that it names is one: without it the draft goes on without what was explained. Where
 * two commands stand in for each other (two deletions at one moment, two failures that were planned alike), the other
 * one has to go as well.
 */

const drafts = draftArbitrary({ accounts: [neighbour], lengthMax: 50 }).map(labelled);

/** What was explained: a fact that gives a status, and the roots that were named. */
interface Explained {
  readonly id: string;
  readonly at: number;
  readonly state: string;
  readonly roots: readonly JournalEntry[];
  readonly lines: readonly JournalEntry[];
}

/** What a fact says about an id, but for the figures that come with it. */
function stateOf(fact: Fact, id: string): string | undefined {
  switch (fact.type) {
    case "InstanceCreated":
      return fact.instance.id === id ? fact.type : undefined;
    case "GroupCreated":
      return fact.group.id === id ? fact.type : undefined;
    case "ScheduleCreated":
      return fact.schedule.id === id ? fact.type : undefined;
    case "BackupCreated":
      return fact.backup.id === id ? fact.type : undefined;
    case "ConfigurationCreated":
      return fact.configuration.id === id ? fact.type : undefined;
    case "InstanceStateEntered":
    case "GroupStateEntered":
    case "BackupStateEntered":
      return fact.id === id ? `${fact.type} ${fact.from} ${fact.state}` : undefined;
    case "InstanceRemoved":
    case "GroupRemoved":
    case "BackupRemoved":
    case "ScheduleRemoved":
    case "ConfigurationRemoved":
      return fact.id === id ? fact.type : undefined;
    // What was lost says more than the status that was entered.
    case "LogStarted":
      return fact.id === id && fact.lostTransactions > 0 ? "LogStarted losing some" : undefined;
    default:
      return undefined;
  }
}

/** Everything that a world can explain, also of what is gone. */
function explanations(sim: ReplicationSimulator): readonly Explained[] {
  const ids = new Set<string>();
  for (const { facts } of sim.history.entries()) {
    for (const fact of facts) {
      if (fact.type === "InstanceCreated") ids.add(fact.instance.id);
      if (fact.type === "GroupCreated") ids.add(fact.group.id);
      if (fact.type === "ScheduleCreated") ids.add(fact.schedule.id);
      if (fact.type === "BackupCreated") ids.add(fact.backup.id);
      if (fact.type === "ConfigurationCreated") ids.add(fact.configuration.id);
    }
  }
  return [...ids].map((id) => {
    const causes = sim.explain(id);
    const [last] = causes;
    if (last === undefined) throw new Error(`nothing explains ${id}`);
    const state = last.facts
      .map((fact) => stateOf(fact, id))
      .findLast((each) => each !== undefined);
    const lines = causes.map(({ line }) => line);
    const roots = lines.filter(({ cause }) => cause === null);
    return { id, at: last.line.at, state: state ?? "", roots, lines };
  });
}

/** Whether what was explained is true without some commands, as often as it was at that moment. */
function happens(
  options: SerializableOptions,
  sim: ReplicationSimulator,
  { id, at, state }: Explained,
  removed: readonly number[],
): boolean {
  const lines = sim.history.entries();
  const times = (happened: readonly Happening[]): number =>
    happened.filter((each) => each.at === at && stateOf(each.fact, id) === state).length;
  const before = lines.flatMap((line) => line.facts.map((fact) => ({ at: line.at, fact })));
  const after = without(options, lines, { removed: new Set(removed), until: sim.now });
  return times(after) >= times(before);
}

/** Commands without which, root aside, what was explained does not happen. */
function standIns(
  options: SerializableOptions,
  sim: ReplicationSimulator,
  explained: Explained,
  root: JournalEntry,
): readonly number[] {
  return sim.history
    .entries()
    .filter(({ seq, trigger }) => trigger.kind === "command" && seq !== root.seq)
    .map(({ seq }) => seq)
    .filter((seq) => !happens(options, sim, explained, [root.seq, seq]));
}

function assertExplained(
  usualRuns: number,
  property: (options: SerializableOptions, draft: StepDrafts) => void,
): void {
  fc.assert(fc.property(worlds, drafts, property), {
    numRuns: runs(usualRuns),
    reporter: draftReporter<[SerializableOptions, StepDrafts]>({
      simulator: ([options]) => options,
    }),
  });
}

test("every explanation leads back to commands, and every line in it to one before it", () => {
  assertExplained(100, (options, draft) => {
    const sim = runDrafts(new ReplicationSimulator(options), draft);
    for (const { roots, lines } of explanations(sim)) {
      expect(roots.map(({ trigger }) => trigger.kind)).toEqual(roots.map(() => "command"));
      expect(roots.length).toBeGreaterThan(0);
      const [last, ...causes] = lines.map(({ seq }) => seq);
      const named = lines.flatMap(({ cause, contributingCauses: also = [] }) =>
        cause === null ? also : [cause, ...also],
      );
      expect(named.filter((seq) => !causes.includes(seq))).toEqual([]);
      for (const seq of causes) expect(seq).toBeLessThan(last ?? 0);
    }
  });
});

test("a scenario without removed steps repeats exactly", () => {
  assertExplained(60, (options, draft) => {
    const sim = runDrafts(new ReplicationSimulator(options), draft);
    const reported = sim.history
      .entries()
      .flatMap(({ at, facts }) => facts.map((fact) => ({ at, fact })));
    expect(without(options, sim.history.entries(), { removed: new Set(), until: sim.now })).toEqual(
      reported,
    );
  });
});

test("without a root that was named, what was explained does not happen", () => {
  assertExplained(60, (options, draft) => {
    const sim = runDrafts(new ReplicationSimulator(options), draft);
    const all = explanations(sim);
    // The newest of each kind: to try all would take as long as all drafts together.
    for (const explained of all.slice(-4)) {
      for (const root of explained.roots) {
        if (!happens(options, sim, explained, [root.seq])) continue;
        const others = standIns(options, sim, explained, root);
        expect(others, `${explained.id} ${explained.state} without ${root.seq}`).not.toEqual([]);
      }
    }
  });
});

test(
  "the scenarios reach: roots of every kind, several at once, and seldom a stand-in",
  () => {
    const received = new Map<string, number>();
    const receive = (what: string): void => {
      received.set(what, (received.get(what) ?? 0) + 1);
    };
    let [tried, alone] = [0, 0];
    for (const [options, draft] of fc.sample(fc.tuple(worlds, drafts), {
      numRuns: 1_500,
      seed: 20_260_102,
    })) {
      const sim = runDrafts(new ReplicationSimulator(options), draft);
      for (const explained of explanations(sim)) {
        const { roots, lines, state } = explained;
        if (roots.length > 1) receive("several roots");
        if (lines.length > 3) receive("a chain");
        for (const { trigger } of lines) receive(trigger.kind);
        for (const { trigger } of roots)
          if (trigger.kind === "command") receive(trigger.command.type);
        receive(
          state
            .split(" ")
            .filter((_, at) => at !== 1)
            .join(" "),
        );
      }
      for (const explained of explanations(sim).slice(-2)) {
        for (const root of explained.roots) {
          tried += 1;
          if (!happens(options, sim, explained, [root.seq])) alone += 1;
        }
      }
    }
    for (const what of [
      "several roots",
      "a chain",
      "task",
      "tick",
      "createSchedule",
      "failTask",
      "injectFault",
      "convertToHa",
      "createHaGroup",
      "createReplica",
      "deleteInstance",
      "InstanceStateEntered error",
      "GroupStateEntered error",
      "BackupStateEntered completed",
    ]) {
      expect([what, received.get(what) ?? 0]).not.toEqual([what, 0]);
    }
    expect(alone / tried).toBeGreaterThan(0.95);
  },
  patience(180_000),
);
