import type { ReplicationSimulator } from "replication-simulator";

/** What the users of a set have lost. */
export interface Loss {
  readonly outages: number;
  /** How long they could not write, altogether. */
  readonly unavailableMs: number;
  /** Transactions that were acknowledged to them and are gone. */
  readonly lost: number;
}

/** Adds up, from the facts, what users have lost since a moment. */
export class Losses {
  readonly since: number;
  readonly #names = new Map<string, string>();
  readonly #promotions: { readonly name: string; readonly ms: number; readonly lost: number }[] =
    [];

  constructor(sim: ReplicationSimulator) {
    this.since = sim.now;
    for (const { id, name } of sim.listInstances().items) this.#names.set(id, name);
    sim.subscribe(({ facts }) => {
      for (const fact of facts) {
        if (fact.type === "InstanceCreated") this.#names.set(fact.instance.id, fact.instance.name);
        if (fact.type !== "WritesResumed") continue;
        const name = this.#names.get(fact.id) ?? "";
        this.#promotions.push({ name, ms: fact.unavailableMs, lost: fact.lostTransactions });
      }
    });
  }

  /** The loss of those whose names begin alike. */
  of(prefix: string): Loss {
    const own = this.#promotions.filter(({ name }) => name.startsWith(prefix));
    return {
      outages: own.length,
      unavailableMs: own.reduce((sum, { ms }) => sum + ms, 0),
      lost: own.reduce((sum, { lost }) => sum + lost, 0),
    };
  }
}
