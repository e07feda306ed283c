/** The items for which a condition holds; the list itself where it holds for all, which is mostly so. O(items). */
export function filterOrSame<Item>(
  items: readonly Item[],
  holds: (item: Item) => boolean,
): readonly Item[] {
  return items.every(holds) ? items : items.filter(holds);
}
