/** The length of the longest text, in characters. */
export function widest(texts: readonly string[]): number {
  return texts.reduce((most, text) => Math.max(most, Array.from(text).length), 0);
}

/** The text with blanks up to a length in characters. */
export function padded(text: string, length: number): string {
  return text + " ".repeat(Math.max(0, length - Array.from(text).length));
}
