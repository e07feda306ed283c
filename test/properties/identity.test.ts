import fc from "fast-check";
import {
  type Command,
  diff,
  type Fact,
  type JournalEntry,
  ReplicationSimulator,
  type SimulatorOptions,
} from "replication-simulator";
import { beforeAll, describe, expect, test } from "vitest";
import { rowsOf } from "../../src/collections/table.js";
import { stripSequenceNumbers } from "../../src/kernel/causalTree.js";
import { topologyOf } from "../../src/simulator/clientKernel.js";
import { draftArbitrary } from "../../src/testing/fast-check/draftArbitrary.js";
import { type StepDrafts } from "../../src/testing/fast-check/stepDrafts.js";
import { draftReporter } from "../drafts/draftReporter.js";
import { type SerializableOptions } from "../drafts/draftsAsTest.js";
import { runDrafts } from "../drafts/runDrafts.js";
import { neighbour, runs } from "../scenarioGenerators.js";
import { again, type Happening, labelled } from "./counterfactual.js";

/*
 * What a thing is, and what is drawn for it, depends on where it comes from alone. So whatever is done about other things,
 * every fact about the old ones stays: ids, times, durations, and their order among themselves. And what does not hang
 * together with a step does not notice when it is left out.
 *
 * Left out of the drafts is what is about everything there is, where one thing more must make a difference: work that
 * fails "on any resource", and processes on whole populations.
 */

const options: fc.Arbitrary<SerializableOptions> = fc.record(
  {
    seed: fc.integer(),
    latency: fc.constantFrom<NonNullable<SerializableOptions["latency"]>>("fast", "instant", {
      build: { kind: "exponential", meanMs: 40_000 },
      restart: { kind: "lognormal", medianMs: 5_000, sigma: 1 },
    }),
    jitter: fc.constantFrom(0.25, 1),
    // No limit is met.
    limits: fc.constant({ maxInstancesPerAccount: 1_000 }),
  },
  { requiredKeys: ["limits"] },
);

const [timeToFailure, timeToRepair] = [
  { kind: "exponential", meanMs: 3_000_000 },
  { kind: "lognormal", medianMs: 200_000, sigma: 1 },
] as const;

const drafts = draftArbitrary({ accounts: [neighbour], lengthMax: 40 })
  .map((draft) =>
    draft
      .filter((step) => !isAboutAll(step))
      .map(seldom)
      .map(soon),
  )
  .map(labelled);

/** Random faults at a pace that leaves room for other things. */
function seldom(step: StepDrafts[number]): StepDrafts[number] {
  if (typeof step === "string" || !("execute" in step)) return step;
  const { execute } = step as { readonly execute: Readonly<Record<string, unknown>> };
  const fault = execute["fault"] as Readonly<Record<string, unknown>> | undefined;
  if (fault?.["kind"] !== "random" && fault?.["kind"] !== "randomAmong") return step;
  const time = fault["kind"] === "random" ? "timeToFailure" : "timeBetweenFailures";
  const slow = { ...fault, [time]: timeToFailure, timeToRepair };
  return { ...step, execute: { ...execute, type: "injectFault", fault: slow } };
}

const weekMs = 604_800_000;
/** Time at which the drafts end at the latest, but for their own steps: a week after they begin. */
const lastPlanned = 1_767_225_600_000 + weekMs;

/**
 * Faults that are planned for the far future happen within a week, and last no longer. A `step` that jumps to the year
 * 3751 lets an inserted random process strike twenty million times on the way.
 */
function soon(step: StepDrafts[number]): StepDrafts[number] {
  if (typeof step === "string" || !("execute" in step)) return step;
  const execute = step.execute as Readonly<Record<string, unknown>>;
  if (execute["type"] !== "injectFault") return step;
  const fault = execute["fault"] as Readonly<Record<string, unknown>>;
  return {
    ...step,
    execute: {
      ...execute,
      ...atMost(execute, "at", lastPlanned),
      ...atMost(execute, "afterMs", weekMs),
      fault: {
        ...fault,
        ...atMost(fault, "durationMs", weekMs),
        ...atMost(fault, "endsAt", lastPlanned),
      },
    },
  } as StepDrafts[number];
}

/** A field that is a number above a bound is the bound. */
function atMost(values: Readonly<Record<string, unknown>>, name: string, bound: number): object {
  const value = values[name];
  return typeof value === "number" && value > bound ? { [name]: bound } : {};
}

function isAboutAll(step: StepDrafts[number]): boolean {
  if (typeof step === "string" || !("execute" in step)) return false;
  const { execute } = step as { readonly execute: Readonly<Record<string, unknown>> };
  const fault = execute["fault"] as Readonly<Record<string, unknown>> | undefined;
  if (execute["type"] === "failTask") return execute["of"] === undefined;
  if (fault?.["kind"] === "failTask") return fault["of"] === undefined;
  if (fault?.["kind"] !== "randomAmong") return false;
  const target = fault["target"];
  return target === "all" || Object.hasOwn(target as object, "role");
}

/** Something about other things: which kind, about which of them, and before which command of the draft, as a share. */
interface Insertion {
  readonly kind: number;
  readonly which: number;
  readonly where: number;
}

const insertions: fc.Arbitrary<readonly Insertion[]> = fc.array(
  fc.record({ kind: fc.nat(1_000), which: fc.nat(1_000), where: fc.nat(1_000) }),
  { minLength: 1, maxLength: 25, size: "max" },
);

const small = { flavorId: 2, volumeGb: 10 } as const;
/** Commands about other things, of which each gets an id of the kind that it needs. */
const others: readonly {
  readonly of: "nothing" | "instances" | "replicas" | "groups";
  readonly command: (id: string, label: string) => Command;
}[] = [
  { of: "nothing", command: (_, label) => ({ type: "createInstance", ...small, label }) },
  // The names that drafts like, too: it is the label that counts.
  {
    of: "nothing",
    command: (_, label) => ({ type: "createInstance", name: "orders", ...small, label }),
  },
  {
    of: "nothing",
    command: (_, label) => ({
      type: "createHaGroup",
      name: "orders",
      source: { ...small, label: `${label} source` },
      replicas: [{ ...small, label: `${label} replica` }],
      label,
    }),
  },
  {
    of: "nothing",
    command: (_, label) => ({
      type: "createConfiguration",
      name: "c",
      values: { wait_timeout: 1 },
      label,
    }),
  },
  {
    of: "instances",
    command: (replicaOf, label) => ({ type: "createReplica", ...small, replicaOf, label }),
  },
  { of: "instances", command: (ownerId, label) => ({ type: "createSchedule", ownerId, label }) },
  {
    of: "instances",
    command: (ownerId, label) => ({ type: "createBackup", name: "nightly", ownerId, label }),
  },
  { of: "instances", command: (instanceId) => ({ type: "restartInstance", instanceId }) },
  { of: "instances", command: (instanceId) => ({ type: "deleteInstance", instanceId }) },
  { of: "replicas", command: (instanceId) => ({ type: "detachReplica", instanceId }) },
  {
    of: "instances",
    command: (instanceId) => ({ type: "setWorkload", instanceId, transactionsPerSecond: 10 }),
  },
  {
    of: "instances",
    command: (instanceId, label) =>
      injected({ kind: "crash", instanceId, durationMs: 9_000 }, label),
  },
  {
    of: "instances",
    command: (instanceId, label) => injected({ kind: "hang", instanceId }, label),
  },
  {
    of: "instances",
    command: (replicaId, label) =>
      injected({ kind: "cutLink", replicaId, durationMs: 9_000 }, label),
  },
  { of: "instances", command: (of, label) => ({ type: "failTask", task: "build", of, label }) },
  {
    of: "instances",
    command: (instanceId, label) =>
      injected(
        { kind: "random", fault: "crash", target: { instanceId }, timeToFailure, timeToRepair },
        label,
      ),
  },
  {
    of: "groups",
    command: (groupId, label) =>
      injected(
        { kind: "random", fault: "hang", target: { groupId }, timeToFailure, timeToRepair },
        label,
      ),
  },
  {
    of: "groups",
    command: (groupId, label) =>
      injected(
        {
          kind: "randomAmong",
          fault: "crash",
          target: { groupId },
          timeBetweenFailures: timeToFailure,
          timeToRepair,
        },
        label,
      ),
  },
  { of: "groups", command: (groupId, label) => ({ type: "addReplica", groupId, ...small, label }) },
  { of: "groups", command: (groupId) => ({ type: "forceFailover", groupId }) },
  { of: "groups", command: (groupId) => ({ type: "deleteHaGroup", groupId }) },
];

function injected(
  fault: Extract<Command, { type: "injectFault" }>["fault"],
  label: string,
): Command {
  return { type: "injectFault", fault, label };
}

/** The ids of all that facts have brought into the world. */
function idsIn(facts: Iterable<Fact>): ReadonlySet<string> {
  const ids = new Set<string>();
  for (const fact of facts) {
    if (fact.type === "InstanceCreated") ids.add(fact.instance.id);
    if (fact.type === "GroupCreated") ids.add(fact.group.id);
    if (fact.type === "ScheduleCreated") ids.add(fact.schedule.id);
    if (fact.type === "BackupCreated") ids.add(fact.backup.id);
    if (fact.type === "ConfigurationCreated") ids.add(fact.configuration.id);
    if (fact.type === "FaultInjected") ids.add(fact.injected.id);
    if (fact.type === "SourcePromoted") ids.add(fact.failoverId);
  }
  return ids;
}

/** Every text in a value. */
function* textsIn(value: unknown): Generator<string> {
  if (typeof value === "string") yield value;
  else if (typeof value === "object" && value !== null) {
    for (const part of Object.values(value)) yield* textsIn(part);
  }
}

/** A fact as it reads in every world, with its time; undefined for what is about the account alone. */
function state({ at, fact }: Happening): string | undefined {
  return fact.type === "AccountOpened" ? undefined : `${String(at)} ${stripSequenceNumbers(fact)}`;
}

function happenings(entries: readonly JournalEntry[]): readonly Happening[] {
  return entries.flatMap(({ at, facts }) => facts.map((fact) => ({ at, fact })));
}

/** Ids of what a command can be about, in an account. */
function candidates(
  sim: ReplicationSimulator,
  of: (typeof others)[number]["of"],
  accountId: string,
): readonly string[] {
  if (of === "nothing") return ["nothing"];
  const { instances, groups } = topologyOf(sim);
  const rows = of === "groups" ? [...rowsOf(groups)] : [...rowsOf(instances)];
  return rows.flatMap((row) => {
    const fits = of !== "replicas" || row.sourceId !== null;
    return row.accountId === accountId && fits ? [row.id] : [];
  });
}

interface Inserted {
  readonly base: ReplicationSimulator;
  readonly merged: ReplicationSimulator;
  readonly old: readonly string[];
  readonly kept: readonly string[];
  readonly newFacts: number;
  readonly accepted: readonly number[];
  readonly foreign: ReadonlySet<string>;
}

/** A draft, and the same with insertions: what is reported of its things in both. */
function inserted(
  given: SimulatorOptions,
  draft: StepDrafts,
  more: readonly Insertion[],
): Inserted {
  const base = runDrafts(new ReplicationSimulator(given), draft);
  const entries = base.history.entries();
  const known = idsIn(entries.flatMap(({ facts }) => facts));
  const commands = entries
    .filter(({ trigger }) => trigger.kind === "command")
    .map(({ seq }) => seq);
  const accepted: number[] = [];
  const perform = (sim: ReplicationSimulator, insertion: Insertion, at: number): void => {
    const kind = insertion.kind % others.length;
    const account = sim.account(insertion.which % 7 === 0 ? neighbour : sim.accountId);
    for (const { of, command } of others.slice(kind, kind + 1)) {
      const ids = candidates(sim, of, account.accountId).filter((id) => !known.has(id));
      if (ids.length === 0) return;
      const id = ids[insertion.which % ids.length] ?? "";
      if (account.try.execute(command(id, `other ${String(at)}`)).ok) accepted.push(kind);
    }
  };
  const { sim: merged, happened } = again(given, entries, {
    until: base.now,
    isKnown: (id) => known.has(id),
    before: (sim, seq) => {
      const turn = commands.indexOf(seq);
      for (const [at, insertion] of more.entries()) {
        if (insertion.where % commands.length === turn) perform(sim, insertion, at);
      }
    },
  });
  const foreign = new Set(
    [...idsIn(happened.map(({ fact }) => fact))].filter((id) => !known.has(id)),
  );
  const isForeign = ({ fact }: Happening): boolean => {
    for (const text of textsIn(fact)) if (foreign.has(text)) return true;
    return false;
  };
  const kept = happened.filter((happening) => !isForeign(happening));
  return {
    base,
    merged,
    old: happenings(entries).flatMap((happening) => state(happening) ?? []),
    kept: kept.flatMap((happening) => state(happening) ?? []),
    newFacts: happened.length - kept.length,
    accepted,
    foreign,
  };
}

test("whatever is done about other things, every fact about the old ones stays, in its order", () => {
  fc.assert(
    fc.property(options, drafts, insertions, (given, draft, more) => {
      const { base, merged, old, kept, foreign } = inserted(given, draft, more);
      expect(kept).toEqual(old);
      const { state } = diff(base.journal(), merged.journal());
      for (const { onlyLeft, onlyRight, changed } of Object.values(state)) {
        expect([onlyLeft, changed]).toEqual([[], []]);
        for (const { id } of onlyRight) expect(foreign).toContain(id);
      }
    }),
    {
      numRuns: runs(60),
      reporter: draftReporter<[SerializableOptions, StepDrafts, readonly Insertion[]]>({
        simulator: ([given]) => given,
      }),
    },
  );
});

/** Which things hang together: everything that one entry mentions, its command included. */
class Components {
  readonly #parents = new Map<string, string>();

  of(id: string): string {
    let root = id;
    for (let next = this.#parents.get(root); next !== undefined && next !== root; ) {
      root = next;
      next = this.#parents.get(root);
    }
    return root;
  }

  join(ids: readonly string[]): void {
    const [first, ...rest] = ids.map((id) => this.of(id));
    if (first !== undefined) for (const id of rest) this.#parents.set(id, first);
  }
}

interface LeftOut {
  readonly expected: readonly string[];
  readonly found: readonly string[];
  readonly components: number;
}

/** A draft without one of its commands: what is reported, in both, of all that does not hang together with it. */
function leftOut(given: SimulatorOptions, draft: StepDrafts, which: number): LeftOut | undefined {
  const base = runDrafts(new ReplicationSimulator(given), draft);
  const entries = base.history.entries();
  const known = idsIn(entries.flatMap(({ facts }) => facts));
  const mentioned = (value: unknown): readonly string[] =>
    [...new Set(textsIn(value))].filter((text) => known.has(text));
  const components = new Components();
  for (const entry of entries) components.join(mentioned([entry.trigger, entry.facts]));
  const commands = entries.filter(({ trigger }) => trigger.kind === "command");
  const left = commands[which % Math.max(1, commands.length)];
  if (left === undefined) return undefined;
  const gone = new Set(mentioned([left.trigger, left.facts]).map((id) => components.of(id)));
  const { happened } = again(given, entries, {
    until: base.now,
    removed: new Set([left.seq]),
    isKnown: (id) => known.has(id) && !gone.has(components.of(id)),
  });
  const untouched = (list: readonly Happening[]): readonly string[] =>
    list
      .filter(({ fact }) => {
        const ids = mentioned(fact);
        // What is of no known thing came instead of something that is gone.
        return ids.length > 0 && !ids.some((id) => gone.has(components.of(id)));
      })
      .flatMap((happening) => state(happening) ?? []);
  return {
    expected: untouched(happenings(entries)),
    found: untouched(happened),
    components: new Set([...known].map((id) => components.of(id))).size,
  };
}

/** Slow tasks and outages are about everything: a draft without its outage is another one. */
const separable = drafts.map(
  (draft): StepDrafts =>
    draft.filter((step) => {
      const text = JSON.stringify(step);
      return !/"(slowTasks|outage)"/.test(text) && !/"target":("all"|\{"role":"\w+"\})/.test(text);
    }),
);

test("what does not hang together with a step does not notice that it is left out", () => {
  fc.assert(
    fc.property(options, separable, fc.nat(1_000), (given, draft, which) => {
      const result = leftOut(given, draft, which);
      expect(result?.found).toEqual(result?.expected);
    }),
    {
      numRuns: runs(60),
      reporter: draftReporter<[SerializableOptions, StepDrafts, number]>({
        simulator: ([given]) => given,
      }),
    },
  );
});

describe("these properties reach", () => {
  const accepted = new Set<number>();
  let [newFacts, oldFacts, expected, apart, failovers] = [0, 0, 0, 0, 0];

  beforeAll(() => {
    for (const [given, draft, more] of fc.sample(fc.tuple(options, drafts, insertions), {
      numRuns: 1_200,
      seed: 20_260_101,
    })) {
      const found = inserted(given, draft, more);
      for (const kind of found.accepted) accepted.add(kind);
      newFacts += found.newFacts;
      oldFacts += found.old.length;
      failovers += found.kept.filter((line) => line.includes("SourcePromoted")).length;
    }
    for (const [given, draft, which] of fc.sample(fc.tuple(options, separable, fc.nat(1_000)), {
      numRuns: 150,
      seed: 20_260_101,
    })) {
      const found = leftOut(given, draft, which);
      expected += found?.expected.length ?? 0;
      if ((found?.components ?? 0) > 1) apart += 1;
    }
  }, 120_000);

  test("every kind of insertion, accepted", () => {
    expect([...accepted].sort((a, b) => a - b)).toEqual(others.map((_, kind) => kind));
  });

  test("many new facts, many old ones, failovers among them, and scenarios that fail", () => {
    expect(newFacts).toBeGreaterThan(3_000);
    expect(oldFacts).toBeGreaterThan(3_000);
    expect(failovers).toBeGreaterThan(3);
    expect(expected).toBeGreaterThan(1_000);
    expect(apart).toBeGreaterThan(80);
  });
});
