import type { Lane, Timeline } from "./timelineModel.js";
import { replicationSets } from "./timelineRows.js";
import type { TimeSpan } from "./timeSpan.js";

/** The part of a timeline to draw. */
export interface TimelinePart {
  /** Virtual time at which the drawing begins, ms since the epoch. */
  readonly since?: number | undefined;
  /** Virtual time at which it ends. */
  readonly until?: number | undefined;
  /** Id or name of an instance or a group: only its replication set is drawn. */
  readonly about?: string | undefined;
}

/** Clips a timeline to a window and removes lanes that become empty. */
export function timelinePart(timeline: Timeline, { since, until, about }: TimelinePart): Timeline {
  const startAt = Math.max(timeline.startAt, since ?? timeline.startAt);
  const endAt = Math.max(startAt, Math.min(timeline.endAt, until ?? timeline.endAt));
  const isInside = ({ at }: { readonly at: number }): boolean => at >= startAt && at <= endAt;
  const touches = ({ from, to }: TimeSpan): boolean => from <= endAt && to >= startAt;
  const cut = <S extends TimeSpan>(spans: readonly S[]): S[] =>
    spans.flatMap((span) => {
      const [from, to] = [Math.max(span.from, startAt), Math.min(span.to, endAt)];
      const isShown = from < to || (span.from === span.to && isInside({ at: span.from }));
      return isShown ? [{ ...span, from, to }] : [];
    });
  const kept = lanesAbout(timeline, about);
  const ids = new Set(kept.map(({ id }) => id));
  const isOurs = (id: string): boolean => about === undefined || ids.has(id);
  const lanes = kept.map((lane) => ({
    ...lane,
    statuses: cut(lane.statuses),
    // A cross marks the end of a link, if it is inside the window.
    links: lane.links.flatMap((link) =>
      cut([link]).map((shown) => ({ ...shown, isCut: link.isCut && link.to <= endAt })),
    ),
    memberships: cut(lane.memberships),
    sources: cut(lane.sources),
    marks: lane.marks.filter(isInside),
  }));
  return {
    clockStartAt: timeline.clockStartAt,
    startAt,
    endAt,
    lanes: lanes.filter(({ statuses }) => statuses.length > 0),
    // Their labels name the whole duration, so that they are not cut.
    outages: timeline.outages.filter((each) => touches(each) && isOurs(each.instanceIds[0] ?? "")),
    faults: timeline.faults.filter(
      (each) => touches(each) && (each.targetId === "" || isOurs(each.targetId)),
    ),
    commands: timeline.commands.filter(
      (command) => isInside(command) && [...command.ids].some(isOurs),
    ),
  };
}

function lanesAbout(timeline: Timeline, about: string | undefined): readonly Lane[] {
  const { lanes } = timeline;
  if (about === undefined) return lanes;
  const isMeant = ({ id, name }: Lane): boolean => id === about || name === about;
  const kept = new Set(
    replicationSets(timeline)
      .filter((set) => set.lanes.some(isMeant))
      .flatMap((set) => set.lanes.map(({ id }) => id)),
  );
  return lanes.filter(({ id }) => kept.has(id));
}
