import { cut, plain, xmlText } from "../outline/escape.js";

/** Attributes of an element; one that is undefined is left out. */
export type Attributes = Readonly<Record<string, string | number | undefined>>;

/** A piece of finished XML. Only `element`, `text` and `group` create one, and they escape their input. */
export type Xml = string & { readonly brand?: "xml" };

/** Creates an element with children that are already XML. */
export function element(name: string, attributes: Attributes, children: readonly Xml[] = []): Xml {
  const written = Object.entries(attributes)
    .filter(([, value]) => value !== undefined)
    .map(
      ([key, value]) =>
        ` ${key}="${typeof value === "number" ? figure(value) : xmlText(value ?? "")}"`,
    )
    .join("");
  const content = children.join("");
  return content === "" ? `<${name}${written}/>` : `<${name}${written}>${content}</${name}>`;
}

/** Creates an element that contains text. */
export function textElement(name: string, attributes: Attributes, content: string): Xml {
  return element(name, attributes, [xmlText(content)]);
}

/** Formats a length with at most two decimals, the same on every runtime. */
export function figure(value: number): string {
  return String(Math.round(value * 100) / 100);
}

/** Estimates the width of a string in a wide font. It is narrower in most others. */
export function textWidth(text: string, fontSize: number): number {
  let width = 0;
  for (const character of plain(text)) width += fontSize * shareOf(character);
  return width;
}

function shareOf(character: string): number {
  if (/[ ijlftr.,:;'|!()[\]]/.test(character)) return 0.4;
  if (/[mwMW…→×]/.test(character) || character > "\u02ff") return 1;
  return /[A-Z_]/.test(character) ? 0.7 : 0.62;
}

/** Returns the string on one line, truncated to a width in pixels. */
export function fitting(
  text: string,
  { width, fontSize }: { readonly width: number; readonly fontSize: number },
): string {
  const line = plain(text);
  if (textWidth(line, fontSize) <= width) return line;
  // The ellipsis needs room too. No character is wider, so the whole string is never returned here.
  let [taken, length] = [0, 1];
  for (const character of line) {
    taken += fontSize * shareOf(character);
    if (taken + fontSize * shareOf("…") > width) break;
    length += 1;
  }
  return cut(line, length);
}
