import type { ReplicationError } from "../model/errors.js";
import type { RateLimits } from "../model/rates.js";
import type { Topology } from "../model/topology.js";
import {
  type RateLimitBuckets,
  rateLimitRefusal,
  withRequestCounted,
} from "../service/accounts/rateLimiter.js";
import { roleRefusal } from "../service/accounts/roleAllows.js";
import type { OperationName, ReadOperation } from "../service/commands/operations.js";
import { outageRefusal } from "../service/faults/outage.js";
import type { Caller } from "./caller.js";

/** The part of a world that the guard reads. */
interface State {
  readonly topology: Topology;
  readonly now: number;
}

/**
 * Admits requests, or answers with an outage. Counts the requests of each account if rates are limited. Commands count
 * when they are accepted, so that a replay of the journal counts the same; their counts are part of snapshots and
 * forks. Reads do not change the world: they are counted in memory only, and a fork or a restored world starts them at
 * 0.
 */
export class RequestGuard {
  readonly #limits: RateLimits | null;
  #commands: RateLimitBuckets;
  #reads: RateLimitBuckets = {};

  constructor(limits: RateLimits | "off", levels: RateLimitBuckets = {}) {
    this.#limits = limits === "off" ? null : limits;
    this.#commands = levels;
  }

  /** Returns the request counters as plain data; undefined if all are empty. */
  get levels(): RateLimitBuckets | undefined {
    return Object.keys(this.#commands).length === 0 ? undefined : this.#commands;
  }

  /**
   * Returns the refusal of a command before its input is validated, in the order of the checks; without a command, that
   * of any request.
   */
  against(
    { accountId }: Pick<Caller, "accountId">,
    operation: OperationName | undefined,
    state: State,
  ): readonly ReplicationError[] {
    const outage = outageRefusal(state.topology, operation);
    const over =
      this.#limits === null || operation === undefined
        ? undefined
        : rateLimitRefusal(this.#commands, this.#limits, { accountId, operation, now: state.now });
    return [outage, over].filter((refusal) => refusal !== undefined);
  }

  /**
   * Admits a command, or refuses it.
   * @throws InjectedOutageError `outage`
   * @throws RateLimitError `rate-limit`
   */
  admit(caller: Caller, operation: OperationName, state: State): void {
    if (this.#limits === null && state.topology.watchedFaults.length === 0) return;
    const [refusal] = this.against(caller, operation, state);
    if (refusal !== undefined) throw refusal;
  }

  /** Counts an accepted command. */
  count(accountId: string, operation: OperationName, now: number): void {
    if (this.#limits === null) return;
    this.#commands = withRequestCounted(this.#commands, this.#limits, {
      accountId,
      operation,
      now,
    });
  }

  /**
   * Counts a read, or refuses it.
   * @throws InjectedOutageError `outage`
   * @throws PermissionDeniedError `role-allows`
   * @throws RateLimitError `rate-limit`
   */
  look({ accountId, role }: Caller, operation: ReadOperation, { topology, now }: State): void {
    const refusal = outageRefusal(topology, operation) ?? roleRefusal(operation, role);
    if (refusal !== undefined) throw refusal;
    if (this.#limits === null) return;
    const request = { accountId, operation, now };
    const over = rateLimitRefusal(this.#reads, this.#limits, request);
    if (over !== undefined) throw over;
    this.#reads = withRequestCounted(this.#reads, this.#limits, request);
  }
}
