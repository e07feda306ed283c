import { groupOf, instanceOf } from "../kernel/queries.js";
import { transitionTables } from "../lifecycle/compile.js";
import type { HaGroupStatus } from "../lifecycle/groupStates.js";
import type { InstanceStatus } from "../lifecycle/instanceStates.js";
import { canReachStatus } from "../lifecycle/reachability.js";
import { formatId, NotFoundError, TimeLimitError } from "../model/errors.js";
import type { Fact } from "../model/facts.js";
import type { HaGroup } from "../service/haGroups/haGroup.model.js";
import type { Instance } from "../service/instances/instance.model.js";
import { topologyOf } from "../simulator/clientKernel.js";
import type { ReplicationSimulator } from "../simulator.js";
import { type Clock, timerMsMax } from "./clock.js";

/** Options of `RealtimeDriver.waitFor`. */
export interface RealtimeWaitOptions {
  /** Timeout in ms of real time. Default 600,000; `Infinity` disables the timeout. */
  readonly timeoutMs?: number;
  /** Account of the instance or group. Default: the simulator's own account. */
  readonly accountId?: string;
}

/** Target of a wait. */
export interface PendingWait {
  readonly id: string;
  readonly status: InstanceStatus | HaGroupStatus;
}

/** The pending waits for a status. */
export class PendingWaits {
  readonly #sim: ReplicationSimulator;
  readonly #clock: Clock;
  readonly #listeners = new Set<(change: readonly Fact[] | "stopped") => void>();

  constructor(sim: ReplicationSimulator, clock: Clock) {
    this.#sim = sim;
    this.#clock = clock;
  }

  /** Settles the waits that the facts decide, or rejects all of them when the driver has stopped. */
  notify(change: readonly Fact[] | "stopped"): void {
    for (const listener of [...this.#listeners]) listener(change);
  }

  /** Resolves with the row as soon as it has the status. */
  until(
    wanted: PendingWait,
    { timeoutMs = 600_000, accountId = this.#sim.accountId }: RealtimeWaitOptions,
  ): Promise<Instance | HaGroup> {
    const { id, status } = wanted;
    const row = (): Instance | HaGroup | undefined =>
      instanceOf(topologyOf(this.#sim), { accountId, id }) ??
      groupOf(topologyOf(this.#sim), { accountId, id });
    return new Promise((resolve, reject) => {
      // The id is not validated yet: one that is not a string is unknown.
      const found = typeof id === "string" ? row() : undefined;
      if (found === undefined) {
        reject(unknown(id));
        return;
      }
      if (found.status === status) {
        resolve(found);
        return;
      }
      if (!canCome(found, status)) {
        reject(late(wanted, cannotCome(found)));
        return;
      }
      const end = (how: End): void => {
        this.#listeners.delete(listener);
        if (timer !== undefined) this.#clock.clearTimer(timer);
        const present = row();
        if (how === "stopped") reject(late(wanted, "the driver is not running"));
        else if (how === "late") reject(late(wanted, `${String(timeoutMs)} ms were over`));
        else if (how === "gone" || present === undefined) reject(unknown(id));
        else if (how === "never") reject(late(wanted, cannotCome(present)));
        else resolve(present);
      };
      const listener = (change: readonly Fact[] | "stopped"): void => {
        const how = change === "stopped" ? change : endOf(change, wanted);
        if (how !== undefined) end(how);
      };
      let timer: unknown;
      const setTimer = (ms: number): void => {
        const next = Math.min(ms, timerMsMax);
        timer = this.#clock.setTimer(() => {
          if (ms > next) setTimer(ms - next);
          else end("late");
        }, next);
      };
      if (timeoutMs !== Infinity) setTimer(timeoutMs);
      this.#listeners.add(listener);
    });
  }
}

type End = "there" | "gone" | "late" | "stopped" | "never";

/** Returns how the facts settle a wait, or undefined if they do not. */
function endOf(facts: readonly Fact[], { id, status }: PendingWait): End | undefined {
  for (const fact of facts) {
    switch (fact.type) {
      case "InstanceStateEntered":
        if (fact.id !== id) break;
        if (fact.status === status) return "there";
        if (!canReachStatus(transitionTables().instance, fact.state, status)) return "never";
        break;
      case "GroupStateEntered":
        if (fact.id !== id) break;
        if (fact.status === status) return "there";
        if (!canReachStatus(transitionTables().group, fact.state, status)) return "never";
        break;
      case "InstanceRemoved":
      case "GroupRemoved":
        if (fact.id === id) return "gone";
        break;
      default:
    }
  }
  return undefined;
}

/** Whether the lifecycle can reach the status from the current state. */
function canCome(row: Instance | HaGroup, status: string): boolean {
  const { instance, group } = transitionTables();
  return "networks" in row
    ? canReachStatus(group, row.state, status)
    : canReachStatus(instance, row.state, status);
}

function cannotCome({ status, lastError }: Instance | HaGroup): string {
  const reason = lastError === null ? "" : `; its ${lastError.task} failed: ${lastError.message}`;
  return `it is ${status}, and nothing can lead there any more${reason}`;
}

function unknown(id: string): NotFoundError {
  return new NotFoundError({
    code: "itemNotFound",
    rule: "instance-exists",
    message: `instance or HA group ${formatId(id)} not found`,
    field: "id",
    value: id,
  });
}

function late({ id, status }: PendingWait, why: string): TimeLimitError {
  return new TimeLimitError({
    code: "unprocessableEntity",
    rule: "status-in-time",
    message: `${id} did not become ${formatId(status)}: ${why}`,
    field: "status",
    allowed: status,
  });
}
