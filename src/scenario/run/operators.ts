import { finish, mixText } from "../../collections/murmur3.js";
import type { Seed } from "../../kernel/keyedRandom.js";
import { quickDurationOf } from "../../kernel/quickDuration.js";
import { toDistribution } from "../format/distributions.js";
import type { OperatorOf } from "../format/scenario.js";
import { type WatchedCondition, watchCondition } from "./conditions.js";
import type { NameTable } from "./nameTable.js";

/** What an operator watches: the names of a world, or its condition read from elsewhere. */
export type OperatorWorld =
  | { readonly names: NameTable; readonly seed: Seed }
  | {
      readonly condition: Pick<WatchedCondition, "holds" | "turnsAt">;
      readonly seed: Seed;
    };

/** An operator of a scenario in one future: condition, alarm, action. */
export class Operator {
  readonly name: string;
  readonly policy: OperatorOf<number>;
  readonly #condition: Pick<WatchedCondition, "holds" | "turnsAt">;
  readonly #seed: Seed;
  #isHolding = false;
  /** Numbers the incidents: each draws its reaction time by a key of its own. */
  #incidents = 0;
  #alarmAt: number | undefined;
  #nextActionAt: number | undefined;

  constructor(name: string, policy: OperatorOf<number>, world: OperatorWorld) {
    this.name = name;
    this.policy = policy;
    this.#seed = world.seed;
    this.#condition =
      "condition" in world ? world.condition : watchCondition(policy.when, world.names);
  }

  /** The same operator in a fork of the world: an alarm goes on, and what is drawn from here on is of the fork. */
  copyFor(world: { readonly names: NameTable; readonly seed: Seed }): Operator {
    const copy = new Operator(this.name, this.policy, world);
    copy.#isHolding = this.#isHolding;
    copy.#incidents = this.#incidents;
    copy.#alarmAt = this.#alarmAt;
    copy.#nextActionAt = this.#nextActionAt;
    return copy;
  }

  /** Looks at its condition again. To be called after every change and when `nextAt` has come. */
  watch(now: number): void {
    const holds = this.#condition.holds();
    if (holds && !this.#isHolding) {
      this.#incidents += 1;
      this.#alarmAt = now + (this.policy.when.for ?? 0);
    } else if (!holds && this.#isHolding) {
      this.#alarmAt = undefined;
      if (this.policy.evenIfOver !== true) this.#nextActionAt = undefined;
    }
    this.#isHolding = holds;
  }

  /** Virtual time at which it next has to be asked; infinite when nothing is to come. */
  get nextAt(): number {
    return Math.min(
      this.#alarmAt ?? Number.POSITIVE_INFINITY,
      this.#nextActionAt ?? Number.POSITIVE_INFINITY,
      this.#condition.turnsAt() ?? Number.POSITIVE_INFINITY,
    );
  }

  /** Whether it acts now. */
  isDue(now: number): boolean {
    this.watch(now);
    if (this.#alarmAt !== undefined && this.#alarmAt <= now) {
      this.#alarmAt = undefined;
      this.#nextActionAt = now + this.#reactionTime();
    }
    if (this.#nextActionAt === undefined || this.#nextActionAt > now) return false;
    this.#nextActionAt = undefined;
    return true;
  }

  #reactionTime(): number {
    const { after } = this.policy;
    if (after === undefined) return 0;
    const key = `${String(this.#seed)}/${this.name}/${String(this.#incidents)}`;
    return quickDurationOf(toDistribution(after), finish(mixText(operatorSalt, key)));
  }
}

/** Keeps the draws of operators apart from those of the simulated service. */
const operatorSalt = 0x6f70_6572;
