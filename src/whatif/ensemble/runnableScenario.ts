import type { EngineReport } from "../compiled/engine.js";
import type { Outcome } from "./outcome.js";
import type { OutcomeColumns } from "./outcomeColumns.js";

/** A scenario that is ready to be run: the same design and seed always give the same outcome. */
export interface RunnableScenario {
  /** Names of the designs; the first is the one that others are compared with. */
  readonly designs: readonly string[];
  /** Text that fixes what is run: another text, another ensemble. */
  readonly source: string;
  /** Runs one future. */
  simulate(design: string, seed: number): Outcome;
  /**
   * Runs one future and adds what `simulate` would return to columns, without an object for it; false where `simulate` has
   * to be called.
   * @internal
   */
  readonly addTo?: (columns: OutcomeColumns, design: string, seed: number) => boolean;
  /** Says how the futures of a design are computed; undefined where a function runs them. */
  readonly engineOf?: (design: string) => EngineReport;
  /** Runs one future and returns a digest of all its facts. */
  factsOf(design: string, seed: number): string;
}
