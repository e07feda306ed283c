import type { FixtureOf, Scenario, StepOf } from "../../scenario/format/scenario.js";
import { earliestTimes } from "../../scenario/format/stepTimes.js";
import type { Failure, FailureCheck } from "./failure.js";
import { roundDurations } from "./roundDurations.js";

/** A scenario that fails, and everything that makes it smaller while it does. */
export class Reducer {
  scenario: Scenario;
  seed: number;
  failure: Failure;
  readonly #check: FailureCheck;

  private constructor(
    scenario: Scenario,
    start: { readonly check: FailureCheck; readonly seed: number; readonly failure: Failure },
  ) {
    this.scenario = scenario;
    this.seed = start.seed;
    this.failure = start.failure;
    this.#check = start.check;
  }

  /** Starts with a scenario that fails; undefined where it does not. */
  static of(
    scenario: Scenario,
    start: { readonly check: FailureCheck; readonly seed: number },
  ): Reducer | undefined {
    const failure = start.check.of(scenario, start.seed);
    return failure === undefined ? undefined : new Reducer(scenario, { ...start, failure });
  }

  /** Takes a candidate when it fails, too. */
  take(candidate: () => Scenario | undefined, seed = this.seed): boolean {
    const found = candidate();
    if (found === undefined) return false;
    const failure = this.#check.of(found, seed);
    if (failure === undefined) return false;
    this.scenario = found;
    this.seed = seed;
    this.failure = failure;
    return true;
  }

  /** Events after the failure are irrelevant. */
  cutHorizon(): void {
    this.take(() => this.#until(this.failure.at + 1));
    let low = 0;
    let high = this.#horizon;
    while (high - low > Math.max(60_000, high / 50)) {
      const middle = Math.round((low + high) / 2);
      if (this.take(() => this.#until(middle))) high = middle;
      else low = middle;
    }
  }

  /** Runs all reducers until none makes it smaller. */
  reduce(): void {
    for (const name of ["operators", "random", "warmUp", "title"] as const) this.#withoutPart(name);
    this.#lastAlone();
    this.#leaveOut();
    for (let round = 0; round < 4; round++) {
      const before = JSON.stringify([this.scenario, this.seed]);
      this.#shrinkTopology();
      this.#shrinkWorld();
      if (this.seed !== 0) this.take(() => this.scenario, 0);
      this.#leaveOut();
      roundDurations(this);
      this.#shortenHorizon();
      if (JSON.stringify([this.scenario, this.seed]) === before) return;
    }
  }

  /** The steps, each with its time. */
  get steps(): readonly StepOf<number>[] {
    return this.scenario.steps ?? [];
  }

  /** The same scenario with other steps. */
  withSteps(steps: readonly StepOf<number>[], horizon?: number): Scenario {
    const changed = { ...this.scenario, steps };
    if (horizon === undefined) return changed;
    const { warmUp = 0 } = changed;
    // A file whose measures begin after its end is refused.
    return { ...(warmUp >= horizon ? without(changed, "warmUp") : changed), horizon };
  }

  get #horizon(): number {
    return this.scenario.horizon ?? 0;
  }

  #until(horizon: number): Scenario | undefined {
    if (horizon >= this.#horizon) return undefined;
    const times = earliestTimes(this.steps);
    const kept = this.steps.filter((_, index) => (times[index]?.end ?? 0) <= horizon);
    const cut = this.withSteps(kept, horizon);
    // Nothing would be left to measure.
    return (cut.warmUp ?? 0) < horizon ? cut : without(cut, "warmUp");
  }

  #withoutPart(name: "operators" | "random" | "warmUp" | "title"): void {
    if (this.scenario[name] === undefined) return;
    this.take(() => without(this.scenario, name));
  }

  /** The last steps may not need their past. */
  #lastAlone(): void {
    for (let count = Math.floor(this.steps.length / 2); count > 0; count = Math.floor(count / 2)) {
      if (!this.take(() => this.withSteps(this.steps.slice(-count)))) return;
    }
  }

  /** Delta debugging: halves, quarters and single steps are left out. */
  #leaveOut(): void {
    let parts = 2;
    while (this.steps.length > 0) {
      const size = Math.ceil(this.steps.length / parts);
      let isSmaller = false;
      for (let from = this.steps.length - size; from > -size; from -= size) {
        const start = Math.max(0, from);
        const left = this.steps.filter((_, index) => index < start || index >= from + size);
        if (!this.take(() => this.withSteps(left))) continue;
        isSmaller = true;
        break;
      }
      if (isSmaller) parts = Math.max(2, parts - 1);
      else if (parts >= this.steps.length) return;
      else parts = Math.min(this.steps.length, parts * 2);
    }
    if (this.scenario.steps !== undefined) this.take(() => without(this.scenario, "steps"));
  }

  #shrinkTopology(): void {
    for (const name of Object.keys(this.scenario.topology ?? {})) {
      const { topology = {} } = this.scenario;
      if (Object.keys(topology).length > 1) {
        const steps = this.steps.filter(({ do: action }) => !refersTo(action, name));
        this.take(() => ({ ...this.withSteps(steps), topology: without(topology, name) }));
      }
      this.#shrinkFixture(name);
    }
  }

  #shrinkFixture(name: string): void {
    const change = (edit: (fixture: FixtureOf<number>) => FixtureOf<number> | undefined): boolean =>
      this.take(() => {
        const fixture = this.scenario.topology?.[name];
        const edited = fixture && edit(fixture);
        if (edited === undefined) return undefined;
        return { ...this.scenario, topology: { ...this.scenario.topology, [name]: edited } };
      });
    for (const key of ["backup", "writes", "usedGb", "volumeGb", "flavorId"] as const) {
      change((fixture) => (fixture[key] === undefined ? undefined : without(fixture, key)));
    }
    change(({ writes, ...fixture }) =>
      writes?.bytes === undefined
        ? undefined
        : { ...fixture, writes: { perSecond: writes.perSecond } },
    );
    for (const perSecond of [1, 10, 100]) {
      const isLess = change((fixture) =>
        fixture.writes === undefined || fixture.writes.perSecond <= perSecond
          ? undefined
          : { ...fixture, writes: { ...fixture.writes, perSecond } },
      );
      if (isLess) break;
    }
    while (change((fixture) => fewerReplicas(fixture))) continue;
    change((fixture) => (fixture.kind === "group" ? { ...fixture, kind: "set" } : undefined));
  }

  #shrinkWorld(): void {
    const { world } = this.scenario;
    if (world === undefined) return;
    if (this.take(() => without(this.scenario, "world"))) return;
    for (const key of Object.keys(world) as (keyof typeof world)[]) {
      this.take(() => {
        const left = without(this.scenario.world ?? {}, key);
        return { ...this.scenario, world: left };
      });
    }
    const latency = this.scenario.world?.latency;
    if (typeof latency !== "object") return;
    for (const key of Object.keys(latency) as (keyof typeof latency)[]) {
      this.take(() => ({
        ...this.scenario,
        world: { ...this.scenario.world, latency: without(latency, key) },
      }));
    }
  }

  /** The end as soon after the last step as it still fails. */
  #shortenHorizon(): void {
    const last = this.steps.at(-1)?.at ?? 0;
    for (const rest of [0, 1000, 10_000, 60_000, 600_000, 3_600_000]) {
      if (last + rest < this.#horizon && this.take(() => this.#until(last + rest))) return;
    }
  }
}

function fewerReplicas(fixture: FixtureOf<number>): FixtureOf<number> | undefined {
  const { replicas = 1 } = fixture;
  return replicas > 1 ? { ...fixture, replicas: replicas - 1 } : undefined;
}

function refersTo(action: StepOf<number>["do"], name: string): boolean {
  if (typeof action !== "object") return false;
  return Object.values(action).some(
    (value) => typeof value === "string" && (value === name || value.startsWith(`${name}.`)),
  );
}

function without<T extends object, K extends keyof T>(whole: T, key: K): Omit<T, K> {
  const { [key]: _, ...rest } = whole;
  return rest;
}
