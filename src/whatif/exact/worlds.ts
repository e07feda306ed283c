import type { DueItem } from "../../kernel/eventQueue.js";
import type { JournalEntry } from "../../kernel/journal.js";
import type { Topology } from "../../model/topology.js";
import type { Scenario } from "../../scenario/format/scenario.js";
import type { NameTable } from "../../scenario/run/nameTable.js";
import { prepareScenario } from "../../scenario/run/prepare.js";
import { startRandomFaults } from "../../scenario/run/randomProcesses.js";
import type { OpenChoice, TriedChoice } from "../../simulator/choices.js";
import { follow } from "../../simulator/clientKernel.js";
import { tryOpen } from "../../simulator/stateSpace.js";
import type { WorldRef } from "../../simulator/worldRef.js";
import { type ReplicationSimulator, simulatorOf } from "../../simulator.js";
import { makeMove, type ReadyMove } from "./moves.js";

/** A world with the names of its scenario. */
export interface World {
  readonly sim: ReplicationSimulator;
  readonly names: NameTable;
  readonly topology: Topology;
}

/** The world at time 0, with its random faults. */
export function beginning(scenario: Scenario): World {
  const prepared = prepareScenario(scenario, { journal: false, store: "immutable" });
  const sim = prepared.base.fork();
  const names = prepared.names.copyFor(sim);
  startRandomFaults(scenario, names);
  return { sim, names, topology: names.topology };
}

/** A world with what led to it. */
export interface Forked extends World {
  readonly entries: readonly JournalEntry[];
}

/** Another world, in which a choice has happened. */
export function fired(world: World, open: OpenChoice): Forked {
  return new FiredWorld(world.names, tryOpen(world.sim, open));
}

/** A world in which a choice has happened: most lead to a known state, and are never more than their rows. */
class FiredWorld implements Forked {
  readonly topology: Topology;
  readonly entries: readonly JournalEntry[];
  #names: NameTable;
  #open: (() => WorldRef) | undefined;

  constructor(before: NameTable, { topology, entry, world }: TriedChoice<WorldRef>) {
    this.topology = topology;
    this.entries = [entry];
    this.#names = before;
    this.#open = world;
  }

  get names(): NameTable {
    if (this.#open !== undefined) {
      this.#names = this.#names.copyFor(simulatorOf(this.#open()));
      this.#open = undefined;
      for (const entry of this.entries) this.#names.follow(entry);
    }
    return this.#names;
  }

  get sim(): ReplicationSimulator {
    return this.names.sim;
  }
}

/** Another world, in which a command was executed; undefined where it is refused. */
export function moved({ sim, names }: World, move: ReadyMove): Forked | undefined {
  const next = sim.fork();
  const copied = names.copyFor(next);
  const entries: JournalEntry[] = [];
  follow(next, (entry) => {
    copied.follow(entry);
    entries.push(entry);
  });
  if (!makeMove(move, next, copied)) return undefined;
  return { sim: next, names: copied, topology: copied.topology, entries };
}

/** Whether something due is the strike of a random process, not a repair. */
export function isFaultDue(due: DueItem): boolean {
  return due.owner === "fault" && due.row.phase === "recurring";
}

export function nameOf({ names }: World, { due, choice }: OpenChoice): string {
  const [thing] = names.things;
  const place = (instanceId: string): string => {
    const at = thing?.born.indexOf(instanceId) ?? -1;
    return at < 0 ? "a new instance" : `${thing?.name ?? ""}.${String(at + 1)}`;
  };
  const { kind, id, task, victimId } = choice;
  if (due.owner !== "fault") {
    return `${task ?? kind} of ${kind === "instance" ? place(id) : (thing?.name ?? kind)} ends`;
  }
  const { fault, phase } = due.row;
  if (phase === "recurring" && (fault.kind === "random" || fault.kind === "randomAmong")) {
    const { target } = fault;
    const affected =
      victimId ?? (target !== "all" && "instanceId" in target ? target.instanceId : "");
    return `${fault.fault} of ${place(affected)}`;
  }
  const affected =
    "instanceId" in fault ? fault.instanceId : "replicaId" in fault ? fault.replicaId : "";
  return `repair of ${place(affected)}`;
}
