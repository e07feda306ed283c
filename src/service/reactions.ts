import type { FactReaction, Transaction } from "../kernel/transaction.js";
import { InvariantViolationError } from "../model/errors.js";
import { superviseGroups } from "./failover/superviseGroups.js";
import { followClocks } from "./faults/faultClocks.js";
import { supersedeFaults } from "./faults/supersededFaults.js";
import { deriveDataFacts } from "./replication/deriveDataFacts.js";
import { replicasFollowSource } from "./replication/replicaReactions.js";

/*
 * What follows from facts, independent of which command or completion emitted them. A reaction takes either each fact as
 * soon as it is applied, or all facts emitted since its last call.
 *
 * Reactions called in every transaction have separate call sites: V8 inlines a call only if it has one target.
 */

/** Calls the reactions to a single fact, in order. */
export const reactToFact: FactReaction = (transaction, fact) => {
  supersedeFaults(transaction, fact);
  replicasFollowSource(transaction, fact);
};

/** @param from - number of the first fact of the transaction that the reaction has not seen */
type FactsReaction = (transaction: Transaction, from: number) => void;

/** The reactions to all facts, in order. */
const toFacts: readonly FactsReaction[] = [superviseGroups, followClocks, deriveDataFacts];

/** Maximum rounds of reactions to reactions; the known cases need three. */
const maxRounds = 100;

/**
 * Runs the reactions until none adds a fact.
 * @throws InvariantViolationError when they do not terminate
 */
export function runReactions(transaction: Transaction): void {
  const { facts } = transaction;
  const before = facts.length;
  // Most transactions add no fact here, so this first pass keeps no state.
  superviseGroups(transaction, 0);
  if (facts.length > before) {
    appendReactions(transaction, { first: 0, before });
    return;
  }
  followClocks(transaction, 0);
  if (facts.length > before) {
    appendReactions(transaction, { first: 1, before });
    return;
  }
  deriveDataFacts(transaction, 0);
  if (facts.length > before) appendReactions(transaction, { first: 2, before });
}

/** Continues after a reaction has added facts: the other reactions process them too, until none adds more. */
function appendReactions(
  transaction: Transaction,
  { first, before }: { readonly first: number; readonly before: number },
): void {
  const { facts } = transaction;
  const seen: number[] = [];
  for (let at = 0; at < toFacts.length; at++) seen.push(at < first ? before : 0);
  seen[first] = facts.length;
  let next = first + 1;
  for (let round = 0; round < maxRounds; round++) {
    for (let at = next; at < toFacts.length; at++) {
      const from = seen[at] ?? 0;
      if (round > 0 && from === facts.length) continue;
      toFacts[at]?.(transaction, from);
      seen[at] = facts.length;
    }
    if (haveSeen(seen, facts.length)) return;
    next = 0;
  }
  throw new InvariantViolationError("reactions do not terminate");
}

function haveSeen(counts: readonly number[], facts: number): boolean {
  for (const count of counts) if (count !== facts) return false;
  return true;
}
