/**
 * Returns a writable node: the node itself, or a copy if it belongs to an earlier version as well. O(length).
 * @param isShared - whether the version that is written shares its nodes with an earlier one; frozen nodes always are
 */
export function writable<Node extends unknown[]>(node: Node, isShared: boolean): Node {
  // V8 copies a frozen array quickly by spreading it, and slowly by `slice`.
  return isShared || Object.isFrozen(node) ? ([...node] as Node) : node;
}
