import { rowAt, rowsOf } from "../collections/table.js";
import { groupOf, instanceOf } from "../kernel/queries.js";
import type { HaGroupStatus } from "../lifecycle/groupStates.js";
import type { InstanceStatus } from "../lifecycle/instanceStates.js";
import type { Fact } from "../model/facts.js";
import type { Topology } from "../model/topology.js";
import type { HaGroup, ReplicationMode } from "../service/haGroups/haGroup.model.js";
import type { Instance } from "../service/instances/instance.model.js";
import type { Journal } from "../simulator/serialization.js";
import { describeTrigger, failureOf, subjectOf } from "./entryText.js";
import { type FaultSpan, FaultSpans } from "./faultSpans.js";
import { type FoldedLine, JournalFold } from "./journalFold.js";
import { end, ended, open, type TimeSpan } from "./timeSpan.js";

/** An interval in one status. */
export interface StatusSpan extends TimeSpan {
  readonly status: InstanceStatus | HaGroupStatus;
}

/** An interval in which a replica follows a source in one replication mode. */
export interface LinkSpan extends TimeSpan {
  readonly sourceId: string;
  readonly mode: ReplicationMode;
  isCut: boolean;
}

/** An interval of membership in a group. */
export interface MemberSpan extends TimeSpan {
  readonly groupId: string;
}

/** An interval in which clients cannot write. */
export interface Outage extends TimeSpan {
  /** Instances that the writes waited for, in order: the failed one, then those that clients moved to. */
  readonly instanceIds: string[];
  /** Acknowledged transactions lost at its end. */
  lostTransactions: number;
  /** False if it has not ended in the journal, or if the instance was deleted during it. */
  isOver: boolean;
}

/** An event at one point in time. */
export interface Mark {
  readonly at: number;
  readonly kind: "promotion" | "fault" | "failure" | "backup" | "schedule";
  readonly title: string;
}

/** The history of one instance or one group. */
export interface Lane {
  readonly id: string;
  readonly kind: "instance" | "group";
  name: string;
  readonly statuses: StatusSpan[];
  readonly links: LinkSpan[];
  readonly memberships: MemberSpan[];
  /** Intervals in which it was the source of replicas or of a group. */
  readonly sources: TimeSpan[];
  readonly marks: Mark[];
  /** Time at which its clients begin to write, or null. */
  writesSince: number | null;
}

/** Commands at one point in time. */
export interface CommandMark {
  readonly at: number;
  /** Their types, with the kinds of injected faults. */
  readonly types: readonly string[];
  /** Ids of what they are about; empty for what is about nothing in particular. */
  readonly ids: ReadonlySet<string>;
}

/** A journal as a list of lanes. */
export interface Timeline {
  /** Origin of the time labels: the start of the journal. */
  readonly clockStartAt: number;
  readonly startAt: number;
  readonly endAt: number;
  /** Lanes in order of creation. */
  readonly lanes: readonly Lane[];
  readonly outages: readonly Outage[];
  readonly faults: readonly FaultSpan[];
  readonly commands: readonly CommandMark[];
}

/** Builds the history of a journal. O(facts). */
export function buildTimeline(journal: Journal): Timeline {
  const fold = new JournalFold(journal);
  const builder = new LaneBuilder(fold);
  for (const line of journal.lines) builder.append(fold.append(line));
  return builder.historyUntil(Math.max(journal.now, fold.startAt));
}

/** Builds lanes from the rows before and after each entry: statuses, names, replication and membership. */
export class LaneBuilder {
  /** Lanes in order of creation. */
  readonly lanes = new Map<string, Lane>();
  /** Outages in order of their start. */
  readonly outages: Outage[] = [];
  /** Commands by time. */
  readonly commands: {
    readonly at: number;
    readonly types: string[];
    readonly ids: Set<string>;
  }[] = [];
  readonly #fold: JournalFold;
  readonly #faults: FaultSpans;
  /** Ongoing outages, by the instance that writes wait for. */
  readonly #lasting = new Map<string, Outage>();

  /** Creates a builder at the beginning of a journal, before the first entry is folded. */
  constructor(fold: JournalFold) {
    this.#fold = fold;
    this.#faults = new FaultSpans(fold.directory);
    const { topology, startAt } = fold;
    for (const group of rowsOf(topology.groups)) this.#open("group", group, startAt);
    for (const instance of rowsOf(topology.instances)) {
      const lane = this.#open("instance", instance, startAt);
      follow(lane, { was: undefined, is: instance, topology, at: startAt });
      if (instance.log !== null) lane.writesSince = startAt;
      if (instance.log?.interruptedAt != null) this.#interrupt(instance.id, startAt);
    }
    for (const row of rowsOf(topology.faults))
      if (row.phase === "active") this.#faults.begin(row.ordinal, startAt);
    this.#markSources(topology, this.lanes.keys(), startAt);
  }

  /** Adds one entry. O(changes), or O(members) if the mode of a group changes. */
  append({ line, touched: rows, after }: FoldedLine): void {
    const { at, trigger, facts } = line;
    const touched = new Set<string>();
    for (const { left, right } of rows.groups) {
      this.#update("group", { left, right, at });
      for (const id of [left?.sourceId, right?.sourceId]) if (id != null) touched.add(id);
      if (
        left !== undefined &&
        right !== undefined &&
        left.replicationMode !== right.replicationMode
      )
        for (const id of right.replicaIds) this.#changeMode(right, id, at);
    }
    for (const { left, right } of rows.instances) {
      const lane = this.#update("instance", { left, right, at });
      const id = (right ?? left)?.id;
      if (id !== undefined) touched.add(id);
      if (right !== undefined && lane !== undefined)
        follow(lane, { was: left, is: right, topology: after, at });
      if (right === undefined && id !== undefined) this.#lasting.delete(id);
    }
    this.#markSources(after, touched, at);
    for (const fact of facts) this.#note(fact, { at, after });
    const { directory } = this.#fold;
    const subject = this.lanes.get(subjectOf(line, directory));
    const failure = failureOf(line);
    if (failure !== undefined)
      subject?.marks.push({ at, kind: "failure", title: `${describeTrigger(line)}: ${failure}` });
    if (trigger.kind === "tick")
      subject?.marks.push({ at, kind: "backup", title: "the hour of its backup" });
    if (trigger.kind === "command")
      this.#addCommand(line.at, trigger.command, subjectOf(line, directory));
  }

  /** Returns the history so far, with open intervals ended at the current time. */
  historyUntil(endAt: number): Timeline {
    const lanes = [...this.lanes.values()].map((lane) => ({
      ...lane,
      statuses: ended(lane.statuses, endAt),
      links: ended(lane.links, endAt),
      memberships: ended(lane.memberships, endAt),
      sources: ended(lane.sources, endAt),
    }));
    return {
      clockStartAt: this.#fold.startAt,
      startAt: this.#fold.startAt,
      endAt,
      lanes,
      outages: ended(this.outages, endAt),
      faults: ended(this.#faults.all, endAt),
      commands: this.commands,
    };
  }

  #update(
    kind: Lane["kind"],
    {
      left,
      right,
      at,
    }: {
      readonly left: Instance | HaGroup | undefined;
      readonly right: Instance | HaGroup | undefined;
      readonly at: number;
    },
  ): Lane | undefined {
    if (right === undefined) {
      const lane = left === undefined ? undefined : this.lanes.get(left.id);
      if (lane === undefined) return undefined;
      for (const stretches of [lane.statuses, lane.memberships, lane.sources]) end(stretches, at);
      const link = end(lane.links, at);
      if (link !== undefined) link.isCut = true;
      return lane;
    }
    if (left === undefined) return this.#open(kind, right, at);
    const lane = this.lanes.get(right.id);
    if (lane === undefined) return undefined;
    lane.name = right.name;
    if (left.status === right.status) return lane;
    end(lane.statuses, at);
    lane.statuses.push({ from: at, to: open, status: right.status });
    return lane;
  }

  /** Adds what rows do not contain: promotions, activated faults and write outages. */
  #note(fact: Fact, { at, after }: { readonly at: number; readonly after: Topology }): void {
    const { directory } = this.#fold;
    this.#faults.note(fact, at);
    switch (fact.type) {
      case "SourcePromoted": {
        const [group, old] = [fact.id, fact.oldSourceId].map((id) => directory.nameOf(id));
        const how = fact.isForced ? ", by an operator's order" : "";
        const title = `becomes the source of ${group ?? ""} after ${old ?? ""}${how}`;
        this.lanes.get(fact.newSourceId)?.marks.push({ at, kind: "promotion", title });
        return;
      }
      case "ReplicaPromoted": {
        const title = `becomes the source of its set after ${directory.nameOf(fact.oldSourceId)}`;
        this.lanes.get(fact.id)?.marks.push({ at, kind: "promotion", title });
        return;
      }
      case "FaultInjected":
        this.#markFault({
          on: fact.injected.targetOrdinal,
          fault: fact.injected.ordinal,
          at,
          after,
        });
        return;
      case "FaultActivated":
        this.#markFault({ on: fact.changes.targetOrdinal, fault: fact.row, at, after });
        return;
      case "ScheduleCreated": {
        const { carriedFrom, schedule } = fact;
        const title =
          carriedFrom === null ? "backups are scheduled" : "the backup schedule is carried over";
        this.lanes.get(schedule.ownerId)?.marks.push({ at, kind: "schedule", title });
        return;
      }
      case "WorkloadSet": {
        const lane = this.lanes.get(fact.id);
        if (lane !== undefined) lane.writesSince ??= at;
        return;
      }
      case "WritesInterrupted":
        this.#interrupt(fact.id, at);
        return;
      case "WorkloadMoved":
        this.#move(fact.id, fact.toId);
        if (fact.lostTransactions > 0 && !this.#lasting.has(fact.toId)) {
          this.outages.push({
            from: at,
            to: at,
            instanceIds: [fact.id, fact.toId],
            lostTransactions: fact.lostTransactions,
            isOver: true,
          });
        }
        return;
      case "WritesResumed": {
        if (fact.replacedId !== null) this.#move(fact.replacedId, fact.id);
        const outage = this.#lasting.get(fact.id);
        this.#lasting.delete(fact.id);
        if (outage === undefined) return;
        outage.to = at;
        outage.isOver = true;
        outage.lostTransactions = fact.lostTransactions;
        return;
      }
      default:
    }
  }

  #interrupt(id: string, from: number): void {
    const outage = { from, to: open, instanceIds: [id], lostTransactions: 0, isOver: false };
    this.outages.push(outage);
    this.#lasting.set(id, outage);
  }

  #move(id: string, toId: string): void {
    const outage = this.#lasting.get(id);
    if (outage === undefined) return;
    this.#lasting.delete(id);
    this.#lasting.set(toId, outage);
    outage.instanceIds.push(toId);
  }

  /** Marks the instance that an activated fault affects, if any. */
  #markFault({
    on,
    fault,
    at,
    after,
  }: {
    readonly on: number | null;
    readonly fault: number;
    readonly at: number;
    readonly after: Topology;
  }): void {
    const title = this.#fold.directory.faultAt(fault);
    const instance = on === null ? undefined : rowAt(after.instances, on);
    if (instance === undefined || title === undefined) return;
    this.lanes.get(instance.id)?.marks.push({ at, kind: "fault", title });
  }

  #changeMode({ replicationMode }: HaGroup, memberId: string, at: number): void {
    const lane = this.lanes.get(memberId);
    if (lane !== undefined) changeMode(lane, replicationMode, at);
  }

  #markSources(topology: Topology, ids: Iterable<string>, at: number): void {
    for (const id of ids) {
      const lane = this.lanes.get(id);
      if (lane?.kind !== "instance") continue;
      const isSource = this.#isSource(topology, id);
      const wasSource = lane.sources.at(-1)?.to === open;
      if (isSource && !wasSource) lane.sources.push({ from: at, to: open });
      if (!isSource && wasSource) end(lane.sources, at);
    }
  }

  #isSource(topology: Topology, id: string): boolean {
    const accountId = this.#fold.directory.accountOf(id);
    const instance = accountId === undefined ? undefined : instanceOf(topology, { accountId, id });
    if (instance?.sourceId !== null) return false;
    if (instance.replicaIds.length > 0) return true;
    if (instance.groupId === null) return false;
    const group = groupOf(topology, { accountId: instance.accountId, id: instance.groupId });
    return group?.sourceId === id;
  }

  #addCommand(
    at: number,
    command: { readonly type: string; readonly fault?: { readonly kind: string } },
    id: string,
  ): void {
    const type =
      command.type === "injectFault" && command.fault !== undefined
        ? `injectFault ${command.fault.kind}`
        : command.type;
    const last = this.commands.at(-1);
    if (last?.at === at) {
      last.types.push(type);
      last.ids.add(id);
    } else this.commands.push({ at, types: [type], ids: new Set([id]) });
  }

  #open(kind: Lane["kind"], { id, name, status }: Instance | HaGroup, from: number): Lane {
    const lane: Lane = {
      id,
      kind,
      name,
      links: [],
      memberships: [],
      sources: [],
      marks: [],
      writesSince: null,
      statuses: [{ from, to: open, status }],
    };
    this.lanes.set(id, lane);
    return lane;
  }
}

/** Updates membership and replication of an instance if they have changed. */
function follow(
  lane: Lane,
  {
    was,
    is,
    topology,
    at,
  }: {
    readonly was: Instance | undefined;
    readonly is: Instance;
    readonly topology: Topology;
    readonly at: number;
  },
): void {
  const { accountId, groupId, sourceId } = is;
  if (was?.groupId !== groupId) {
    end(lane.memberships, at);
    if (groupId !== null) lane.memberships.push({ from: at, to: open, groupId });
  }
  const group = groupId === null ? undefined : groupOf(topology, { accountId, id: groupId });
  const mode = group?.replicationMode ?? "asynchronous";
  if ((was?.sourceId ?? null) === sourceId) {
    changeMode(lane, mode, at);
    return;
  }
  const link = end(lane.links, at);
  if (link !== undefined) link.isCut = true;
  if (sourceId !== null) lane.links.push({ from: at, to: open, sourceId, mode, isCut: false });
}

/** Changes the mode of a link that has not ended. */
function changeMode({ links }: Lane, mode: ReplicationMode, at: number): void {
  const link = links.at(-1);
  if (link?.to !== open || link.mode === mode) return;
  // A link that began at the current time had no other mode before.
  if (link.from === at) links.pop();
  else link.to = at;
  links.push({ ...link, from: at, to: open, mode });
}
