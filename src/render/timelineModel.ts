import type { HaGroup, Instance, ReplicationMode } from "../domain/entities.js";
import type { Fact } from "../domain/facts.js";
import type { HaGroupStatus, InstanceStatus } from "../domain/statuses.js";
import type { JournalEntry } from "../engine/journal.js";
import type { Journal } from "../simulator/serialization.js";
import { EntityNames } from "./entityNames.js";
import { describeTrigger, failureOf, subjectOf } from "./entryText.js";
import { startOf } from "./journalTimeline.js";
import { orderLanes } from "./laneOrder.js";

/** A stretch of time; `to` is the end of the journal where the stretch goes on. */
export interface TimeSpan {
  readonly from: number;
  to: number;
}

/** A stretch in one status. */
export interface StatusSpan extends TimeSpan {
  readonly status: InstanceStatus | HaGroupStatus;
}

/** A stretch in which a replica follows a source, in one mode of replication. */
export interface LinkSpan extends TimeSpan {
  readonly sourceId: string;
  readonly mode: ReplicationMode;
  /** False where it only goes on in another mode, or was there before the journal. */
  readonly isBegun: boolean;
  isCut: boolean;
}

/** A stretch of membership in a group. */
export interface MemberSpan extends TimeSpan {
  readonly groupId: string;
}

/** Something that happens at one moment. */
export interface Mark {
  readonly at: number;
  readonly kind: "promotion" | "fault" | "failure" | "backup" | "schedule";
  readonly says: string;
}

/** The history of one instance or one group. */
export interface Lane {
  readonly id: string;
  readonly kind: "instance" | "group";
  name: string;
  readonly statuses: StatusSpan[];
  readonly links: LinkSpan[];
  readonly memberships: MemberSpan[];
  readonly marks: Mark[];
}

/** Commands given at one moment. */
export interface CommandMark {
  readonly at: number;
  /** Their types, and the kinds of faults beside them. */
  readonly types: readonly string[];
}

/** A journal as lanes beside each other. */
export interface Timeline {
  readonly startAt: number;
  readonly endAt: number;
  /** Those that have to do with each other are neighbours. */
  readonly lanes: readonly Lane[];
  readonly commands: readonly CommandMark[];
}

/** The history that a journal tells. O(facts). */
export function buildTimeline(journal: Journal): Timeline {
  const startAt = startOf(journal);
  const writer = new LaneWriter(journal, startAt);
  const commands: { at: number; types: string[] }[] = [];
  for (const line of journal.lines) {
    writer.write(line);
    if (line.trigger.kind !== "command") continue;
    const { command } = line.trigger;
    const type =
      command.type === "injectFault" ? `injectFault ${command.fault.kind}` : command.type;
    const last = commands.at(-1);
    if (last?.at === line.at) last.types.push(type);
    else commands.push({ at: line.at, types: [type] });
  }
  const endAt = Math.max(journal.now, startAt);
  return { startAt, endAt, lanes: writer.finish(endAt), commands };
}

/** Follows a journal line by line and writes what it says into lanes. */
class LaneWriter {
  readonly #lanes = new Map<string, Lane>();
  /** Lanes of instances by the ordinal of their row. */
  readonly #instances = new Map<number, Lane>();
  readonly #cast: EntityNames;
  /** Mode of replication by group. */
  readonly #modes = new Map<string, ReplicationMode>();

  constructor(journal: Journal, startAt: number) {
    this.#cast = new EntityNames(journal);
    const { instances, groups } = journal.origin?.topology ?? {
      instances: { rows: [] },
      groups: { rows: [] },
    };
    for (const group of groups.rows) {
      this.#open("group", group, startAt);
      this.#modes.set(group.id, group.replicationMode);
    }
    for (const instance of instances.rows) {
      const lane = this.#open("instance", instance, startAt);
      const { groupId, sourceId } = instance;
      if (groupId !== null) lane.memberships.push({ from: startAt, to: open, groupId });
      if (sourceId === null) continue;
      const mode = this.#modeOf(groupId);
      lane.links.push({ from: startAt, to: open, sourceId, mode, isBegun: false, isCut: false });
    }
  }

  write(line: JournalEntry): void {
    this.#cast.follow(line.facts);
    for (const fact of line.facts) this.#writeFact(fact, line.at);
    const { at, trigger } = line;
    const subject = this.#lanes.get(subjectOf(line, this.#cast));
    const failure = failureOf(line);
    if (failure !== undefined)
      subject?.marks.push({ at, kind: "failure", says: `${describeTrigger(line)}: ${failure}` });
    if (trigger.kind === "tick")
      subject?.marks.push({ at, kind: "backup", says: "the hour of its backup" });
  }

  /** All lanes, with what still goes on ended at the end. */
  finish(endAt: number): readonly Lane[] {
    const lanes = [...this.#lanes.values()];
    for (const { statuses, links, memberships } of lanes) {
      for (const stretch of [...statuses, ...links, ...memberships])
        stretch.to = Math.min(stretch.to, endAt);
    }
    return orderLanes(lanes);
  }

  #writeFact(fact: Fact, at: number): void {
    switch (fact.type) {
      case "InstanceCreated":
        this.#open("instance", fact.instance, at);
        return;
      case "GroupCreated":
        this.#open("group", fact.group, at);
        return;
      case "InstanceStateEntered":
      case "GroupStateEntered": {
        const { statuses } = this.#lane(fact.id);
        if (statuses.at(-1)?.status === fact.status) return;
        end(statuses, at);
        statuses.push({ from: at, to: open, status: fact.status });
        return;
      }
      case "InstanceChanged":
        this.#lane(fact.id).name = this.#cast.nameOf(fact.id);
        return;
      case "InstanceRemoved":
      case "GroupRemoved": {
        const { statuses, links, memberships } = this.#lane(fact.id);
        for (const stretches of [statuses, links, memberships]) end<TimeSpan>(stretches, at);
        return;
      }
      case "ReplicationStarted": {
        const { links, memberships } = this.#lane(fact.replicaId);
        const membership = memberships.at(-1);
        // Who is a member already follows its new source as the group replicates.
        const mode = this.#modeOf(membership?.to === open ? membership.groupId : null);
        const { sourceId } = fact;
        links.push({ from: at, to: open, sourceId, mode, isBegun: true, isCut: false });
        return;
      }
      case "ReplicationStopped": {
        const link = end(this.#lane(fact.replicaId).links, at);
        if (link !== undefined) link.isCut = true;
        return;
      }
      case "MemberJoined": {
        const lane = this.#lane(fact.instanceId);
        lane.memberships.push({ from: at, to: open, groupId: fact.groupId });
        changeMode(lane, this.#modeOf(fact.groupId), at);
        return;
      }
      case "MemberLeft": {
        const lane = this.#lane(fact.instanceId);
        end(lane.memberships, at);
        changeMode(lane, "asynchronous", at);
        return;
      }
      case "ReplicationModeChanged": {
        this.#modes.set(fact.id, fact.mode);
        for (const lane of this.#lanes.values()) {
          const membership = lane.memberships.at(-1);
          const isMember = membership?.groupId === fact.id && membership.to === open;
          if (isMember) changeMode(lane, fact.mode, at);
        }
        return;
      }
      case "SourcePromoted": {
        const [group, old] = [fact.id, fact.oldSourceId].map((id) => this.#cast.nameOf(id));
        const how = fact.isForced ? ", by an operator's order" : "";
        const says = `becomes the source of ${group ?? ""} after ${old ?? ""}${how}`;
        this.#lane(fact.newSourceId).marks.push({ at, kind: "promotion", says });
        return;
      }
      case "FaultInjected":
        this.#strike(fact.injected.targetOrdinal, fact.injected.ordinal, at);
        return;
      case "FaultActivated":
        this.#strike(fact.changes.targetOrdinal, fact.row, at);
        return;
      case "ScheduleCreated": {
        const { carriedFrom, schedule } = fact;
        const says =
          carriedFrom === null ? "backups are scheduled" : "the backup schedule is carried over";
        this.#lane(schedule.ownerId).marks.push({ at, kind: "schedule", says });
        return;
      }
      default:
    }
  }

  /** Marks the instance that a fault has come to stand on, if it stands on one. */
  #strike(on: number | null, fault: number, at: number): void {
    const says = this.#cast.faultAt(fault);
    if (on === null || says === undefined) return;
    this.#instances.get(on)?.marks.push({ at, kind: "fault", says });
  }

  #open(kind: Lane["kind"], row: Instance | HaGroup, from: number): Lane {
    const lane: Lane = {
      id: row.id,
      kind,
      name: row.name,
      links: [],
      memberships: [],
      marks: [],
      statuses: [{ from, to: open, status: row.status }],
    };
    this.#lanes.set(row.id, lane);
    if (kind === "instance") this.#instances.set(row.ordinal, lane);
    return lane;
  }

  #modeOf(groupId: string | null): ReplicationMode {
    return (groupId === null ? undefined : this.#modes.get(groupId)) ?? "asynchronous";
  }

  #lane(id: string): Lane {
    const lane = this.#lanes.get(id);
    if (lane === undefined) throw new RangeError(`the journal speaks of ${id} before it is there`);
    return lane;
  }
}

/** The end of what still goes on. */
const open = Number.MAX_SAFE_INTEGER;

/** Ends the last stretch, if it still goes on. */
function end<S extends TimeSpan>(stretches: readonly S[], at: number): S | undefined {
  const last = stretches.at(-1);
  if (last?.to !== open) return undefined;
  last.to = at;
  return last;
}

/** Goes on in another mode, where a link is under way. */
function changeMode({ links }: Lane, mode: ReplicationMode, at: number): void {
  const link = links.at(-1);
  if (link?.to !== open || link.mode === mode) return;
  // A link that began at this very moment had no other mode before.
  const isNew = link.from === at;
  if (isNew) links.pop();
  else link.to = at;
  links.push({ ...link, from: at, to: open, mode, isBegun: isNew && link.isBegun });
}
