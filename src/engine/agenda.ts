import { Heap } from "../collections/heap.js";
import { rowAt, rowsOf } from "../collections/table.js";
import type { Backup, BackupSchedule, HaGroup, Instance } from "../domain/entities.js";
import type { AgendaOwner, Fact } from "../domain/facts.js";
import type { InjectedFault } from "../domain/faults.js";
import { lastMoment } from "../domain/time.js";
import type { Topology } from "../topology/state.js";

/** Whose turn it is: one row of one kind, when, and its number among things due at the same moment. */
export type Due = { readonly dueAt: number; readonly seq: number } & (
  | { readonly owner: "instance"; readonly row: Instance }
  | { readonly owner: "group"; readonly row: HaGroup }
  | { readonly owner: "backup"; readonly row: Backup }
  | { readonly owner: "schedule"; readonly row: BackupSchedule }
  | { readonly owner: "acknowledgement"; readonly row: Instance }
  | { readonly owner: "fault"; readonly row: InjectedFault }
);

interface AgendaEntry {
  readonly dueAt: number;
  readonly seq: number;
  readonly owner: AgendaOwner;
  readonly row: number;
}

/**
 * What is due next, in (dueAt, seq) order: an index over the work, the schedules and the faults that the topology holds.
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
    for (const { writes, ordinal } of rowsOf(topology.instances)) {
      const due = writes?.semiSynchrony?.due ?? null;
      if (due !== null) {
        ticks.push({ dueAt: due.dueAt, seq: due.seq, owner: "acknowledgement", row: ordinal });
      }
    }
    for (const { dueAt, seq, ordinal } of rowsOf(topology.faults)) {
      if (dueAt !== null && seq !== null) ticks.push({ dueAt, seq, owner: "fault", row: ordinal });
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
        case "AcknowledgementChanged":
        case "SemiSynchronousDegraded":
        case "SemiSynchronousRestored": {
          const due = fact.writes.semiSynchrony?.due ?? null;
          if (due !== null) this.#push(this.#own().ticks, due, "acknowledgement", fact.row);
          break;
        }
        case "FaultInjected":
          this.#pushFault(fact.injected.ordinal, fact.injected);
          break;
        case "FaultStruck":
          this.#pushFault(fact.row, fact.changes);
          break;
        default:
      }
    }
  }

  /** The next thing due, left where it is. */
  peek(topology: Topology): Due | undefined {
    return earlier(this.#next("work", topology), this.#next("ticks", topology));
  }

  /** The same, but nothing when no work is left: schedules and faults never end. */
  peekWhileWorking(topology: Topology): Due | undefined {
    const work = this.#next("work", topology);
    return work && earlier(work, this.#next("ticks", topology));
  }

  /** Takes out what was peeked at. */
  take({ owner }: Due): void {
    const { work, ticks } = this.#own();
    (isWork(owner) ? work : ticks).pop();
  }

  /** Everything due, in order. O(n log n). */
  pending(topology: Topology): readonly Due[] {
    const live = [...this.#work.entries(), ...this.#ticks.entries()].flatMap(
      (entry) => dueOf(topology, entry) ?? [],
    );
    return live.sort((a, b) => a.dueAt - b.dueAt || a.seq - b.seq);
  }

  #next(which: "work" | "ticks", topology: Topology): Due | undefined {
    for (;;) {
      const entry = (which === "work" ? this.#work : this.#ticks).peek();
      const due = entry && dueOf(topology, entry);
      // What is due after the end of time never comes.
      if (entry === undefined || entry.dueAt > lastMoment) return undefined;
      if (due !== undefined) return due;
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

  #pushFault(
    row: number,
    { dueAt, seq }: { readonly dueAt: number | null; readonly seq: number | null },
  ): void {
    if (dueAt === null || seq === null) return;
    this.#push(this.#own().ticks, { dueAt, seq }, "fault", row);
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

/** Whether something due is work, which is waited for. */
function isWork(owner: AgendaOwner): boolean {
  return owner === "instance" || owner === "group" || owner === "backup";
}

function earlier(work: Due | undefined, tick: Due | undefined): Due | undefined {
  if (work === undefined || tick === undefined) return work ?? tick;
  return tick.dueAt < work.dueAt || (tick.dueAt === work.dueAt && tick.seq < work.seq)
    ? tick
    : work;
}

/** Cancelled and finished work leaves its entry behind; the number tells them apart. */
function dueOf(topology: Topology, { owner, row: at, dueAt, seq }: AgendaEntry): Due | undefined {
  switch (owner) {
    case "instance": {
      const row = rowAt(topology.instances, at);
      return row?.work?.seq === seq ? { owner, row, dueAt, seq } : undefined;
    }
    case "group": {
      const row = rowAt(topology.groups, at);
      return row?.work?.seq === seq ? { owner, row, dueAt, seq } : undefined;
    }
    case "backup": {
      const row = rowAt(topology.backups, at);
      return row?.work?.seq === seq ? { owner, row, dueAt, seq } : undefined;
    }
    case "schedule": {
      const row = rowAt(topology.schedules, at);
      return row?.seq === seq ? { owner, row, dueAt, seq } : undefined;
    }
    case "acknowledgement": {
      const row = rowAt(topology.instances, at);
      const due = row?.writes?.semiSynchrony?.due;
      return row !== undefined && due?.seq === seq ? { owner, row, dueAt, seq } : undefined;
    }
    case "fault": {
      const row = rowAt(topology.faults, at);
      return row?.seq === seq ? { owner, row, dueAt, seq } : undefined;
    }
  }
}
