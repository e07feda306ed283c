import type { HaGroupStatus } from "../lifecycle/groupStates.js";
import type { InstanceStatus } from "../lifecycle/instanceStates.js";
import { InvalidInputError } from "../model/errors.js";
import { ReplicationSimulator } from "../simulator.js";
import {
  type CheckResult,
  checkEqualWorld,
  checkInGroup,
  checkLost,
  checkRefused,
  checkReplicas,
  checkReplicatesFrom,
  checkStatus,
  type LossExpectation,
} from "./checks.js";

/** The result of a matcher, as Vitest, Jest and Bun take it. */
export interface MatcherResult {
  readonly pass: boolean;
  /** Returns the message of a failed assertion. */
  readonly message: () => string;
}

/**
 * The types of the matchers, to merge into those of your test runner:
 * `declare module "vitest" { interface Matchers<T> extends ReplicationMatchers<T> {} }`.
 */
export interface ReplicationMatchers<R = unknown> {
  /** The instance or HA group with this id has a status. On a simulator. */
  toHaveStatus: (id: string, status: InstanceStatus | HaGroupStatus) => R;
  /** The source has these replicas (ids in any order), or so many. On a simulator. */
  toHaveReplicas: (sourceId: string, replicas: number | readonly string[]) => R;
  /** The replica replicates from the source. On a simulator. */
  toReplicateFrom: (replicaId: string, sourceId: string) => R;
  /** The instance is a member of the HA group, or of any group. On a simulator. */
  toBeInGroup: (instanceId: string, groupId?: string) => R;
  /**
   * So many acknowledged transactions were lost, or within bounds. On a simulator with a journal.
   * @throws InvalidInputError for an unknown bound
   */
  toHaveLost: (transactions: LossExpectation) => R;
  /** The function throws, or the result of `sim.try` carries, an error of this rule. */
  toBeRefusedBy: (rule?: string) => R;
  /** The other simulator is in the same state. On a simulator. */
  toEqualWorld: (other: ReplicationSimulator) => R;
}

/**
 * Matchers for `expect.extend`, in Vitest, Jest and Bun. A failure prints the topology, the last journal entries
 * about the resource, the causes of its status, and the seed.
 *
 * @example
 * ```ts
 * import { ReplicationSimulator } from "replication-simulator";
 * import { matchers, type ReplicationMatchers } from "replication-simulator/matchers";
 * import { expect, test } from "vitest";
 *
 * declare module "vitest" {
 *   interface Matchers<T> extends ReplicationMatchers<T> {}
 * }
 * expect.extend(matchers);
 *
 * test("a new instance builds", () => {
 *   const sim = new ReplicationSimulator();
 *   const { id } = sim.createInstance({ flavorId: 2, volumeGb: 10 });
 *   expect(sim).toHaveStatus(id, "BUILD");
 * });
 * ```
 */
export const matchers = {
  /** Passes if an instance or a group has the status. */
  toHaveStatus(sim: unknown, id: string, status: InstanceStatus | HaGroupStatus): MatcherResult {
    return matched(this, checkStatus(simulator(sim), id, status));
  },
  /** Passes if a source has this number of replicas, or these. */
  toHaveReplicas(
    sim: unknown,
    sourceId: string,
    replicas: number | readonly string[],
  ): MatcherResult {
    return matched(this, checkReplicas(simulator(sim), sourceId, replicas));
  },
  /** Passes if a replica replicates from the source. */
  toReplicateFrom(sim: unknown, replicaId: string, sourceId: string): MatcherResult {
    return matched(this, checkReplicatesFrom(simulator(sim), replicaId, sourceId));
  },
  /** Passes if an instance is a member of a group, or of this group. */
  toBeInGroup(sim: unknown, instanceId: string, groupId?: string): MatcherResult {
    return matched(this, checkInGroup(simulator(sim), instanceId, groupId));
  },
  /**
   * Passes if promotions have lost this number of acknowledged transactions.
   * @throws InvalidInputError for an unknown bound
   */
  toHaveLost(sim: unknown, transactions: LossExpectation): MatcherResult {
    return matched(this, checkLost(simulator(sim), transactions));
  },
  /** Passes if the simulator refuses the action, by this rule if one is given. */
  toBeRefusedBy(action: unknown, rule?: string): MatcherResult {
    return matched(this, checkRefused(action, rule));
  },
  /** Passes if two simulators have equal worlds. */
  toEqualWorld(sim: unknown, other: unknown): MatcherResult {
    return matched(this, checkEqualWorld(simulator(sim), simulator(other)));
  },
};

/** Matchers are called with the runner's context, which says whether the assertion is a `not`. */
function matched(context: unknown, { pass, message }: CheckResult): MatcherResult {
  const { isNot } = (context ?? {}) as { readonly isNot?: boolean };
  return { pass, message: () => message(isNot === true) };
}

function simulator(value: unknown): ReplicationSimulator {
  if (value instanceof ReplicationSimulator || isLike(value)) return value;
  throw new InvalidInputError([
    {
      field: "received",
      value: typeof value,
      expected: "a ReplicationSimulator",
      rule: "matcher-input",
    },
  ]);
}

/** The simulator of a driver, or of the other copy of a dual package. */
function isLike(value: unknown): value is ReplicationSimulator {
  const { topology, journal, explain } = (value ?? {}) as Partial<ReplicationSimulator>;
  return (
    typeof topology === "object" && typeof journal === "function" && typeof explain === "function"
  );
}
