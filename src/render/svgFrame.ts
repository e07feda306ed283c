import { element, figure, fitting, textElement, type Xml } from "./svg.js";
import { darkRules, paint, type Theme } from "./theme.js";

/** What every drawing can be asked for. */
export interface SvgOptions {
  /** Heading, and accessible name. */
  readonly title?: string;
  /** Default "auto": light, or dark for readers who prefer that. */
  readonly theme?: Theme;
  /** Id of the drawing, so that several can stand in one page: a letter, then letters, digits, - and _. */
  readonly id?: string;
}

/** A drawing before it has its frame. */
export interface SvgContent {
  readonly title: string;
  /** The drawing in sentences. */
  readonly description: string;
  readonly theme: Theme;
  readonly id: string;
  readonly width: number;
  readonly height: number;
  readonly parts: readonly Xml[];
}

/** Space between the frame and what is drawn. */
export const padding = 24;

/** Where the content begins, below the heading. */
export const headHeight = 56;

/** Words below the heading of a drawing that is empty. */
export function emptyPlaceholder(says: string, theme: Theme): Xml {
  return textElement(
    "text",
    { x: padding, y: headHeight + 22, "font-size": 13, ...paint({ fill: "muted" }, theme) },
    says,
  );
}

/**
 * A whole drawing: self-contained, with a ground of its own, a heading, a title and a description for those who
 * cannot see it.
 */
export function framed({
  title,
  description,
  theme,
  id,
  width,
  height,
  parts,
}: SvgContent): string {
  const svg = element(
    "svg",
    {
      xmlns: "http://www.w3.org/2000/svg",
      id,
      role: "img",
      "aria-labelledby": `${id}-title ${id}-description`,
      viewBox: `0 0 ${figure(width)} ${figure(height)}`,
      width,
      height,
      "font-family": "ui-sans-serif,system-ui,-apple-system,'Segoe UI',Helvetica,Arial,sans-serif",
    },
    [
      textElement("title", { id: `${id}-title` }, title),
      textElement("desc", { id: `${id}-description` }, description),
      element("style", {}, [darkRules(id, theme)]),
      element("rect", {
        x: 0.5,
        y: 0.5,
        width: width - 1,
        height: height - 1,
        rx: 12,
        ...paint({ fill: "ground", stroke: "frame" }, theme),
      }),
      textElement(
        "text",
        {
          x: padding,
          y: 38,
          "font-size": 17,
          "font-weight": 650,
          ...paint({ fill: "strong" }, theme),
        },
        // Bold letters are wider.
        fitting(title, { width: width - 2 * padding, fontSize: 18.5 }),
      ),
      ...parts,
    ],
  );
  return `${svg}\n`;
}
