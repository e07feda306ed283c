import { Heap } from "../collections/heap.js";
import { rowAt, rowsOf } from "../collections/table.js";
import type { AgendaOwner, Fact } from "../domain/facts.js";
import type { Topology } from "../topology/state.js";

/** Something due: which row it belongs to, and its number among things due at the same moment. */
export interface AgendaEntry {
  readonly dueAt: number;
  readonly seq: number;
  readonly owner: AgendaOwner;
  readonly row: number;
}

/**
 * What is due next, in (dueAt, seq) order: an index over the work and the schedules that the topology holds.
 * Nothing is ever taken out of it early: an entry whose row has moved on is passed over when its turn comes.
 */
export class Agenda {
  #work: Heap<AgendaEntry>;
  #ticks: Heap<AgendaEntry>;
  #shared: boolean;

  private constructor(heaps: {
    work: Heap<AgendaEntry>;
    ticks: Heap<AgendaEntry>;
    shared: boolean;
  }) {
    this.#work = heaps.work;
    this.#ticks = heaps.ticks;
    this.#shared = heaps.shared;
  }

  /** The agenda of a topology, rebuilt from its rows. O(n). */
  static of(topology: Topology): Agenda {
    const work: AgendaEntry[] = [];
    const ticks: AgendaEntry[] = [];
    for (const { work: due, ordinal } of rowsOf(topology.instances)) {
      if (due !== null)
        work.push({ dueAt: due.dueAt, seq: due.seq, owner: "instance", row: ordinal });
    }
    for (const { work: due, ordinal } of rowsOf(topology.groups)) {
      if (due !== null) work.push({ dueAt: due.dueAt, seq: due.seq, owner: "group", row: ordinal });
    }
    for (const { work: due, ordinal } of rowsOf(topology.backups)) {
      if (due !== null) {
        work.push({ dueAt: due.dueAt, seq: due.seq, owner: "backup", row: ordinal });
      }
    }
    for (const { nextRunAt, seq, ordinal } of rowsOf(topology.schedules)) {
      ticks.push({ dueAt: nextRunAt, seq, owner: "schedule", row: ordinal });
    }
    return new Agenda({ work: Heap.from(work), ticks: Heap.from(ticks), shared: false });
  }

  /** The same agenda for another world. O(1): the heaps are copied when one of the two first changes. */
  fork(): Agenda {
    this.#shared = true;
    return new Agenda({ work: this.#work, ticks: this.#ticks, shared: true });
  }

  /** Notes what new facts make due. */
  follow(facts: readonly Fact[]): void {
    for (const fact of facts) {
      switch (fact.type) {
        case "InstanceStateEntered":
          if (fact.work !== null) this.#push(this.#own().work, fact.work, "instance", fact.row);
          break;
        case "GroupStateEntered":
          if (fact.work !== null) this.#push(this.#own().work, fact.work, "group", fact.row);
          break;
        case "InstanceCreated":
          if (fact.instance.work !== null) {
            this.#push(this.#own().work, fact.instance.work, "instance", fact.instance.ordinal);
          }
          break;
        case "GroupCreated":
          if (fact.group.work !== null) {
            this.#push(this.#own().work, fact.group.work, "group", fact.group.ordinal);
          }
          break;
        case "BackupStateEntered":
          if (fact.work !== null) this.#push(this.#own().work, fact.work, "backup", fact.row);
          break;
        case "BackupCreated":
          if (fact.backup.work !== null) {
            this.#push(this.#own().work, fact.backup.work, "backup", fact.backup.ordinal);
          }
          break;
        case "ScheduleFired":
          this.#push(
            this.#own().ticks,
            { dueAt: fact.nextRunAt, seq: fact.seq },
            "schedule",
            fact.row,
          );
          break;
        case "ScheduleCreated": {
          const { nextRunAt, seq, ordinal } = fact.schedule;
          this.#push(this.#own().ticks, { dueAt: nextRunAt, seq }, "schedule", ordinal);
          break;
        }
        case "ScheduleChanged": {
          const { nextRunAt, seq } = fact.changes;
          if (nextRunAt !== undefined && seq !== undefined) {
            this.#push(this.#own().ticks, { dueAt: nextRunAt, seq }, "schedule", fact.row);
          }
          break;
        }
        default:
      }
    }
  }

  /** The next thing due, left where it is. */
  peek(topology: Topology): AgendaEntry | undefined {
    const work = this.peekWork(topology);
    const tick = this.#live("ticks", topology);
    if (work === undefined || tick === undefined) return work ?? tick;
    return tick.dueAt < work.dueAt || (tick.dueAt === work.dueAt && tick.seq < work.seq)
      ? tick
      : work;
  }

  /** The next work due: what `settle` waits for, since schedules never end. */
  peekWork(topology: Topology): AgendaEntry | undefined {
    return this.#live("work", topology);
  }

  /** Takes out what `peek` showed. */
  take(entry: AgendaEntry): void {
    const { work, ticks } = this.#own();
    (entry.owner === "schedule" ? ticks : work).pop();
  }

  /** Everything due, in order. O(n log n). */
  pending(topology: Topology): readonly AgendaEntry[] {
    const live = [...this.#work.entries(), ...this.#ticks.entries()].filter((entry) =>
      isLive(topology, entry),
    );
    return live.sort((a, b) => a.dueAt - b.dueAt || a.seq - b.seq);
  }

  #live(which: "work" | "ticks", topology: Topology): AgendaEntry | undefined {
    for (;;) {
      const entry = (which === "work" ? this.#work : this.#ticks).peek();
      if (entry === undefined || isLive(topology, entry)) return entry;
      this.#own()[which].pop();
    }
  }

  #push(
    heap: Heap<AgendaEntry>,
    { dueAt, seq }: { readonly dueAt: number; readonly seq: number },
    owner: AgendaOwner,
    row: number,
  ): void {
    heap.push({ dueAt, seq, owner, row });
  }

  #own(): { readonly work: Heap<AgendaEntry>; readonly ticks: Heap<AgendaEntry> } {
    if (this.#shared) {
      this.#work = this.#work.clone();
      this.#ticks = this.#ticks.clone();
      this.#shared = false;
    }
    return { work: this.#work, ticks: this.#ticks };
  }
}

/** Cancelled and finished work leaves its entry behind; the number tells them apart. */
function isLive(topology: Topology, { owner, row, seq }: AgendaEntry): boolean {
  switch (owner) {
    case "instance":
      return rowAt(topology.instances, row)?.work?.seq === seq;
    case "group":
      return rowAt(topology.groups, row)?.work?.seq === seq;
    case "backup":
      return rowAt(topology.backups, row)?.work?.seq === seq;
    case "schedule":
      return rowAt(topology.schedules, row)?.seq === seq;
  }
}
