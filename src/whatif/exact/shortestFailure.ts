import type { LatencyKey } from "../../kernel/latency.js";
import type {
  CommandActionOf,
  FaultActionOf,
  Scenario,
  StepOf,
} from "../../scenario/format/scenario.js";
import type { NameTable } from "../../scenario/run/nameTable.js";
import { type OpenChoice } from "../../simulator/choices.js";
import { openChoices } from "../../simulator/stateSpace.js";
import { assertSpace } from "../assertInput.js";
import { FailureCheck } from "../shrink/failure.js";
import { onlyExpecting, type Shrunk } from "../shrink/shrink.js";
import { type EventTimes, eventTimes, type TaskSpan } from "./eventTimes.js";
import { type Move, movesOf, type ReadyMove, readyMoves } from "./moves.js";
import { type StateSpace, wayTo } from "./stateSpace.js";
import { beginning, type Forked, fired, isFaultDue, moved, type World } from "./worlds.js";

/** An expectation that some state breaks, with a shortest way to it. */
export interface ShortestFailure {
  readonly expectation: string;
  /** The state, by its index. */
  readonly state: number;
  /** What happens on the way, one event after the other. */
  readonly way: readonly string[];
  /**
   * The way as a scenario: its failures and commands as steps at fixed times, and fixed durations of tasks. It was run,
   * and breaks the expectation. Undefined where no fixed durations give the order of events.
   */
  readonly shortest: Shrunk | undefined;
}

/** Returns a shortest way to a state that breaks an expectation; undefined where no state does. */
export function shortestFailure(
  space: StateSpace,
  expectation: string,
): ShortestFailure | undefined {
  assertSpace(space);
  // Breadth first: the first state has a shortest way.
  const state = space.states.findIndex(({ holds }) => holds.has(expectation));
  if (state < 0) return undefined;
  const scenario = scenarioOfWay(space, state, expectation);
  return {
    expectation,
    state,
    way: wayTo(space, state),
    shortest: scenario && failing(scenario, expectation),
  };
}

/** The scenario with how it fails; undefined where it does not, or is refused. */
function failing(scenario: Scenario, expectation: string): Shrunk | undefined {
  const seed = 0;
  const check = new FailureCheck(expectation, { own: {}, maxRuns: 1 });
  const failure = check.of(scenario, seed);
  return failure && { scenario, seed, failure, runs: check.runs };
}

/** Returns a scenario whose events come in the order of a way. */
function scenarioOfWay(
  space: StateSpace,
  state: number,
  expectation: string,
): Scenario | undefined {
  const { scenario } = space;
  const way = new WayRecorder(scenario);
  for (const place of placesTo(space, state)) if (!way.follow(place)) return undefined;
  const { profile } = way;
  const times = eventTimes(way.events, way.spans(), {
    isEnd: (event) => way.isEnd(event),
    own: (key) => {
      const duration = profile[key];
      return typeof duration === "number" ? duration : undefined;
    },
  });
  return times && onlyExpecting(withTimes(scenario, way, times), expectation);
}

/** The places of the events on a way, each among those of its state. */
function placesTo({ states }: StateSpace, state: number): readonly number[] {
  const places: number[] = [];
  for (let from = states[state]?.from; from != null; from = states[from.state]?.from) {
    places.unshift(from.place);
  }
  return places;
}

/** A step of the way: what happens with an event, and for how long a fault lasts. */
interface WayStep {
  readonly action: FaultActionOf<number> | CommandActionOf<number>;
  readonly label: string | undefined;
  /** The fault that it injects. */
  readonly faultId: string | undefined;
  event: number;
  end: number | null;
}

/** Follows a way in a world, and records what of it a scenario must say. */
class WayRecorder {
  readonly steps: WayStep[] = [];
  events = 0;
  readonly #moves: readonly Move[];
  readonly #ends = new Set<number>();
  readonly #spans = new Map<string, TaskSpan>();
  #world: World;

  constructor(scenario: Scenario) {
    this.#moves = movesOf(scenario);
    this.#world = beginning(scenario);
  }

  /** The durations of the scenario. */
  get profile(): Readonly<Record<LatencyKey, unknown>> {
    return this.#world.sim.settings.latency;
  }

  isEnd(event: number): boolean {
    return this.#ends.has(event);
  }

  spans(): readonly TaskSpan[] {
    return [...this.#spans.values()].map((span) =>
      span.until === underWay ? { ...span, until: this.events } : span,
    );
  }

  /** Lets the event at a place happen; returns whether a scenario can say it. */
  follow(place: number): boolean {
    const world = this.#world;
    const choices = openChoices(world.sim);
    const open = choices[place];
    const move = readyMoves(this.#moves, world.names)[place - choices.length];
    const next = open ? fired(world, open) : move && moved(world, move);
    if (next === undefined) return false;
    this.events += 1;
    const isWritten = open
      ? this.#choice(open, next)
      : move !== undefined && this.#move(move, next);
    this.#tasks(choices, next, open);
    this.#world = next;
    return isWritten;
  }

  #choice({ due, choice }: OpenChoice, next: Forked): boolean {
    if (due.owner === "schedule" || due.owner === "acknowledgement") return false;
    if (due.owner !== "fault") {
      this.#ends.add(this.events);
      return true;
    }
    const { fault, id, phase } = due.row;
    if (!isFaultDue(due)) {
      const step = this.steps.find(({ faultId }) => faultId === id);
      if (step === undefined) return false;
      if (phase === "scheduled") step.event = this.events;
      else step.end = this.events;
      return true;
    }
    if (fault.kind !== "random" && fault.kind !== "randomAmong") return false;
    const { target } = fault;
    const affected =
      choice.victimId ?? (target !== "all" && "instanceId" in target ? target.instanceId : "");
    const of = bornReference(affected, this.#world.names);
    if (of === undefined) return false;
    // Random processes inject faults of kinds that take an instance.
    const action = { fault: fault.fault, of } as FaultActionOf<number>;
    this.#add(action, undefined, next);
    return true;
  }

  #move({ action, label, command }: ReadyMove, next: Forked): boolean {
    const { names } = this.#world;
    const ids = Object.values("fault" in command ? command.fault : command);
    const own = Object.entries(action).flatMap(([name, value]) => {
      if (name === "in" || name === "for") return [];
      if (typeof value !== "string" || name === "command" || name === "fault")
        return [[name, value]];
      const meant = names.resolve(value);
      const affected = meant.length > 1 ? meant.find((id) => ids.includes(id)) : undefined;
      const of = affected === undefined ? value : (bornReference(affected, names) ?? value);
      return [[name, of]];
    });
    // The same action, about one of the instances that it was about.
    this.#add(Object.fromEntries(own) as WayStep["action"], label, next);
    return true;
  }

  #add(action: WayStep["action"], label: string | undefined, { entries }: Forked): void {
    const injected = entries
      .flatMap(({ facts }) => facts)
      .find((fact) => fact.type === "FaultInjected");
    const faultId = injected?.injected.id;
    this.steps.push({ action, label, faultId, event: this.events, end: null });
  }

  /** Notes which tasks have started and ended. */
  #tasks(before: readonly OpenChoice[], next: Forked, open: OpenChoice | undefined): void {
    const after = openChoices(next.sim);
    const left = new Set(after.map(keyOf));
    for (const one of before) {
      const key = keyOf(one);
      const span = this.#spans.get(key);
      if (span === undefined || (left.has(key) && one !== open)) continue;
      const to = one === open ? this.events : null;
      this.#spans.set(key, { ...span, to, until: this.events });
    }
    for (const one of after) {
      const { due } = one;
      if (!("work" in due.row) || due.row.work === null || this.#spans.has(keyOf(one))) continue;
      const { latency, factor, startedAt } = due.row.work;
      const extraMs = startedAt - next.sim.now;
      const span = { latency, factor, extraMs, from: this.events, to: null, until: underWay };
      this.#spans.set(keyOf(one), span);
    }
  }
}

/** A task that has not ended, and was not given up. */
const underWay = -1;

function keyOf({ due: { owner, row, seq } }: OpenChoice): string {
  return `${owner} ${row.id} ${String(seq)}`;
}

/** The instance by its birth in its thing. */
function bornReference(id: string, names: NameTable): string | undefined {
  for (const { name, born } of names.things) {
    const at = born.indexOf(id);
    if (at >= 0) return `${name}.${String(at + 1)}`;
  }
  return undefined;
}

function withTimes(
  scenario: Scenario,
  { steps, events, profile }: WayRecorder,
  { times, durations }: EventTimes,
): Scenario {
  const { random: _, warmUp: __, operators: ___, ...rest } = scenario;
  const timeOf = (event: number): number => times[event] ?? 0;
  const { latency = {}, ...world } = scenario.world ?? {};
  // Named profiles have fixed durations.
  const given =
    typeof latency === "string" ? (profile as Readonly<Record<string, number>>) : latency;
  const changed = [...durations].filter(([key, ms]) => profile[key] !== ms);
  const fixed = {
    ...world,
    ...(world.jitter === undefined ? {} : { jitter: 0 }),
    ...(changed.length === 0
      ? scenario.world?.latency === undefined
        ? {}
        : { latency }
      : { latency: { ...given, ...Object.fromEntries(changed) } }),
  };
  return {
    ...rest,
    ...(Object.keys(fixed).length === 0 ? {} : { world: fixed }),
    steps: steps
      .map(({ action, label, event, end }): StepOf<number> => {
        const lasting = end === null ? {} : { for: timeOf(end) - timeOf(event) };
        // Only a fault ends by itself.
        const what = { ...action, ...lasting } as StepOf<number>["do"];
        return { at: timeOf(event), ...(label === undefined ? {} : { label }), do: what };
      })
      .sort((a, b) => (a.at ?? 0) - (b.at ?? 0)),
    horizon: timeOf(events) + horizonMs,
  };
}

/** From the last event to the horizon. */
const horizonMs = 1000;
