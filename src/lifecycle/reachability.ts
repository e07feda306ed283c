import type { TransitionTable } from "./compile.js";

/**
 * Whether something in a state can ever have a status again, whatever it is sent. O(states x signals): a waiter asks it
 * once for each state that it sees.
 */
export function canReachStatus<State extends string, Signal extends string, Status extends string>(
  { transitions, statusOf }: TransitionTable<State, Signal, Status>,
  state: State,
  status: string,
): boolean {
  const reached = new Set<State>([state]);
  // A set that grows while it is iterated is iterated to its end: breadth first.
  for (const one of reached) {
    const ways = Object.values(transitions[one]) as readonly State[]; // an empty cell has no entry
    // A resource at the end of its lifecycle is deleted: it has no visible status.
    if (statusOf[one] === status && ways.length > 0) return true;
    for (const next of ways) reached.add(next);
  }
  return false;
}
