import { element, figure, fitting, textElement, type Xml } from "./svg.js";
import { darkRules, paint, type Theme } from "./theme.js";

/** Options of every drawing. */
export interface SvgOptions {
  /** Heading and accessible name. */
  readonly title?: string;
  /** Colour theme. Default "auto": follows the preferred colour scheme of the reader. */
  readonly theme?: Theme;
  /** Id of the drawing, unique in its page: a letter, then letters, digits, - and _. */
  readonly id?: string;
}

/** A drawing without its frame. */
export interface SvgContent {
  readonly title: string;
  /** Text description of the drawing. */
  readonly description: string;
  readonly theme: Theme;
  readonly id: string;
  readonly width: number;
  readonly height: number;
  readonly parts: readonly Xml[];
}

/** Space between the frame and the content. */
export const padding = 24;

/** Height of the heading; the content starts below. */
export const headHeight = 56;

/** Text below the heading of an empty drawing. */
export function emptyPlaceholder(title: string, theme: Theme): Xml {
  return textElement(
    "text",
    { x: padding, y: headHeight + 22, "font-size": 13, ...paint({ fill: "muted" }, theme) },
    title,
  );
}

/**
 * Creates a complete drawing: self-contained, with its own background, a heading, and an accessible title and
 * description.
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
