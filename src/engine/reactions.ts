import { InvariantViolationError } from "../domain/errors.js";
import { deriveDataFacts } from "./dataPlane/deriveFacts.js";
import { superviseGroups } from "./failover/supervise.js";
import { followClocks } from "./faultClocks.js";
import { replicasFollowSource } from "./replicaReactions.js";
import { supersedeFaults } from "./supersededFaults.js";
import type { FactReaction, Transaction } from "./transaction.js";

/**
 * What follows from facts, whoever has emitted them: no command and no completion needs to think of it. Either from
 * each fact as soon as it is true, or from all that have become true since it was asked last.
 */
export type Reaction =
  | { readonly name: string; readonly onFact: FactReaction }
  | {
      readonly name: string;
      /** @param from - number of the first fact of the transaction that it has not seen */
      readonly onFacts: (transaction: Transaction, from: number) => void;
    };

/** All reactions, in the order in which they are asked. */
export const reactions: readonly Reaction[] = [
  { name: "faults are superseded", onFact: supersedeFaults },
  { name: "replicas follow the state of their source", onFact: replicasFollowSource },
  { name: "a group supervises its members", onFacts: superviseGroups },
  { name: "clocks run while their instances are in service", onFacts: followClocks },
  { name: "logs and links follow", onFacts: deriveDataFacts },
];

/** The reactions to a single fact: a transaction is given them when it begins. */
export const factReactions: readonly FactReaction[] = reactions.flatMap((reaction) =>
  "onFact" in reaction ? [reaction.onFact] : [],
);

const laterReactions = reactions.flatMap((reaction) =>
  "onFacts" in reaction ? [reaction.onFacts] : [],
);

/** Rounds in which reactions can lead to reactions; what is known needs three. */
const maxRounds = 100;

/**
 * Asks the reactions until none has anything to add.
 * @throws InvariantViolationError when they never come to an end
 */
export function runReactions(transaction: Transaction): void {
  const { facts } = transaction;
  let seen: number[] | undefined;
  for (let round = 0; round < maxRounds; round++) {
    const before = facts.length;
    for (let at = 0; at < laterReactions.length; at++) {
      const from = seen?.[at] ?? 0;
      if (round > 0 && from === facts.length) continue;
      laterReactions[at]?.(transaction, from);
      // Mostly none has anything to add, and nothing has to be remembered.
      if (seen === undefined && facts.length === before) continue;
      seen ??= laterReactions.map((_, other) => (other < at ? before : 0));
      seen[at] = facts.length;
    }
    if (seen === undefined || seen.every((count) => count === facts.length)) return;
  }
  throw new InvariantViolationError("reactions lead to reactions without end");
}
