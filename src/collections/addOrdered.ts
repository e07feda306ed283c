/**
 * Adds a number to ascending ones, once. O(1) for one that is larger than all others, else O(those that are larger): for
 * few numbers, where a set and a sort take longer.
 */
export function addOrdered(numbers: number[], number: number): void {
  let at = numbers.length;
  while (at > 0 && (numbers[at - 1] ?? 0) > number) at--;
  if (at > 0 && numbers[at - 1] === number) return;
  numbers.push(number);
  for (let to = numbers.length - 1; to > at; to--) numbers[to] = numbers[to - 1] as number;
  numbers[at] = number;
}
