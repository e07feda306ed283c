import { colours, type Tone, tones } from "./palette.js";

/** `auto` follows the reader's preference, and is light where the preference is not available. */
export type Theme = "auto" | "light" | "dark";

/** Colours of background, text and lines. Statuses have their own tones. */
const inks = {
  ground: { light: "#ffffff", dark: "#0d1117" },
  frame: { light: "#d5dbe3", dark: "#30363d" },
  strong: { light: "#1b2430", dark: "#e8edf3" },
  muted: { light: "#566273", dark: "#9daab8" },
  hair: { light: "#e3e8ee", dark: "#232a33" },
  guide: { light: "#b9c3cf", dark: "#3d4752" },
  link: { light: "#5b6b80", dark: "#93a4b8" },
  band: { light: "#f3effe", dark: "#1a1630" },
  bandEdge: { light: "#c9b8f7", dark: "#4b3a86" },
  crown: { light: "#b7791f", dark: "#f6c453" },
  alarm: { light: "#d52f2f", dark: "#f57f7f" },
  good: { light: "#2e9e5b", dark: "#43c47c" },
  outage: { light: "#c92a2a", dark: "#c93434" },
  onOutage: { light: "#ffffff", dark: "#ffffff" },
} as const;

/** Name of a colour of the drawing. */
export type Ink = keyof typeof inks;

/** Returns the attributes of a shape or text: colours of the theme, and classes if a stylesheet can switch to dark. */
export function paint(
  { fill, stroke }: { readonly fill?: Ink; readonly stroke?: Ink },
  theme: Theme,
): Readonly<Record<string, string | undefined>> {
  const ground = theme === "dark" ? "dark" : "light";
  return {
    fill: fill === undefined ? "none" : inks[fill][ground],
    stroke: stroke && inks[stroke][ground],
    class: [fill && `f-${fill}`, stroke && `s-${stroke}`].filter(Boolean).join(" "),
  };
}

/** Attributes of a surface in the colours of a tone. */
export function toned(tone: Tone, theme: Theme): Readonly<Record<string, string>> {
  const { fill, edge } = colours[tone][theme === "dark" ? "dark" : "light"];
  return { fill, stroke: edge, class: `t-${tone}` };
}

/** Attributes of a thin line in a status of rest. */
export function rest(theme: Theme): Readonly<Record<string, string | number | undefined>> {
  return { ...paint({ fill: "good" }, theme), "fill-opacity": 0.55 };
}

/** Attributes of text on a surface in the colours of a tone. */
export function tonedText(tone: Tone, theme: Theme): Readonly<Record<string, string>> {
  return { fill: colours[tone][theme === "dark" ? "dark" : "light"].ink, class: `i-${tone}` };
}

/** Returns the CSS rules for the dark colour scheme, scoped to this drawing. */
export function darkRules(id: string, theme: Theme): string {
  if (theme !== "auto") return "";
  const rules = [
    ...(Object.keys(inks) as Ink[]).flatMap((ink) => [
      `#${id} .f-${ink}{fill:${inks[ink].dark}}`,
      `#${id} .s-${ink}{stroke:${inks[ink].dark}}`,
    ]),
    ...tones.flatMap((tone) => {
      const { fill, edge, ink } = colours[tone].dark;
      return [`#${id} .t-${tone}{fill:${fill};stroke:${edge}}`, `#${id} .i-${tone}{fill:${ink}}`];
    }),
  ];
  return `@media (prefers-color-scheme:dark){${rules.join("")}}`;
}
