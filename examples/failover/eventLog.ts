import type { Change, Fact, ReplicationSimulator } from "replication-simulator";

/** What happened to two sets at one moment, in words. */
export interface Row {
  /** ms since the chronicle began. */
  readonly at: number;
  /** Something that concerns both; the columns are empty then. */
  readonly note: string | undefined;
  readonly columns: readonly (readonly string[])[];
}

/** Records the events of a world. */
export class Chronicle {
  readonly #names = new Map<string, string>();
  readonly #events: { at: number; name: string; text: string }[] = [];
  readonly #sim: ReplicationSimulator;
  readonly #since: number;

  constructor(sim: ReplicationSimulator) {
    this.#sim = sim;
    this.#since = sim.now;
    for (const row of [...sim.listInstances().items, ...sim.listGroups().items]) {
      this.#names.set(row.id, row.name);
    }
    sim.subscribe((change) => {
      this.#record(change);
    });
  }

  /** Something that both sets go through from now on. */
  note(text: string): void {
    this.#events.push({ at: this.#sim.now, name: "", text });
  }

  /** What happened, moment by moment: one column for each beginning of names. */
  rows(...prefixes: readonly string[]): readonly Row[] {
    const rows: { at: number; note: string | undefined; columns: string[][] }[] = [];
    for (const { at, name, text } of this.#events) {
      const last = rows.at(-1);
      const isNote = name === "";
      if (isNote || last?.at !== at - this.#since || last.note !== undefined) {
        const note = isNote ? text : undefined;
        rows.push({ at: at - this.#since, note, columns: prefixes.map(() => []) });
      }
      const column = prefixes.findIndex((prefix) => name.startsWith(prefix));
      rows.at(-1)?.columns[column]?.push(text);
    }
    return rows;
  }

  #record({ at, facts }: Change): void {
    for (const fact of facts) {
      if (fact.type === "InstanceCreated") this.#names.set(fact.instance.id, fact.instance.name);
      const event = this.#describe(fact);
      if (event !== undefined)
        this.#events.push({ at, name: this.#nameOf(event.id), text: event.text });
    }
  }

  #describe(fact: Fact): { readonly id: string; readonly text: string } | undefined {
    switch (fact.type) {
      case "InstanceCreated":
        return { id: fact.instance.id, text: `${fact.instance.name}: BUILD` };
      case "InstanceStateEntered":
        return { id: fact.id, text: `${this.#nameOf(fact.id)}: ${fact.status}` };
      case "InstanceRemoved":
        return { id: fact.id, text: `${this.#nameOf(fact.id)}: gone` };
      case "GroupStateEntered":
        if (fact.status === fact.statusBefore) return undefined;
        return { id: fact.id, text: `the group: ${fact.status}` };
      case "SourcePromoted":
        return { id: fact.id, text: `→ ${this.#nameOf(fact.newSourceId)} is the source` };
      case "WritesInterrupted":
        return { id: fact.id, text: "✗ no writes possible" };
      case "WritesResumed": {
        const { unavailableMs, lostTransactions } = fact;
        const lost = lostTransactions === 0 ? "" : `, ${String(lostTransactions)} lost`;
        return {
          id: fact.id,
          text: `✓ users write, after ${String(unavailableMs / 1000)} s${lost}`,
        };
      }
      default:
        return undefined;
    }
  }

  #nameOf(id: string): string {
    return this.#names.get(id) ?? id;
  }
}
