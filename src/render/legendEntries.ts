import { type Tone, toneOf, tones } from "./palette.js";
import type { Mark, Timeline } from "./timelineModel.js";

/** Symbols that a legend explains. Those with a tone stand for all statuses of that tone. */
export type LegendEntry = { readonly title: string } & (
  | { readonly kind: "tone"; readonly tone: Tone }
  | { readonly kind: "mark"; readonly mark: Mark["kind"] }
  | {
      readonly kind: "outage" | "fault" | "source" | "member" | "asynchronous" | "semi-synchronous";
    }
);

/** Meaning of each tone. */
export const toneMeanings: Readonly<Record<Tone, string>> = {
  active: "active",
  building: "build",
  restarting: "restart",
  resizing: "resize",
  detaching: "detach",
  converting: "failover, conversion",
  backup: "backup",
  waiting: "waiting",
  broken: "broken",
  ending: "deletion",
};

const markMeanings: Readonly<Record<Mark["kind"], string>> = {
  promotion: "promoted",
  fault: "fault",
  failure: "failure",
  schedule: "backup schedule set",
  backup: "hour of a backup",
};

/** Returns the entries of a legend: what occurs in a timeline and nothing else. */
export function legendEntries({ lanes, outages, faults }: Timeline): readonly LegendEntry[] {
  const found = new Set(
    lanes.flatMap(({ statuses }) => statuses.map(({ status }) => toneOf(status))),
  );
  const modes = new Set(lanes.flatMap(({ links }) => links.map(({ mode }) => mode)));
  const marks = new Set(lanes.flatMap((lane) => lane.marks.map(({ kind }) => kind)));
  const all: readonly (LegendEntry & { readonly isUsed: boolean })[] = [
    { kind: "outage", title: "no writes", isUsed: outages.length > 0 },
    ...tones.map((tone) => ({
      kind: "tone" as const,
      tone,
      title: toneMeanings[tone],
      isUsed: found.has(tone),
    })),
    { kind: "fault", title: "fault is active", isUsed: faults.length > 0 },
    ...(Object.keys(markMeanings) as Mark["kind"][]).map((mark) => ({
      kind: "mark" as const,
      mark,
      title: markMeanings[mark],
      isUsed: marks.has(mark),
    })),
    {
      kind: "source",
      title: "is the source",
      isUsed: lanes.some(({ sources }) => sources.length > 0),
    },
    ...(["asynchronous", "semi-synchronous"] as const).map((mode) => ({
      kind: mode,
      title: `${mode} replica`,
      isUsed: modes.has(mode),
    })),
    {
      kind: "member",
      title: "member of an HA group",
      isUsed: lanes.some(({ memberships }) => memberships.length > 0),
    },
  ];
  return all.filter(({ isUsed }) => isUsed);
}
