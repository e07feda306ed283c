import type { Scenario } from "../../scenario/format/scenario.js";
import { type ShapeNode, ShapeReader } from "../../simulator/shape.js";
import type { MeasurePlan } from "../compiled/measurePlan.js";
import { type Move, marksOf } from "./moves.js";
import type { World } from "./worlds.js";

/** Reads what makes two worlds one state. */
export class StateReader {
  readonly #reader: ShapeReader;
  readonly #moves: readonly Move[];
  readonly #watched: readonly string[];

  constructor({ random = {} }: Scenario, moves: readonly Move[], { watched }: MeasurePlan) {
    const faults = [
      ...Object.values(random).map(({ fault }) => fault),
      ...moves.map(({ action }) => ("fault" in action ? action.fault : "")),
    ];
    // Of equally fresh members the first is promoted, so that their order matters where links are cut.
    const ordered = faults.includes("cutLink") || faults.includes("partition");
    this.#reader = new ShapeReader({ ordered, deleting: false });
    this.#moves = moves;
    this.#watched = watched;
  }

  /** What is equal for worlds that are one state. */
  read(world: World, rows: readonly ShapeNode[]): string {
    return this.#reader.shape(rows, world.topology, this.#marks(world));
  }

  #marks(world: World): ReadonlyMap<string, string> | undefined {
    if (this.#moves.length === 0 && this.#watched.length === 0) return undefined;
    const marks = new Map(this.#moves.length === 0 ? [] : marksOf(this.#moves, world.names));
    for (const [at, id] of this.#watched.entries()) {
      marks.set(id, `${marks.get(id) ?? ""} ${String(at)}`);
    }
    return marks;
  }
}
