import type { Seed } from "../../kernel/keyedRandom.js";
import type { Scenario } from "../../scenario/format/scenario.js";
import type { Engine, EngineReport } from "../compiled/engine.js";
import { NotCompilableError } from "../compiled/notCompilable.js";
import { CompiledQuestion, withoutOthers } from "./compiledQuestion.js";
import { CompiledRareWorld } from "./compiledRareWorld.js";
import type { RareEvent } from "./rareEvent.js";
import type { RareLevel } from "./rareLevel.js";
import type { RareWorld } from "./rareWorld.js";
import { prepareQuestion, type RareQuestion, worldOf } from "./scenarioWorld.js";

/** What is asked of worlds: the event that ends them, and how far they are from health. */
export interface RootQuestion {
  readonly scenario: Scenario;
  readonly event: RareEvent;
  readonly level: RareLevel;
  readonly engine: Engine;
}

/** Begins the world of a root. */
export type BeginRoot = (seed: Seed) => RareWorld;

/** Worlds of roots: from tables where the scenario allows it, else of the simulator. What they go through is the same. */
export class RootWorlds {
  readonly #question: RareQuestion;
  #compiled: CompiledQuestion | undefined;
  #reason: string | undefined;
  readonly #pool: CompiledRareWorld[] = [];

  /** @throws InvalidInputError `rare-scenario`, and every problem of the scenario */
  constructor({ scenario, event, level, engine }: RootQuestion) {
    const own = withoutOthers(scenario, event);
    this.#question = prepareQuestion(own, event, level);
    if (engine === "simulator") {
      this.#reason = "asked for";
      return;
    }
    try {
      this.#compiled = new CompiledQuestion(own, event, level);
    } catch (error) {
      this.#reason = reasonOf(error);
    }
  }

  /** How worlds are computed, as far as that is known. */
  get report(): EngineReport {
    const { states = 0, transitions = 0 } = this.#compiled?.automaton.size ?? {};
    if (this.#reason === undefined) return { engine: "compiled", states, transitions };
    return { engine: "simulator", reason: this.#reason, states, transitions };
  }

  /** Uses worlds. Where tables cannot give one of them, everything is done again with worlds of the simulator. */
  use<T>(work: (begin: BeginRoot) => T): T {
    const compiled = this.#compiled;
    if (compiled !== undefined && this.#reason === undefined) {
      try {
        return work((seed) => CompiledRareWorld.begin(compiled, seed, this.#pool));
      } catch (error) {
        this.#reason = reasonOf(error);
      }
    }
    return work((seed) => worldOf(this.#question, seed));
  }
}

function reasonOf(error: unknown): string {
  if (error instanceof NotCompilableError) return error.message;
  throw error;
}
