import { rowAt, rowsOf } from "../../collections/table.js";
import type { JournalEntry } from "../../kernel/journal.js";
import type { Seed } from "../../kernel/keyedRandom.js";
import { InvalidInputError } from "../../model/errors.js";
import type { Scenario } from "../../scenario/format/scenario.js";
import type { NameTable } from "../../scenario/run/nameTable.js";
import { type PreparedScenario, prepareScenario } from "../../scenario/run/prepare.js";
import { PreparedRun } from "../../scenario/run/runScenario.js";
import type { FaultClock, InjectedFault } from "../../service/faults/fault.model.js";
import type { Journal } from "../../simulator/serialization.js";
import { needsWorkload } from "../future/design.js";
import type { EventWatch, RareEvent } from "./rareEvent.js";
import { LevelWatch, needsPositions, type RareLevel } from "./rareLevel.js";
import type { ClockProposal, FailureClock, RareWorld } from "./rareWorld.js";

/** A scenario whose topology was built once, with an event and a level. */
export interface RareQuestion {
  readonly prepared: PreparedScenario;
  readonly event: RareEvent;
  readonly level: RareLevel;
  readonly workload: boolean;
}

/**
 * Builds the topology of a scenario for many roots.
 * @throws InvalidInputError `rare-scenario` without a horizon or random faults, and for steps that move time
 */
export function prepareQuestion(
  scenario: Scenario,
  event: RareEvent,
  level: RareLevel,
  { journal = false }: { readonly journal?: boolean } = {},
): RareQuestion {
  const { horizon, steps = [], random = {} } = scenario;
  const refuse = (field: string, value: unknown, expected: string): never => {
    throw new InvalidInputError([{ field, value, expected, rule: "rare-scenario" }]);
  };
  if (horizon === undefined) return refuse("horizon", horizon, "a duration");
  if (Object.keys(random).length === 0) return refuse("random", "none", "at least one process");
  for (const [index, { do: action }] of steps.entries()) {
    const isCommand = typeof action === "object" && ("command" in action || "fault" in action);
    if (!isCommand) refuse(`steps[${String(index)}].do`, action, "a command or a fault");
  }
  return {
    prepared: prepareScenario(scenario, { store: "immutable", journal }),
    event,
    level,
    workload: needsWorkload(scenario) || needsPositions(level),
  };
}

/** Returns the world of one root: the future of a seed, from time 0 on. */
export function worldOf(question: RareQuestion, seed: Seed): ScenarioWorld {
  const { prepared, event, level, workload } = question;
  const listener = new Listener();
  const run = new PreparedRun(prepared, {
    seed,
    workload,
    onStart: (started) => {
      listener.event = event.watch(started);
      listener.level = new LevelWatch(level, event.things, started.names);
    },
    ...listener.callbacks(),
  });
  run.begin();
  return new ScenarioWorld(question, run, listener);
}

/** Hands what happens in a run to its event and its level. */
class Listener {
  event: EventWatch | undefined;
  level: LevelWatch | undefined;

  callbacks(): Pick<ConstructorParameters<typeof PreparedRun>[1], "onEntry" | "onReaction"> {
    return {
      onEntry: (entry: JournalEntry) => {
        this.event?.after(entry, entry.at);
        this.level?.after(entry);
      },
      onReaction: (_, commands, at, watched) => {
        this.event?.reacted(commands.length, at, watched);
      },
    };
  }
}

/** A world of the simulator. */
export class ScenarioWorld implements RareWorld {
  readonly #question: RareQuestion;
  readonly #run: PreparedRun;
  readonly #event: EventWatch;
  readonly #level: LevelWatch;
  /** The journal until a fork; undefined without a fork, and where none is kept. */
  readonly #past: Journal | undefined;

  constructor(
    question: RareQuestion,
    run: PreparedRun,
    { event, level }: Listener,
    past?: Journal,
  ) {
    if (event === undefined || level === undefined) throw new RangeError("the run has not begun");
    this.#question = question;
    this.#run = run;
    this.#event = event;
    this.#level = level;
    this.#past = past;
  }

  /** What has happened since time 0, in the world that this one was forked from as well. Without a journal nothing. */
  journal(): Journal {
    const own = this.#run.sim.journal();
    if (this.#past === undefined) return own;
    return { ...this.#past, now: own.now, lines: [...this.#past.lines, ...own.lines] };
  }

  get now(): number {
    return this.#run.sim.now;
  }

  get nextAt(): number | undefined {
    const { nextAt } = this.#run;
    const alarmAt = this.#alarmAt;
    if (alarmAt === undefined) return nextAt;
    return nextAt === undefined ? alarmAt : Math.min(nextAt, alarmAt);
  }

  get level(): number {
    return this.#level.value;
  }

  hasHappened(): boolean {
    return this.#event.hasHappened;
  }

  step(): void {
    const alarmAt = this.#alarmAt;
    const { nextAt } = this.#run;
    if (alarmAt === undefined || (nextAt !== undefined && nextAt <= alarmAt)) {
      this.#run.step();
      return;
    }
    this.#run.waitUntil(alarmAt);
    this.#event.after(undefined, alarmAt);
  }

  finish(): void {
    const { end } = this.#run;
    if (end === undefined) return;
    this.#run.waitUntil(end);
    this.#event.after(undefined, end);
  }

  failureClocks(): readonly FailureClock[] {
    const { now } = this;
    return [...rowsOf(this.#run.names.topology.faults)].flatMap((row) => {
      const { clock } = row;
      if (clock === null || !this.#leadsToEvent(row)) return [];
      return [failureClock(row, clock, now)];
    });
  }

  clock(id: number): FailureClock | undefined {
    const row = rowAt(this.#run.names.topology.faults, id);
    return row?.clock == null ? undefined : failureClock(row, row.clock, this.now);
  }

  fork(seed: string, proposal?: ClockProposal): RareWorld {
    const listener = new Listener();
    const { now } = this;
    const run = this.#run.fork({
      seed,
      ...listener.callbacks(),
      ...(proposal === undefined
        ? {}
        : {
            proposal: ({ row, clock, isRepair, draw }) =>
              isRepair || !this.#leadsToEvent(row)
                ? undefined
                : proposal(failureClock(row, clock, now), draw),
          }),
    });
    const { event, level } = this.#question;
    listener.event = this.#event.copyFor(run);
    listener.level = new LevelWatch(level, event.things, run.names);
    // Draws of its own make a journal of its own.
    const past = this.#question.prepared.base.settings.journal ? this.journal() : undefined;
    return new ScenarioWorld(this.#question, run, listener, past);
  }

  #leadsToEvent(row: InjectedFault): boolean {
    return affectsThings(row, this.#run.names, this.#question.event.things);
  }

  /** Virtual time at which the event or the level changes by itself, within the horizon. */
  get #alarmAt(): number | undefined {
    const event = this.#event.nextAt;
    const level = this.#level.nextAt;
    const next =
      event === undefined || level === undefined ? (event ?? level) : Math.min(event, level);
    if (next === undefined || next > (this.#run.end ?? Number.POSITIVE_INFINITY)) return undefined;
    return Math.max(next, this.now);
  }
}

/** Whether a process strikes the things of an event. What is not known to do so keeps its own law. */
export function affectsThings(
  { phase, fault, clockOf }: InjectedFault,
  names: NameTable,
  things: readonly string[],
): boolean {
  if (phase !== "recurring") return false;
  const holds = (id: string): boolean =>
    names.things.some(
      (thing) => things.includes(thing.name) && (thing.groupId === id || thing.born.includes(id)),
    );
  if (clockOf !== null && clockOf.instanceOrdinal !== null) {
    const instance = rowAt(names.topology.instances, clockOf.instanceOrdinal);
    return instance !== undefined && holds(instance.id);
  }
  if (fault.kind !== "randomAmong") return false;
  const { target } = fault;
  if (target === "all") return true;
  if ("groupId" in target) return holds(target.groupId);
  if ("sourceId" in target) return holds(target.sourceId);
  return "instanceId" in target ? holds(target.instanceId) : true;
}

function failureClock(row: InjectedFault, clock: FaultClock, now: number): FailureClock {
  const { distribution: law, since, ranMs } = clock;
  return {
    id: row.ordinal,
    law,
    ageMs: ranMs + (since === null ? 0 : now - since),
    isRunning: since !== null,
    activations: row.activations,
  };
}
