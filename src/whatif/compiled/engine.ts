/**
 * Engines: from tables of states and transitions, step by step by the simulator, or from tables wherever a design
 * allows it. All give the same outcomes.
 */
export const engines = ["auto", "compiled", "simulator"] as const;

/** Name of an engine of futures. */
export type Engine = (typeof engines)[number];

/** Engine of the futures of one design. */
export interface EngineReport {
  readonly engine: "compiled" | "simulator";
  /** Why not from tables; undefined where they are used. */
  readonly reason?: string;
  /** States and transitions that were computed until now. */
  readonly states: number;
  readonly transitions: number;
}
