import { type InputOf } from "../../model/commandTypes.js";
import { type LabelInput } from "../../model/labels.js";
import { copyUntrusted, mergeUntrusted } from "../../service/commands/parseCommand.js";
import { faultsOf } from "../../service/faults/activeFaults.js";
import {
  type Fault,
  type Faults,
  type InjectedFault,
  type InjectOptions,
} from "../../service/faults/fault.model.js";
import type { PartOf } from "../clientKernel.js";

/** Fault injection. Test-only: the real API has none of these operations. */
export interface FaultMethods {
  /**
   * Injects a fault, now or at a later time: crashes, broken replication, cut links, failing or slow tasks, outages,
   * and random faults. Scheduled faults and faults with a duration start and end as virtual time advances; `settle`
   * does not wait for them.
   *
   * @example
   * ```ts
   * sim.inject({ kind: "crash", instanceId: source.id });
   * console.log(sim.getInstance(source.id).status); // SHUTDOWN
   * ```
   * @param fault - the fault as plain data: its `kind` and the fields of the kind
   * @param options - `at` or `afterMs`: when it starts; default now
   * @returns the id of the fault, for `clearFault`
   * @throws InvalidInputError
   * @throws NotFoundError `fault-target-exists`
   * @throws RuleViolationError `fault-time`, `preparation-is-of-build`, `slow-link-needs-lag-or-factor`, `correlated-place`,
   * `known-place`, `random-place`, `fault-is-of-replica`, `label-unique`
   * @throws InvalidStatusError `fault-time-in-future`, `fault-link`, `fault-network`, `correlated-victims`,
   * `source-available`, `fault-status`
   */
  inject(fault: Fault, options?: InjectOptions): string;

  /**
   * Lets each instance of a target fail at random times, again and again, until it is cleared, its time is over or its
   * target is gone. Each instance has a clock of its own, also one that comes later: it runs while the instance is in
   * service, stands while it is not, and begins anew after a repair. If the target is a zone or a rack, or each of them,
   * the place has the clock, and what stands in it fails at once. The same seed gives the same faults.
   *
   * @example
   * ```ts
   * const id = sim.injectRandom({
   *   fault: "crash",
   *   target: "all",
   *   timeToFailure: { kind: "exponential", meanMs: 30 * 86_400_000 },
   *   timeToRepair: 600_000,
   * });
   * sim.advance(86_400_000);
   * sim.clearFault(id);
   * ```
   * @param input - kind of failure, target, and the distributions of its times
   * @returns the id of the process, for `clearFault`
   * @throws InvalidInputError
   * @throws NotFoundError `fault-target-exists`
   * @throws RuleViolationError `known-place`, `random-place`, `label-unique`
   */
  injectRandom(input: Faults["random"] & LabelInput): string;

  /**
   * Lets faults strike a population as a whole, again and again: one of those that are in service, each as likely
   * as the
   * others. How many there are does not change how often. `injectRandom` is what MTBF means.
   *
   * @example
   * ```ts
   * sim.injectRandomAmong({
   *   fault: "crash",
   *   target: { role: "replica" },
   *   timeBetweenFailures: 86_400_000,
   *   timeToRepair: 600_000,
   * });
   * ```
   * @param input - kind of failure, target, and the distributions of its times
   * @returns the id of the process, for `clearFault`
   * @throws InvalidInputError
   * @throws NotFoundError `fault-target-exists`
   * @throws RuleViolationError `random-place`, `label-unique`
   */
  injectRandomAmong(input: Faults["randomAmong"] & LabelInput): string;

  /**
   * Makes a task fail: the next one of a kind, of one instance, group or backup, or of any.
   *
   * @example
   * ```ts
   * sim.failTask({ task: "build", message: "no host available" });
   * const { id } = sim.createInstance({ flavorId: 2, volumeGb: 10 });
   * sim.settle();
   * console.log(sim.getInstance(id).status); // ERROR
   * ```
   * @param input - `task`: the kind; `of`: an id; `times`: how many
   * @returns the id of the fault, for `clearFault`
   * @throws InvalidInputError
   * @throws NotFoundError `fault-target-exists`
   * @throws RuleViolationError `preparation-is-of-build`, `label-unique`
   */
  failTask(input: InputOf<"failTask"> & LabelInput): string;

  /**
   * Ends a fault before its time. A scheduled fault never starts; the effect of an active one is undone if possible.
   * A random process starts no further faults, while its present ones are repaired at their times. A correlated fault
   * ends with all its parts.
   *
   * @example
   * ```ts
   * const fault = sim.inject({ kind: "hang", instanceId: source.id });
   * sim.clearFault(fault);
   * console.log(sim.getInstance(source.id).status); // ACTIVE
   * ```
   * @param faultId - id of the fault, as `inject` returned it
   * @throws InvalidInputError
   * @throws NotFoundError `fault-exists`
   * @throws InvalidStatusError `fault-is-whole`
   */
  clearFault(faultId: string): void;

  /**
   * Returns the scheduled, active and recurring faults of this account, in the order of injection. O(faults).
   *
   * @example
   * ```ts
   * sim.inject({ kind: "crash", instanceId: source.id }, { afterMs: 60_000 });
   * console.log(sim.listFaults().map(({ phase }) => phase)); // [ 'scheduled' ]
   * ```
   * @returns the faults as they are now
   */
  listFaults(): readonly InjectedFault[];
}

/** The implementation, given the kernel of a client. */
export const faultMethods: PartOf<FaultMethods> = {
  inject: (client, fault, options = {}) =>
    client.run("injectFault", mergeUntrusted(options, { fault })),
  injectRandom: (client, input) => {
    const { label, ...fault } = copyUntrusted(input);
    return client.run<"injectFault">("injectFault", {
      fault: { ...fault, kind: "random" },
      ...labelOf(label),
    });
  },
  injectRandomAmong: (client, input) => {
    const { label, ...fault } = copyUntrusted(input);
    return client.run<"injectFault">("injectFault", {
      fault: { ...fault, kind: "randomAmong" },
      ...labelOf(label),
    });
  },
  failTask: (client, input) => client.run("failTask", input),
  clearFault: (client, faultId) => {
    client.run("clearFault", { faultId });
  },
  listFaults: (client) =>
    faultsOf(client.world.topology, client.accountId).map((fault) => client.show(fault)),
};

function labelOf(label: string | undefined): LabelInput {
  return label === undefined ? {} : { label };
}
