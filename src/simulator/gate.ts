import type { RateRefusedError } from "../domain/errors.js";
import type { Operation, ReadOperation } from "../domain/operations.js";
import type { RateLimits } from "../domain/rates.js";
import { counted, overRate, type RequestLevels } from "../engine/requests.js";

/**
 * Counts the requests of each account, where rates are limited. Commands count when they are accepted, so that a
 * replay of the journal counts the same; their counts go into snapshots and forks. Reads leave no trace in the
 * world: they are counted in memory alone, and a fork or a restored world starts them anew.
 */
export class Gate {
  readonly #limits: RateLimits | null;
  #commands: RequestLevels;
  #reads: RequestLevels = {};

  constructor(limits: RateLimits | "off", levels: RequestLevels = {}) {
    this.#limits = limits === "off" ? null : limits;
    this.#commands = levels;
  }

  /** Requests of late, as plain data; undefined where there is nothing to keep. */
  get levels(): RequestLevels | undefined {
    return Object.keys(this.#commands).length === 0 ? undefined : this.#commands;
  }

  /** What speaks against a request now. */
  over(accountId: string, operation: Operation, now: number): RateRefusedError | undefined {
    const levels = this.#commands;
    return this.#limits === null
      ? undefined
      : overRate(levels, this.#limits, { accountId, operation, now });
  }

  /**
   * Lets a command come near, or refuses it.
   * @throws RateRefusedError `rate-limit`
   */
  admit(accountId: string, operation: Operation, now: number): void {
    const over = this.over(accountId, operation, now);
    if (over !== undefined) throw over;
  }

  /** Counts a command that was accepted. */
  count(accountId: string, operation: Operation, now: number): void {
    if (this.#limits === null) return;
    this.#commands = counted(this.#commands, this.#limits, { accountId, operation, now });
  }

  /**
   * Counts a read, or refuses it.
   * @throws RateRefusedError `rate-limit`
   */
  look(accountId: string, operation: ReadOperation, now: number): void {
    if (this.#limits === null) return;
    const request = { accountId, operation, now };
    const over = overRate(this.#reads, this.#limits, request);
    if (over !== undefined) throw over;
    this.#reads = counted(this.#reads, this.#limits, request);
  }
}
