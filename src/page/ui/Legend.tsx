import { useMemo } from "preact/hooks";
import { type Tone, toneOf, tones } from "../../render/palette.js";
import type { BranchModel } from "./branchModel.js";

/** What each tone means. */
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

/** The tones and marks that occur, and no others. */
export function Legend({
  branch,
  version,
}: {
  readonly branch: BranchModel;
  readonly version: number;
}) {
  const { used, kinds, hasSources } = useMemo(() => {
    const { lanes } = branch.history;
    const statuses = new Set(lanes.flatMap((lane) => lane.statuses.map(({ status }) => status)));
    const found = new Set([...statuses].map(toneOf));
    return {
      used: tones.filter((tone) => tone !== "active" && found.has(tone)),
      kinds: new Set(lanes.flatMap(({ marks }) => marks.map(({ kind }) => kind))),
      hasSources: lanes.some(({ sources }) => sources.length > 0),
    };
  }, [branch, version]);
  return (
    <ul class="legend" aria-label="Legend">
      <li>
        <i class="swatch rest" />
        active
      </li>
      {used.map((tone) => (
        <li key={tone}>
          <i class={`swatch t-${tone}`} />
          {toneMeanings[tone]}
        </li>
      ))}
      {hasSources && (
        <li>
          <i class="swatch gold" />
          is the source
        </li>
      )}
      {kinds.has("promotion") && (
        <li>
          <i class="glyph gold">★</i>
          promoted
        </li>
      )}
      {kinds.has("fault") && (
        <li>
          <i class="glyph alarm">⚡︎</i>
          fault
        </li>
      )}
    </ul>
  );
}
