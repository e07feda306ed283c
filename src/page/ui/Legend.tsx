import { useMemo } from "preact/hooks";
import { type LegendEntry, legendEntries } from "../../render/legendEntries.js";
import type { BranchModel } from "./branchModel.js";

/** The tones, lines and marks that occur, and no others. */
export function Legend({
  branch,
  version,
}: {
  readonly branch: BranchModel;
  readonly version: number;
}) {
  const entries = useMemo(() => legendEntries(branch.history), [branch, version]);
  return (
    <ul class="legend" aria-label="Legend">
      {entries.map((entry) => {
        const symbol = symbolOf(entry);
        return symbol === null ? null : (
          <li key={entry.title}>
            {symbol}
            {entry.title}
          </li>
        );
      })}
    </ul>
  );
}

function symbolOf(entry: LegendEntry) {
  switch (entry.kind) {
    case "tone":
      return <i class={`swatch ${entry.tone === "active" ? "rest" : `t-${entry.tone}`}`} />;
    case "mark":
      if (entry.mark === "promotion") return <i class="glyph gold">★</i>;
      return entry.mark === "fault" ? <i class="glyph alarm">⚡︎</i> : null;
    case "outage":
    case "fault":
    case "source":
      return <i class={`swatch of-${entry.kind}`} />;
    default:
      return null;
  }
}
