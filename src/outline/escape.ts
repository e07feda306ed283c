/**
 * Text that stays on its line: control characters, line ends, marks that turn the reading direction and halves of
 * characters become `\u{…}`. A name can then neither move a cursor nor break XML.
 */
export function plain(text: string): string {
  return text.replace(
    unprintable,
    (character) => `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`,
  );
}

/** Text inside XML, as content or as an attribute. */
export function xmlText(text: string): string {
  return plain(text).replace(/[&<>"']/g, (character) => entities[character] ?? character);
}

/**
 * Text inside a quoted label of Mermaid, by its number codes: neither markup nor an end of the label is left in it,
 * nor a colon, since Mermaid takes some of those for the start of a style.
 */
export function mermaidText(text: string): string {
  return plain(text).replace(
    /[!-'*:-@[-^`{-~]/g,
    (character) => `#${String(character.charCodeAt(0))};`,
  );
}

/** Text inside a quoted label of DOT, where a backslash would start an escape of DOT's own. */
export function dotText(text: string): string {
  return plain(text).replace(/["\\]/g, (character) => `\\${character}`);
}

/** At most `length` characters; what was cut is an ellipsis. Characters are never cut in half. */
export function cut(text: string, length: number): string {
  const characters = Array.from(text);
  return characters.length <= length ? text : `${characters.slice(0, length - 1).join("")}…`;
}

/** A name as it stands in a column: on its line, and not so long that it pushes everything else away. */
export function shortName(name: string): string {
  return plain(cut(name, 48));
}

// Controls, line and paragraph separators, lone surrogates; then marks of reading direction, the byte order mark,
// tags, and the two numbers that are no characters and that XML does not allow.
const unprintable =
  /[\p{Cc}\p{Zl}\p{Zp}\p{Cs}\u061C\u200E\u200F\u202A-\u202E\u2066-\u2069\uFEFF\u{E0000}-\u{E007F}\uFFFE\uFFFF]/gu;

const entities: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};
