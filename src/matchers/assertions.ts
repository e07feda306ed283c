import type { HaGroupStatus } from "../lifecycle/groupStates.js";
import type { InstanceStatus } from "../lifecycle/instanceStates.js";
import type { ReplicationSimulator } from "../simulator.js";
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

/*
 * The matchers as functions that throw, for node:test, Mocha, Deno and every other runner.
 */

/**
 * Asserts that an instance or an HA group has a status.
 * @throws Error with the topology, the last entries about it, the causes and the seed
 */
export function assertStatus(
  sim: ReplicationSimulator,
  id: string,
  status: InstanceStatus | HaGroupStatus,
): void {
  assertPass(checkStatus(sim, id, status));
}

/**
 * Asserts that a source has these replicas, or so many.
 * @throws Error as `assertStatus`
 */
export function assertReplicas(
  sim: ReplicationSimulator,
  sourceId: string,
  replicas: number | readonly string[],
): void {
  assertPass(checkReplicas(sim, sourceId, replicas));
}

/**
 * Asserts that a replica replicates from a source.
 * @throws Error as `assertStatus`
 */
export function assertReplicatesFrom(
  sim: ReplicationSimulator,
  replicaId: string,
  sourceId: string,
): void {
  assertPass(checkReplicatesFrom(sim, replicaId, sourceId));
}

/**
 * Asserts that an instance is a member of an HA group, or of any.
 * @throws Error as `assertStatus`
 */
export function assertInGroup(
  sim: ReplicationSimulator,
  instanceId: string,
  groupId?: string,
): void {
  assertPass(checkInGroup(sim, instanceId, groupId));
}

/**
 * Asserts how many acknowledged transactions were lost.
 * @throws Error as `assertStatus`
 * @throws InvalidInputError `journal-needed`
 */
export function assertLost(sim: ReplicationSimulator, transactions: LossExpectation): void {
  assertPass(checkLost(sim, transactions));
}

/**
 * Asserts that a function throws, or a result of `sim.try` carries, an error of a rule.
 * @throws Error that says what happened instead
 */
export function assertRefusedBy(action: unknown, rule?: string): void {
  assertPass(checkRefused(action, rule));
}

/**
 * Asserts that two simulations are in the same state.
 * @throws Error with what differs
 */
export function assertEqualWorld(sim: ReplicationSimulator, other: ReplicationSimulator): void {
  assertPass(checkEqualWorld(sim, other));
}

function assertPass({ pass, message }: CheckResult): void {
  if (!pass) throw new Error(message());
}
