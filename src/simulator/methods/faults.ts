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
   * Lets a fault strike now, or at its time. Instances, HA members among them, crash, hang and recover;
   * replication breaks and is repaired; links are cut, slow and restored; work fails or slows down; the service refuses
   * everything; or faults come at random. Scheduled faults, and faults with a duration, start and end as time
   * moves. `settle` does not wait for them.
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
   * @returns the id of the process, for `clearFault`
   * @throws InvalidInputError
   * @throws NotFoundError `fault-target-exists`
   * @throws RuleViolationError `random-place`, `label-unique`
   */
  injectRandomAmong(input: Faults["randomAmong"] & LabelInput): string;

  /**
   * Makes coming work fail: the next task of a kind, of one instance, group or backup, or of any.
   * @returns the id of the fault, for `clearFault`
   * @throws InvalidInputError
   * @throws NotFoundError `fault-target-exists`
   * @throws RuleViolationError `preparation-is-of-build`, `label-unique`
   */
  failTask(input: InputOf<"failTask"> & LabelInput): string;

  /**
   * Ends a fault before its time. One that is to come never strikes; what one that stands has done is undone, where it
   * can be; a random process strikes no more, while what it has struck is repaired at its time; a correlated fault ends with all
   * its parts.
   * @throws InvalidInputError
   * @throws NotFoundError `fault-exists`
   * @throws InvalidStatusError `fault-is-whole`
   */
  clearFault(faultId: string): void;

  /**
   * The faults of this account that are to come, stand, or come again and again, in the order of injection.
   * O(faults).
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
