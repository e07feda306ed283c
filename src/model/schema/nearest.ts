import { isRecord } from "./plainData.js";

/** Returns `; did you mean X?` when one of the words is near, else nothing. */
export function nearestHint(word: string, words: readonly string[]): string {
  const nearest = nearestWord(word, words);
  return nearest === undefined ? "" : `; did you mean ${nearest}?`;
}

/** Returns the same for the first key of an object that is near a known one; nothing for other values. */
export function keyHint(value: unknown, known: readonly string[]): string {
  const keys = isRecord(value) ? Object.keys(value) : [];
  return keys.map((key) => nearestHint(key, known)).find((hint) => hint !== "") ?? "";
}

/** Returns the known word with the fewest edits, as long as these are at most a third of the word. */
export function nearestWord(word: string, words: readonly string[]): string | undefined {
  let nearest: string | undefined;
  let fewest = Math.max(1, Math.floor(word.length / 3)) + 1;
  for (const known of words) {
    const edits = known.toLowerCase() === word.toLowerCase() ? 0 : editDistance(word, known);
    if (edits < fewest) {
      fewest = edits;
      nearest = known;
    }
  }
  return nearest;
}

/** Edits from one word to another: insert, delete, replace, swap neighbours. */
function editDistance(from: string, to: string): number {
  const rows: number[][] = [Array.from({ length: to.length + 1 }, (_, column) => column)];
  const at = (row: number, column: number): number => rows[row]?.[column] ?? 0;
  for (let row = 1; row <= from.length; row++) {
    const current = [row];
    rows.push(current);
    for (let column = 1; column <= to.length; column++) {
      const isSame = from[row - 1] === to[column - 1];
      let edits = Math.min(
        at(row - 1, column) + 1,
        at(row, column - 1) + 1,
        at(row - 1, column - 1) + (isSame ? 0 : 1),
      );
      const isSwap =
        row > 1 &&
        column > 1 &&
        from[row - 1] === to[column - 2] &&
        from[row - 2] === to[column - 1];
      if (isSwap) edits = Math.min(edits, at(row - 2, column - 2) + 1);
      current.push(edits);
    }
  }
  return at(from.length, to.length);
}
