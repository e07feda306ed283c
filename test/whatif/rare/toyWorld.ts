import type { Distribution } from "replication-simulator";
import { durationBeyond, durationOf } from "../../../src/kernel/distribution.js";
import type { ClockProposal, FailureClock, RareWorld } from "../../../src/whatif/rare/rareWorld.js";

/** Components that fail and are repaired, each by itself. The event is that so many are down at once. */
export interface Toy {
  readonly components: number;
  readonly law: Distribution;
  readonly repair: Distribution;
  readonly horizonMs: number;
  readonly event: number;
  /** Each failure brings down so many components at once, where they are up. Default 1. */
  readonly together?: number;
  /** After so many ms without a break the clocks of all stand for as long, again and again. */
  readonly pauseMs?: number;
  /** The event comes by itself, so rarely, without any component. */
  readonly direct?: Distribution;
  /** Components beyond the event's number are taken away while two are down: their clocks are gone. */
  readonly retires?: boolean;
}

interface Component {
  activations: number;
  /** Undefined: taken away. */
  up: { ranMs: number; since: number | null; totalMs: number } | undefined;
  repairAt: number | undefined;
}

/** A source of draws of 32 bits that depends on a text. */
export function drawsOf(text: string): () => number {
  let state = 0x811c9dc5;
  for (let at = 0; at < text.length; at++) {
    state = Math.imul(state ^ text.charCodeAt(at), 0x01000193);
  }
  return () => {
    state = (state + 0x9e3779b9) | 0;
    let mixed = Math.imul(state ^ (state >>> 16), 0x21f0aaad);
    mixed = Math.imul(mixed ^ (mixed >>> 15), 0x735a2d97);
    return (mixed ^ (mixed >>> 15)) >>> 0;
  };
}

/** A small world, written apart from the simulator: what an estimator needs, and nothing else. */
export class ToyWorld implements RareWorld {
  readonly #toy: Toy;
  readonly #draw: () => number;
  readonly #components: Component[];
  now = 0;
  #pauseAt: number;
  #directAt: number;
  #isDirect = false;
  #isPaused = false;

  constructor(toy: Toy, seed: string, from?: ToyWorld) {
    this.#toy = toy;
    this.#draw = drawsOf(seed);
    this.now = from?.now ?? 0;
    this.#pauseAt = from === undefined ? (toy.pauseMs ?? Infinity) : from.#pauseAt;
    this.#directAt =
      from === undefined ? (toy.direct ? this.#duration(toy.direct) : Infinity) : from.#directAt;
    this.#isDirect = from !== undefined && from.#isDirect;
    this.#isPaused = from !== undefined && from.#isPaused;
    this.#components =
      from === undefined
        ? Array.from({ length: toy.components }, () => ({
            activations: 0,
            up: { ranMs: 0, since: 0, totalMs: this.#duration(toy.law) },
            repairAt: undefined,
          }))
        : from.#components.map(({ up, ...rest }) => ({ ...rest, up: up && { ...up } }));
  }

  get nextAt(): number | undefined {
    let next = Math.min(this.#pauseAt, this.#directAt);
    for (const component of this.#components) next = Math.min(next, this.#dueAt(component));
    return next <= this.#toy.horizonMs ? next : undefined;
  }

  get level(): number {
    return this.#components.filter(({ repairAt }) => repairAt !== undefined).length;
  }

  hasHappened(): boolean {
    return this.#isDirect || this.level >= this.#toy.event;
  }

  step(): void {
    const { nextAt } = this;
    if (nextAt === undefined) return;
    this.now = nextAt;
    if (this.#directAt === nextAt) {
      this.#isDirect = true;
      this.#directAt = Infinity;
      return;
    }
    if (this.#pauseAt === nextAt) {
      this.#pauseAt += this.#toy.pauseMs ?? Infinity;
      this.#isPaused = !this.#isPaused;
      for (const component of this.#components) this.#turn(component);
      return;
    }
    const due = this.#components.find((component) => this.#dueAt(component) === nextAt);
    if (due === undefined) return;
    if (due.repairAt !== undefined) {
      due.repairAt = undefined;
      this.#turn(due);
      return;
    }
    due.activations += 1;
    due.up = { ranMs: 0, since: this.now, totalMs: this.#duration(this.#toy.law) };
    const others = this.#components.filter((other) => other !== due && this.#isUp(other));
    for (const hit of [due, ...others.slice(0, (this.#toy.together ?? 1) - 1)]) {
      hit.repairAt = this.now + this.#duration(this.#toy.repair);
      this.#turn(hit);
    }
    if (this.#toy.retires === true && this.level >= 2) {
      for (const retired of this.#components.slice(this.#toy.event)) retired.up = undefined;
    }
  }

  finish(): void {
    this.now = this.#toy.horizonMs;
  }

  failureClocks(): readonly FailureClock[] {
    return this.#components.flatMap((_, id) => this.clock(id) ?? []);
  }

  clock(id: number): FailureClock | undefined {
    const component = this.#components[id];
    if (component === undefined) return undefined;
    const { up, activations } = component;
    if (up === undefined) return undefined;
    const ageMs = up.ranMs + (up.since === null ? 0 : this.now - up.since);
    return { id, law: this.#toy.law, ageMs, isRunning: up.since !== null, activations };
  }

  fork(seed: string, proposal?: ClockProposal): ToyWorld {
    const fork = new ToyWorld(this.#toy, seed, this);
    for (const [id, component] of fork.#components.entries()) {
      const { up, repairAt } = component;
      if (repairAt !== undefined && repairAt > this.now) {
        // Repairs are exponential in what is forked: what is left has the law of the whole.
        component.repairAt = this.now + fork.#duration(this.#toy.repair);
      }
      const clock = this.clock(id);
      // What is due at this very moment stays, as in the simulator.
      if (up === undefined || clock === undefined || this.#dueAt(component) <= this.now) continue;
      const draw = fork.#draw();
      const proposed = proposal?.(clock, draw);
      up.totalMs =
        proposed === undefined
          ? durationBeyond(this.#toy.law, { ageMs: clock.ageMs, draw })
          : clock.ageMs + proposed;
    }
    return fork;
  }

  #dueAt({ up, repairAt }: Component): number {
    if (repairAt !== undefined) return repairAt;
    return up === undefined || up.since === null ? Infinity : up.since + up.totalMs - up.ranMs;
  }

  #isUp({ up, repairAt }: Component): boolean {
    return up !== undefined && repairAt === undefined;
  }

  /** A clock runs while its component is up and nothing is paused. */
  #turn(component: Component): void {
    const { up } = component;
    if (up === undefined) return;
    const runs = this.#isUp(component) && !this.#isPaused;
    if (runs === (up.since !== null)) return;
    if (up.since !== null) up.ranMs += this.now - up.since;
    up.since = runs ? this.now : null;
  }

  #duration(law: Distribution): number {
    return Math.max(1, durationOf(law, this.#draw()));
  }
}
