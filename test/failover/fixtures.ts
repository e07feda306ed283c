import type { SimulatorOptions } from "replication-simulator";
import { type HaGroup, type Instance, ReplicationSimulator } from "replication-simulator";
import { expectNoBrokenInvariants, expectSettled } from "replication-simulator/testing";

/*
 * Groups whose members are called `source`, `first` and `second`, and shorthands for what happens to them.
 */

export const size = { flavorId: "2", volumeGb: 10 } as const;

/** A group that is ACTIVE, with what a test does to it. */
export class Group {
  readonly sim: ReplicationSimulator;
  readonly id: string;
  readonly #ids = new Map<string, string>();

  constructor(replicas: 1 | 2, options: SimulatorOptions = {}) {
    this.sim = new ReplicationSimulator(options);
    const names = ["first", "second"].slice(0, replicas);
    const nodes = names.map((name) => ({ name, ...size }));
    const source = { name: "source", ...size };
    this.id = this.sim.createHaGroup({ name: "orders", source, replicas: nodes }).id;
    this.sim.settle();
    for (const { id, name } of this.sim.listInstances().items) this.#ids.set(name, id);
  }

  get row(): HaGroup {
    return this.sim.getGroup(this.id);
  }

  get status(): string {
    return this.row.status;
  }

  /** The id of the member that had or has this name. */
  idOf(name: string): string {
    for (const { id, name: called } of this.sim.listInstances().items) this.#ids.set(called, id);
    const id = this.#ids.get(name);
    if (id === undefined) throw new RangeError(`no instance has the name ${name}`);
    return id;
  }

  /** A member that is there. */
  member(name: string): Instance {
    return this.sim.getInstance(this.idOf(name));
  }

  /** `source | first second`, by names. */
  get roles(): string {
    const { sourceId, replicaIds } = this.row;
    const name = (id: string | null): string => (id === null ? "-" : this.sim.getInstance(id).name);
    return [name(sourceId), "|", ...replicaIds.map(name)].join(" ");
  }

  /** The statuses of these members. */
  statuses(...names: readonly string[]): readonly string[] {
    return names.map((name) => this.member(name).status);
  }

  inject(kind: "crash" | "hang" | "recover", ...names: readonly string[]): void {
    for (const name of names) this.sim.inject({ kind, instanceId: this.idOf(name) });
    expectNoBrokenInvariants(this.sim);
  }

  /** The failovers so far, by names. */
  get promotions(): readonly string[] {
    const known = new Map([...this.#ids].map(([name, id]) => [id, name]));
    return this.sim
      .listFailovers(this.id)
      .map(
        ({ oldSourceId, newSourceId }) => `${known.get(oldSourceId)} → ${known.get(newSourceId)}`,
      );
  }

  /** Every status of the group since the beginning, as the API shows it. */
  get history(): readonly string[] {
    return this.sim
      .journal()
      .lines.flatMap(({ facts }) => facts)
      .flatMap((fact) =>
        fact.type === "GroupStateEntered" &&
        fact.id === this.id &&
        fact.status !== fact.statusBefore
          ? [fact.status]
          : [],
      );
  }

  /** Every state of the group's lifecycle since the beginning. */
  get states(): readonly string[] {
    return this.sim
      .journal()
      .lines.flatMap(({ facts }) => facts)
      .flatMap((fact) =>
        fact.type === "GroupStateEntered" && fact.id === this.id ? [fact.state] : [],
      );
  }

  /** How many facts of a type there are. */
  count(type: string): number {
    return this.sim
      .journal()
      .lines.flatMap(({ facts }) => facts)
      .filter((fact) => fact.type === type).length;
  }

  /** All work ends, and nothing is broken. */
  settle(): void {
    this.sim.settle();
    expectSettled(this.sim);
    expectNoBrokenInvariants(this.sim);
  }

  advance(ms: number): void {
    this.sim.advance(ms);
    expectNoBrokenInvariants(this.sim);
  }
}
