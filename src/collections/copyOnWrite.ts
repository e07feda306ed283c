/**
 * Returns a writable node: the node itself, or a copy if it is frozen, i.e. belongs to an earlier version.
 * O(length).
 */
export function writable<Node extends unknown[]>(node: Node): Node {
  // V8 copies a frozen array quickly by spreading it, and slowly by `slice`.
  return Object.isFrozen(node) ? ([...node] as Node) : node;
}

/**
 * Freezes the parts that a version does not share with its deeply frozen predecessor. Subtrees that both
 * share are not visited. O(changes).
 */
export function freezeChanges(after: object, before: object | undefined): void {
  Object.freeze(after);
  if (Array.isArray(after)) {
    freezeCells(after, Array.isArray(before) ? before : []);
    return;
  }
  for (const key in after) {
    const part: unknown = after[key as keyof typeof after];
    if (isOpen(part)) freezeChanges(part, partOf(before, key));
  }
}

function freezeCells(after: readonly unknown[], before: readonly unknown[]): void {
  for (let at = 0; at < after.length; at += 1) {
    const cell = after[at];
    // V8 reads past the end of a frozen array on its slowest path.
    const was = at < before.length ? before[at] : undefined;
    if (cell !== was && isOpen(cell)) freezeChanges(cell, isPart(was) ? was : undefined);
  }
}

function isOpen(value: unknown): value is object {
  return isPart(value) && !Object.isFrozen(value);
}

function isPart(value: unknown): value is object {
  return typeof value === "object" && value !== null;
}

function partOf(whole: object | undefined, key: string): object | undefined {
  const part: unknown = whole?.[key as keyof typeof whole];
  return isPart(part) ? part : undefined;
}
