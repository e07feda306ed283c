import { Heap, type HeapEntry } from "../collections/heap.js";
import { rowAt, rowsOf } from "../collections/table.js";
import type { Fact } from "../model/facts.js";
import type { DueItemOwner } from "../model/rows.js";
import { maxTime } from "../model/time.js";
import type { Topology } from "../model/topology.js";
import type { Backup } from "../service/backups/backup.model.js";
import type { InjectedFault } from "../service/faults/fault.model.js";
import type { HaGroup } from "../service/haGroups/haGroup.model.js";
import type { Instance } from "../service/instances/instance.model.js";
import type { BackupSchedule } from "../service/schedules/schedule.model.js";

/** One due item: one row of one kind, its time, and its sequence number among items of the same time. */
export type DueItem = {
  readonly accountId: string;
  readonly dueAt: number;
  readonly seq: number;
} & (
  | { readonly owner: "instance"; readonly row: Instance }
  | { readonly owner: "group"; readonly row: HaGroup }
  | { readonly owner: "backup"; readonly row: Backup }
  | { readonly owner: "schedule"; readonly row: BackupSchedule }
  | { readonly owner: "acknowledgement"; readonly row: Instance }
  | { readonly owner: "fault"; readonly row: InjectedFault }
);

/**
 * Kinds of rows that can be due. An entry of a heap identifies its owner by the index in this list and the ordinal of
 * the row.
 */
const owners = ["instance", "group", "backup", "schedule", "acknowledgement", "fault"] as const;

/** Multiplier of the index of owners in an entry. A power of two, so that splitting an entry needs no division. */
const places = 8;

function itemOf(owner: DueItemOwner, row: number): number {
  return row * places + (owner === "instance" ? 0 : owners.indexOf(owner));
}

/**
 * Due items in (dueAt, seq) order: an index over the tasks, schedules and faults of the topology. Entries are never
 * removed early; an entry whose row has changed is skipped when it comes up.
 */
export class EventQueue {
  readonly #work: Heap;
  readonly #ticks: Heap;

  private constructor({ work, ticks }: { readonly work: Heap; readonly ticks: Heap }) {
    this.#work = work;
    this.#ticks = ticks;
  }

  /** Rebuilds the event queue of a topology from its rows. O(n). */
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

  /** Returns the same event queue for another world. O(1): its heaps are copied when one of the two first changes. */
  fork(): EventQueue {
    return new EventQueue({ work: this.#work.fork(), ticks: this.#ticks.fork() });
  }

  /** Adds what new facts make due. */
  follow(facts: readonly Fact[]): void {
    const { length } = facts;
    for (let at = 0; at < length; at++) {
      const fact = facts[at] as Fact; // below the length
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

  /** Returns the next due item without removing it. */
  peek(topology: Topology): DueItem | undefined {
    // The item of the heap that is due first is made alone, unless its row has changed.
    const first = (isEarlier(this.#ticks, this.#work) ? this.#ticks : this.#work).peek();
    const due = first === undefined || first.dueAt > maxTime ? undefined : dueOf(topology, first);
    return due ?? earlier(next(this.#work, topology), next(this.#ticks, topology));
  }

  /** The same, but undefined when no task is pending: schedules and faults never end. */
  peekWhileWorking(topology: Topology): DueItem | undefined {
    const work = next(this.#work, topology);
    return work && earlier(work, next(this.#ticks, topology));
  }

  /** Removes the item that `peek` returned. */
  take({ owner }: DueItem): void {
    (isWork(owner) ? this.#work : this.#ticks).pop();
  }

  /** Returns all due items in order. O(n log n). */
  pending(topology: Topology): readonly DueItem[] {
    const live: DueItem[] = [];
    for (const entries of [this.#work.entries(), this.#ticks.entries()]) {
      for (const entry of entries) {
        const due = dueOf(topology, entry);
        if (due !== undefined) live.push(due);
      }
    }
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
  owner: DueItemOwner,
  row: number,
): void {
  heap.push({ dueAt, seq, item: itemOf(owner, row) });
}

/** Returns whether the first entry of a heap is due before that of another one, or is the only one. */
function isEarlier(heap: Heap, other: Heap): boolean {
  const { firstDueAt } = heap;
  const { firstDueAt: otherDueAt } = other;
  if (firstDueAt === undefined || otherDueAt === undefined) return otherDueAt === undefined;
  return (
    firstDueAt < otherDueAt ||
    (firstDueAt === otherDueAt && (heap.firstSeq as number) < (other.firstSeq as number))
  );
}

/** Returns the next due item of a heap, and drops entries whose row has changed. */
function next(heap: Heap, topology: Topology): DueItem | undefined {
  for (;;) {
    const entry = heap.peek();
    // Items after the end of time never become due.
    if (entry === undefined || entry.dueAt > maxTime) return undefined;
    const due = dueOf(topology, entry);
    if (due !== undefined) return due;
    heap.pop();
  }
}

/** Returns whether a due item is a task that `settle` waits for. */
function isWork(owner: DueItemOwner): boolean {
  return owner === "instance" || owner === "group" || owner === "backup";
}

function earlier(work: DueItem | undefined, tick: DueItem | undefined): DueItem | undefined {
  if (work === undefined || tick === undefined) return work ?? tick;
  return tick.dueAt < work.dueAt || (tick.dueAt === work.dueAt && tick.seq < work.seq)
    ? tick
    : work;
}

/** Cancelled and completed tasks leave their entry behind; the sequence number distinguishes them. */
function dueOf(topology: Topology, { item, dueAt, seq }: HeapEntry): DueItem | undefined {
  const place = item % places;
  const owner = owners[place] as DueItemOwner; // the remainder is an index of the list
  const at = (item - place) / places;
  switch (owner) {
    case "instance": {
      const row = rowAt(topology.instances, at);
      return row?.work?.seq === seq
        ? { owner, row, accountId: row.accountId, dueAt, seq }
        : undefined;
    }
    case "group": {
      const row = rowAt(topology.groups, at);
      return row?.work?.seq === seq
        ? { owner, row, accountId: row.accountId, dueAt, seq }
        : undefined;
    }
    case "backup": {
      const row = rowAt(topology.backups, at);
      return row?.work?.seq === seq
        ? { owner, row, accountId: row.accountId, dueAt, seq }
        : undefined;
    }
    case "schedule": {
      const row = rowAt(topology.schedules, at);
      return row?.seq === seq ? { owner, row, accountId: row.accountId, dueAt, seq } : undefined;
    }
    case "acknowledgement": {
      const row = rowAt(topology.instances, at);
      const due = row?.log?.semiSynchrony?.due;
      return row !== undefined && due?.seq === seq
        ? { owner, row, accountId: row.accountId, dueAt, seq }
        : undefined;
    }
    case "fault": {
      const row = rowAt(topology.faults, at);
      return row?.seq === seq ? { owner, row, accountId: row.accountId, dueAt, seq } : undefined;
    }
  }
}
