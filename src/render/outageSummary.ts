import { formatRoundDuration } from "../outline/formatTime.js";
import { element, fitting, textElement, textWidth, type Xml } from "./svg.js";
import { padding } from "./svgFrame.js";
import { paint, type Theme } from "./theme.js";
import { byDamage } from "./timelineLayout.js";
import type { ReplicationSet } from "./timelineRows.js";

/** Draws the outages of the sets with the most damage in one line; undefined if there are none. */
export function summaryLine(
  sets: readonly ReplicationSet[],
  { width, theme }: { readonly width: number; readonly theme: Theme },
): Xml | undefined {
  const hit = byDamage(sets).filter(({ outages }) => outages.length > 0);
  if (hit.length === 0) return undefined;
  let left = width - textWidth("and 99 more", fontSize);
  const shown: Xml[] = [];
  for (const [at, set] of hit.entries()) {
    const name = fitting(set.name, { width: 160, fontSize });
    const words = outageParts(set);
    const needed = textWidth(`${name}  ${words.join("  ")}    `, fontSize);
    if (at > 0 && needed > left) break;
    left -= needed;
    shown.push(
      span(
        `${name} `,
        { "font-weight": 600, dx: at === 0 ? undefined : 18, fill: "strong" },
        theme,
      ),
      span(`${words[0]} `, { "font-weight": 700, fill: "alarm" }, theme),
      span(words[1], { fill: set.lostTransactions > 0 ? "alarm" : "muted" }, theme),
    );
  }
  const rest = hit.length - shown.length / 3;
  if (rest > 0) shown.push(span(` and ${String(rest)} more`, { dx: 10, fill: "muted" }, theme));
  return element(
    "text",
    { x: padding, y: 60, "font-size": fontSize, "xml:space": "preserve" },
    shown,
  );
}

/** Returns the outages of a set in words: `20 s in 1 interval, 0 transactions lost`. */
export function outageWords({ outages, outageMs, lostTransactions }: ReplicationSet): string {
  const count = `${String(outages.length)} ${outages.length === 1 ? "interval" : "intervals"}`;
  return `${formatRoundDuration(outageMs)} in ${count}, ${String(lostTransactions)} transactions lost`;
}

const fontSize = 13;

function outageParts({ outages, outageMs, lostTransactions }: ReplicationSet) {
  const times = outages.length === 1 ? "" : `${String(outages.length)} times, `;
  return [
    `${formatRoundDuration(outageMs)} without writes`,
    `${times}${String(lostTransactions)} lost`,
  ] as const;
}

function span(
  text: string,
  {
    fill,
    ...attributes
  }: {
    readonly fill: "strong" | "alarm" | "muted";
    readonly dx?: number | undefined;
    readonly "font-weight"?: number;
  },
  theme: Theme,
): Xml {
  return textElement("tspan", { ...attributes, ...paint({ fill }, theme) }, text);
}
