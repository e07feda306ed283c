import { cut, plain, xmlText } from "../outline/escape.js";

/** Attributes of an element; one that is undefined is left out. */
export type Attributes = Readonly<Record<string, string | number | undefined>>;

/** A piece of finished XML. Only `element`, `text` and `group` make one, and they escape what goes in. */
export type Xml = string & { readonly brand?: "xml" };

/** An element with children that are XML already. */
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

/** An element that holds text. */
export function textElement(name: string, attributes: Attributes, content: string): Xml {
  return element(name, attributes, [xmlText(content)]);
}

/** A length with at most two decimals, the same on every runtime. */
export function figure(value: number): string {
  return String(Math.round(value * 100) / 100);
}

/** How wide a text is, roughly, in one of the wider fonts: in most others it takes less. */
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

/** The text on one line, cut to a width in pixels. */
export function fitting(
  text: string,
  { width, fontSize }: { readonly width: number; readonly fontSize: number },
): string {
  const line = plain(text);
  if (textWidth(line, fontSize) <= width) return line;
  // The ellipsis takes its place, too; no character is wider, so the whole text never comes back here.
  let [taken, length] = [0, 1];
  for (const character of line) {
    taken += fontSize * shareOf(character);
    if (taken + fontSize * shareOf("…") > width) break;
    length += 1;
  }
  return cut(line, length);
}
