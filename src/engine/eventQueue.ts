import { Heap, type HeapEntry } from "../collections/heap.js";
import { rowAt, rowsOf } from "../collections/table.js";
import type { Backup, BackupSchedule, HaGroup, Instance } from "../domain/entities.js";
import type { AgendaOwner, Fact } from "../domain/facts.js";
import type { InjectedFault } from "../domain/faults.js";
import { maxTime } from "../domain/time.js";
import type { Topology } from "../topology/state.js";

/** Whose turn it is: one row of one kind, when, and its number among things due at the same moment. */
export type DueItem = { readonly dueAt: number; readonly seq: number } & (
  | { readonly owner: "instance"; readonly row: Instance }
  | { readonly owner: "group"; readonly row: HaGroup }
  | { readonly owner: "backup"; readonly row: Backup }
  | { readonly owner: "schedule"; readonly row: BackupSchedule }
  | { readonly owner: "acknowledgement"; readonly row: Instance }
  | { readonly owner: "fault"; readonly row: InjectedFault }
);

/** Whose things can be due: an entry of a heap names its owner by the place in this list, and the owner's row. */
const owners = ["instance", "group", "backup", "schedule", "acknowledgement", "fault"] as const;

/** Room for the places of owners in an item; a power of two, so that taking one apart needs no division. */
const places = 8;

function itemOf(owner: AgendaOwner, row: number): number {
  return row * places + (owner === "instance" ? 0 : owners.indexOf(owner));
}

/**
 * What is due next, in (dueAt, seq) order: an index over the work, the schedules and the faults that the topology holds.
 * Nothing is ever taken out of it early: an entry whose row has moved on is passed over when its turn comes.
 */
export class EventQueue {
  readonly #work: Heap;
  readonly #ticks: Heap;

  private constructor({ work, ticks }: { readonly work: Heap; readonly ticks: Heap }) {
    this.#work = work;
    this.#ticks = ticks;
  }

  /** The agenda of a topology, rebuilt from its rows. O(n). */
  static of(topology: Topology): EventQueue {
    const work: HeapEntry[] = [];
    const ticks: HeapEntry[] = [];
    for (const { work: due, ordinal } of rowsOf(topology.instances)) {
      if (due !== null)
        work.push({ dueAt: due.dueAt, seq: due.seq, item: itemOf("instance", ordinal) });
    }
    for (const { work: due, ordinal } of rowsOf(topology.groups)) {
      if (due !== null)
        work.push({ dueAt: due.dueAt, seq: due.seq, item: itemOf("group", ordinal) });
    }
    for (const { work: due, ordinal } of rowsOf(topology.backups)) {
      if (due !== null) {
        work.push({ dueAt: due.dueAt, seq: due.seq, item: itemOf("backup", ordinal) });
      }
    }
    for (const { nextRunAt, seq, ordinal } of rowsOf(topology.schedules)) {
      ticks.push({ dueAt: nextRunAt, seq, item: itemOf("schedule", ordinal) });
    }
    for (const { log: writes, ordinal } of rowsOf(topology.instances)) {
      const due = writes?.semiSynchrony?.due ?? null;
      if (due !== null) {
        ticks.push({ dueAt: due.dueAt, seq: due.seq, item: itemOf("acknowledgement", ordinal) });
      }
    }
    for (const { dueAt, seq, ordinal } of rowsOf(topology.faults)) {
      if (dueAt !== null && seq !== null)
        ticks.push({ dueAt, seq, item: itemOf("fault", ordinal) });
    }
    return new EventQueue({ work: Heap.from(work), ticks: Heap.from(ticks) });
  }

  /** The same agenda for another world. O(1): what is due is copied when one of the two first changes. */
  fork(): EventQueue {
    return new EventQueue({ work: this.#work.fork(), ticks: this.#ticks.fork() });
  }

  /** Notes what new facts make due. */
  follow(facts: readonly Fact[]): void {
    for (const fact of facts) {
      switch (fact.type) {
        case "InstanceStateEntered":
          if (fact.work !== null) push(this.#work, fact.work, "instance", fact.row);
          break;
        case "GroupStateEntered":
          if (fact.work !== null) push(this.#work, fact.work, "group", fact.row);
          break;
        case "WorkRedrawn":
          push(this.#work, fact.work, fact.owner, fact.row);
          break;
        case "InstanceCreated":
          if (fact.instance.work !== null) {
            push(this.#work, fact.instance.work, "instance", fact.instance.ordinal);
          }
          break;
        case "GroupCreated":
          if (fact.group.work !== null) {
            push(this.#work, fact.group.work, "group", fact.group.ordinal);
          }
          break;
        case "BackupStateEntered":
          if (fact.work !== null) push(this.#work, fact.work, "backup", fact.row);
          break;
        case "BackupCreated":
          if (fact.backup.work !== null) {
            push(this.#work, fact.backup.work, "backup", fact.backup.ordinal);
          }
          break;
        case "ScheduleFired":
          push(this.#ticks, { dueAt: fact.nextRunAt, seq: fact.seq }, "schedule", fact.row);
          break;
        case "ScheduleCreated": {
          const { nextRunAt, seq, ordinal } = fact.schedule;
          push(this.#ticks, { dueAt: nextRunAt, seq }, "schedule", ordinal);
          break;
        }
        case "ScheduleChanged": {
          const { nextRunAt, seq } = fact.changes;
          if (nextRunAt !== undefined && seq !== undefined) {
            push(this.#ticks, { dueAt: nextRunAt, seq }, "schedule", fact.row);
          }
          break;
        }
        case "AcknowledgementChanged":
        case "SemiSynchronousDegraded":
        case "SemiSynchronousRestored": {
          const due = fact.log.semiSynchrony?.due ?? null;
          if (due !== null) push(this.#ticks, due, "acknowledgement", fact.row);
          break;
        }
        case "FaultInjected":
          this.#pushFault(fact.injected.ordinal, fact.injected);
          break;
        case "FaultActivated":
        case "FaultClockChanged":
          this.#pushFault(fact.row, fact.changes);
          break;
        default:
      }
    }
  }

  /** The next thing due, left where it is. */
  peek(topology: Topology): DueItem | undefined {
    return earlier(next(this.#work, topology), next(this.#ticks, topology));
  }

  /** The same, but nothing when no work is left: schedules and faults never end. */
  peekWhileWorking(topology: Topology): DueItem | undefined {
    const work = next(this.#work, topology);
    return work && earlier(work, next(this.#ticks, topology));
  }

  /** Takes out what was peeked at. */
  take({ owner }: DueItem): void {
    (isWork(owner) ? this.#work : this.#ticks).pop();
  }

  /** Everything due, in order. O(n log n). */
  pending(topology: Topology): readonly DueItem[] {
    const live = [...this.#work.entries(), ...this.#ticks.entries()].flatMap(
      (entry) => dueOf(topology, entry) ?? [],
    );
    return live.sort((a, b) => a.dueAt - b.dueAt || a.seq - b.seq);
  }

  #pushFault(
    row: number,
    { dueAt, seq }: { readonly dueAt: number | null; readonly seq: number | null },
  ): void {
    if (dueAt === null || seq === null) return;
    push(this.#ticks, { dueAt, seq }, "fault", row);
  }
}

function push(
  heap: Heap,
  { dueAt, seq }: { readonly dueAt: number; readonly seq: number },
  owner: AgendaOwner,
  row: number,
): void {
  heap.push({ dueAt, seq, item: itemOf(owner, row) });
}

/** What is due next of a heap; entries whose row has moved on are dropped on the way. */
function next(heap: Heap, topology: Topology): DueItem | undefined {
  for (;;) {
    const entry = heap.peek();
    // What is due after the end of time never comes.
    if (entry === undefined || entry.dueAt > maxTime) return undefined;
    const due = dueOf(topology, entry);
    if (due !== undefined) return due;
    heap.pop();
  }
}

/** Whether something due is work, which is waited for. */
function isWork(owner: AgendaOwner): boolean {
  return owner === "instance" || owner === "group" || owner === "backup";
}

function earlier(work: DueItem | undefined, tick: DueItem | undefined): DueItem | undefined {
  if (work === undefined || tick === undefined) return work ?? tick;
  return tick.dueAt < work.dueAt || (tick.dueAt === work.dueAt && tick.seq < work.seq)
    ? tick
    : work;
}

/** Cancelled and finished work leaves its entry behind; the number tells them apart. */
function dueOf(topology: Topology, { item, dueAt, seq }: HeapEntry): DueItem | undefined {
  const place = item % places;
  const owner = owners[place] as AgendaOwner; // the remainder is a place in the list
  const at = (item - place) / places;
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
      const due = row?.log?.semiSynchrony?.due;
      return row !== undefined && due?.seq === seq ? { owner, row, dueAt, seq } : undefined;
    }
    case "fault": {
      const row = rowAt(topology.faults, at);
      return row?.seq === seq ? { owner, row, dueAt, seq } : undefined;
    }
  }
}
