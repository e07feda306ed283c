import { deepFreeze } from "../collections/deepFreeze.js";
import { startStacksAtCallers } from "../model/callerStack.js";
import type { Command, CommandType, InputOf } from "../model/commandTypes.js";
import { InvariantViolationError } from "../model/errors.js";
import { copyUntrusted } from "../service/commands/parseCommand.js";
import type { Choice, OpenChoice, TriedChoice } from "./choices.js";
import { type ClientKernel, kernelOf } from "./clientKernel.js";
import { type CommandCandidates, commandsOf } from "./commandCandidates.js";
import { readShapeOptions, type ShapeOptions } from "./shape.js";
import { WorldRef } from "./worldRef.js";

/** The simulator as a state space, for model checking and exploration: what can happen next, and which states are alike. */
export interface SimulationStateSpace {
  /**
   * Returns everything that can happen next, were durations unknown, in the order in which it is due: tasks that end,
   * faults that strike or are repaired, the next run of a schedule; one choice for each victim of a process on a
   * population. O(n log n).
   *
   * @example
   * ```ts
   * const [first] = sim.stateSpace.choices();
   * console.log(first?.kind, first?.id);
   * ```
   * @returns the possible next events, in no order of time
   */
  choices(): readonly Choice[];

  /**
   * Lets one of the choices happen now, whenever it is due; virtual time does not move. Only without a journal, whose
   * replay ends all tasks at their time.
   *
   * @example
   * ```ts
   * import { ReplicationSimulator } from "replication-simulator";
   *
   * const sim = new ReplicationSimulator({ journal: false });
   * const { id } = sim.createInstance({ flavorId: 2, volumeGb: 10 });
   * const [built] = sim.stateSpace.choices();
   * if (built !== undefined) sim.stateSpace.fire(built);
   * console.log(sim.getInstance(id).status); // ACTIVE
   * ```
   * @param choice - one of `choices()`
   * @throws InvalidInputError `choice`, `choice-without-journal`
   */
  fire(choice: Choice): void;

  /**
   * Returns all commands that no rule refuses now, of those that the inputs span: for each type of command the values
   * that each field can have, in all combinations.
   *
   * @example
   * ```ts
   * sim.stateSpace.allowedCommands({ restartInstance: { instanceId: ["a", "b"] }, deleteInstance: { instanceId: ["a"] } });
   * ```
   * @param inputs - possible values of each field, by type of command
   * @returns the allowed commands
   * @throws InvalidInputError `command-inputs`
   */
  allowedCommands(
    inputs: {
      readonly [K in CommandType]?: {
        readonly [Field in keyof InputOf<K>]?: readonly InputOf<K>[Field][];
      };
    },
  ): readonly Command[];

  /**
   * Returns a hash of what of this world matters for its future, 32 hexadecimal digits: no ids, names, times, counters and
   * causes, and replicas of one source that are alike are interchangeable. Two worlds with the same settings and the same
   * shape run on alike under the same choices and commands. The hours of schedules, how far replicas have received, and the
   * zones and racks of instances are not part of it: with faults of places, equal shapes may have different futures. O(rows that changed since the last call, and those connected with them), the first time O(n).
   *
   * @example
   * ```ts
   * console.log(sim.fork().stateSpace.shape() === sim.stateSpace.shape()); // true
   * ```
   * @param options - what else distinguishes two worlds
   * @returns 32 hexadecimal digits
   * @throws InvalidInputError `shape-options`
   */
  shape(options?: {
    /**
     * Whether the replicas of one source are distinguished by the order in which they joined. Of equally fresh members of
     * a group the first is promoted, so that order matters where links are cut. Default false.
     */
    readonly ordered?: boolean;
    /** Whether instances that are being deleted count, and faults on them, though nothing comes of them. Default true. */
    readonly deleting?: boolean;
  }): string;
}

/** The state space of one simulator. */
export class WorldStateSpace implements SimulationStateSpace {
  static {
    startStacksAtCallers(this.prototype, Object.prototype);
  }

  readonly #kernel: ClientKernel;

  constructor(kernel: ClientKernel) {
    this.#kernel = kernel;
  }

  choices(): readonly Choice[] {
    return deepFreeze(this.#kernel.world.choices().map(({ choice }) => choice));
  }

  fire(choice: Choice): void {
    this.#kernel.world.fire(copyUntrusted(choice, "choice"));
  }

  allowedCommands(inputs: CommandCandidates): readonly Command[] {
    const { world } = this.#kernel;
    return commandsOf(inputs).filter((command) => world.check(this.#kernel, command).length === 0);
  }

  shape(options: ShapeOptions = {}): string {
    return this.#kernel.world.shape(readShapeOptions(options));
  }
}

/** Returns the choices of a world with what is due, for layers above that try every one of many worlds. */
export function openChoices(sim: object): readonly OpenChoice[] {
  return kernelOf(sim).world.choices();
}

/**
 * Returns what a choice of `openChoices` would lead to in the world that it is of, which does not change. Only on the
 * immutable store.
 */
export function tryOpen(sim: object, choice: OpenChoice): TriedChoice<WorldRef> {
  const { worldRef, accountId } = kernelOf(sim);
  if (!worldRef.world.store.keepsVersions)
    throw new InvariantViolationError("a try in place would change rows");
  const { topology, entry, world } = worldRef.world.tryOpen(choice);
  return { topology, entry, world: () => new WorldRef(world(), worldRef.origin, accountId) };
}
