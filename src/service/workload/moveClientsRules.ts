import type { CommandOf } from "../../model/commandTypes.js";
import { instanceExists, instanceRule, type Rule, requireSubject, rule } from "../shared/rule.js";

type Move = CommandOf<"moveClients">;

const source = "S11 [inferred]";
const field = "toInstanceId";

/** Most transactions a second that clients of one instance write. */
const rateMax = 100_000;

const targetExists = rule<Move>({
  id: "clients-target-exists",
  source,
  code: "itemNotFound",
  field,
  description: "The new instance exists in the caller's account.",
  violation: ({ toInstanceId }, context) =>
    requireSubject(toInstanceId, context) === undefined
      ? { message: `instance ${toInstanceId} not found`, value: toInstanceId }
      : undefined,
});

const isElsewhere = rule<Move>({
  id: "clients-move-elsewhere",
  source,
  code: "badRequest",
  field,
  description: "The clients move to a different instance.",
  violation: ({ instanceId, toInstanceId }) =>
    instanceId === toInstanceId
      ? {
          message: `the clients of instance ${instanceId} already write there`,
          value: toInstanceId,
        }
      : undefined,
});

const hasClients = instanceRule<Move>({
  id: "has-clients",
  source,
  code: "unprocessableEntity",
  description: "The instance has a workload.",
  violation: ({ id, log }) =>
    log === null || log.workload.transactionsPerSecond === 0
      ? { message: `no clients write on instance ${id}; set a workload first`, value: id }
      : undefined,
});

const takesWrites = rule<Move>({
  id: "clients-target-writable",
  source,
  code: "forbidden",
  field,
  description:
    "The new instance is not a replica. Clients write to a source or a stand-alone instance.",
  violation: ({ toInstanceId }, context) => {
    const sourceId = requireSubject(toInstanceId, context)?.sourceId ?? null;
    return sourceId === null
      ? undefined
      : {
          message: `instance ${toInstanceId} is a replica of ${sourceId}; detach it, then move the clients`,
          value: toInstanceId,
        };
  },
});

const fits = instanceRule<Move>({
  id: "clients-rate",
  source,
  code: "badRequest",
  field,
  description:
    "The clients of the new instance write at most 100,000 transactions a second in total.",
  violation: ({ log }, context, { toInstanceId }) => {
    const there = requireSubject(toInstanceId, context)?.log?.workload.transactionsPerSecond ?? 0;
    const sum = there + (log?.workload.transactionsPerSecond ?? 0);
    return sum <= rateMax
      ? undefined
      : {
          message: `together the clients would write ${String(sum)} transactions a second on instance ${toInstanceId}`,
          value: toInstanceId,
          allowed: `at most ${String(rateMax)}`,
        };
  },
});

/** No operation of the API: what an operator does about the clients of a database. */
export const moveClientsRules: readonly Rule<Move>[] = [
  instanceExists(),
  targetExists,
  isElsewhere,
  takesWrites,
  fits,
  hasClients,
];
