import type {
  CommandType,
  ErrorCode,
  InputOf,
  InstanceStatus,
  ReplicationSimulator,
} from "replication-simulator";
import { type InstanceState, transitionTables } from "replication-simulator/lifecycle";

/** A command in a situation. */
interface Case<K extends CommandType> {
  readonly when: string;
  readonly world: () => ReplicationSimulator;
  readonly input: InputOf<K>;
}

/** A command that the rule refuses, with everything that the caller receives. */
export interface Refusing<K extends CommandType> extends Case<K> {
  readonly message: string;
  readonly field: string;
  readonly value: unknown;
  readonly allowed?: string | readonly string[];
}

/** A command that every rule accepts; the situation is as near to a refusal of the rule as it can be. */
export type Passing<K extends CommandType> = Case<K>;

/** What one rule does. */
export interface RuleSpec<K extends CommandType> {
  readonly code: ErrorCode;
  readonly refuses: readonly Refusing<K>[];
  readonly passes: readonly Passing<K>[];
}

/** What the rules of one command do, in the order in which a caller receives them. */
export interface CommandSpec<K extends CommandType = CommandType> {
  readonly command: K;
  readonly rules: Readonly<Record<string, RuleSpec<K>>>;
}

/** Declares what the rules of a command do. */
export function specify<K extends CommandType>(
  command: K,
  rules: Readonly<Record<string, RuleSpec<K>>>,
): CommandSpec<K> {
  return { command, rules };
}

/** One state for each status of a list: the one that nothing else is said of. */
export function statesOf(
  statuses: readonly InstanceStatus[],
): readonly { readonly state: InstanceState; readonly status: InstanceStatus }[] {
  const { states, statusOf } = transitionTables().instance;
  return states
    .filter((state) => state !== "deleted" && statuses.includes(statusOf[state]))
    .map((state) => ({ state, status: statusOf[state] }));
}

/** Status in a refusal: with the state, if the status alone would be an allowed one. */
export function reported(
  { state, status }: { readonly state: string; readonly status: string },
  needs: readonly string[],
): string {
  return needs.includes(status) ? `${status} (${state})` : status;
}

/** How a refusal lists what it needs: what is missing is the shorter list where nearly all would do. */
export function needed(needs: readonly string[], all: readonly string[]): string {
  const others = all.filter((status) => !needs.includes(status));
  return needs.length < 8 || others.length > 4
    ? needs.join(", ")
    : `any status but ${others.join(", ")}`;
}

/** "May happen in this status", for every state of an instance: taken in the statuses given, refused in all others. */
export function statusSpec<K extends CommandType>({
  world,
  id,
  input,
  field = "instanceId",
  doing,
  takenIn,
  needs,
}: {
  readonly world: (state: InstanceState) => ReplicationSimulator;
  /** The instance whose status matters. */
  readonly id: string;
  readonly input: InputOf<K>;
  readonly field?: string;
  /** The command, as the message names it. */
  readonly doing: string;
  readonly takenIn: readonly InstanceStatus[];
  /** The statuses that the message lists. */
  readonly needs: readonly InstanceStatus[];
}): RuleSpec<K> {
  const all = [...new Set(Object.values(transitionTables().instance.statusOf))];
  return {
    code: "unprocessableEntity",
    refuses: statesOf(all.filter((status) => !takenIn.includes(status))).map(
      ({ state, status }) => ({
        when: `it is ${status} (${state})`,
        world: () => world(state),
        input,
        message: `cannot ${doing} instance ${id} in status ${reported({ state, status }, needs)}; allowed: ${needed(needs, all)}`,
        field,
        value: status,
        allowed: needs,
      }),
    ),
    passes: statesOf(takenIn).map(({ state, status }) => ({
      when: `it is ${status} (${state})`,
      world: () => world(state),
      input,
    })),
  };
}
