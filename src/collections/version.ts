/** A node to write into: itself, or a copy of a frozen one, which belongs to an earlier version. O(length). */
export function writable<Node extends unknown[]>(node: Node): Node {
  // V8 copies a frozen array quickly by spreading it, and slowly by `slice`.
  return Object.isFrozen(node) ? ([...node] as Node) : node;
}

/**
 * Freezes what a version does not share with the one before it, which is frozen through and through: where both
 * hold the same, nothing is looked at. O(changes).
 */
export function freezeChanges(after: object, before: object | undefined): void {
  Object.freeze(after);
  if (Array.isArray(after)) {
    const cells = Array.isArray(before) ? (before as unknown[]) : [];
    for (let at = 0; at < after.length; at += 1) {
      const cell: unknown = after[at];
      if (cell !== cells[at] && isOpen(cell)) freezeChanges(cell, partOf(cells, at));
    }
    return;
  }
  for (const key in after) {
    const part: unknown = after[key as keyof typeof after];
    if (isOpen(part)) freezeChanges(part, partOf(before, key));
  }
}

function isOpen(value: unknown): value is object {
  return typeof value === "object" && value !== null && !Object.isFrozen(value);
}

function partOf(whole: object | undefined, key: string | number): object | undefined {
  const part: unknown = whole?.[key as keyof typeof whole];
  return typeof part === "object" && part !== null ? part : undefined;
}
