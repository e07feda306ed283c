import { backupOf, groupOf, instanceOf } from "../../kernel/queries.js";
import type { RuleContext } from "../../kernel/ruleContext.js";
import type { TransitionTable } from "../../lifecycle/compile.js";
import type { HaGroupSignal, InstanceSignal } from "../../lifecycle/signals.js";
import type { Command } from "../../model/commandTypes.js";
import {
  type ErrorCode,
  type ErrorDetails,
  InvalidStatusError,
  NotFoundError,
  type ReplicationError,
  RuleViolationError,
} from "../../model/errors.js";
import type { HaGroup } from "../haGroups/haGroup.model.js";
import type { Instance } from "../instances/instance.model.js";
import { statusWords } from "./messages.js";

/** What a rule found: the message for the caller, the value at fault, what would have been allowed. */
export interface Violation {
  readonly message: string;
  readonly value?: unknown;
  readonly field?: string;
  readonly allowed?: string | readonly string[];
}

/** One rule of the service: it reads, and returns what is wrong. Docs and errors are made from it. */
export interface Rule<C extends Command> {
  /** Kebab-case, as in errors and in `docs/rules.md`. */
  readonly id: string;
  /** Rule number and mark in the domain notes. */
  readonly source: string;
  readonly code: ErrorCode;
  /** The input field that a violation is about. */
  readonly field: string;
  /** The rule in one sentence. */
  readonly description: string;
  readonly violation: (command: C, context: RuleContext) => Violation | undefined;
}

/** Declares a rule. */
export function rule<C extends Command>(declared: Rule<C>): Rule<C> {
  return declared;
}

/** A refusal of the kind that the rule's fault calls for. */
export function refusalOf<C extends Command>(
  broken: Rule<C>,
  violation: Violation,
): ReplicationError {
  const refusal: ErrorDetails = {
    code: broken.code,
    rule: broken.id,
    message: violation.message,
    field: violation.field ?? broken.field,
    value: violation.value,
    allowed: violation.allowed,
  };
  if (broken.code === "itemNotFound") return new NotFoundError(refusal);
  return broken.code === "unprocessableEntity"
    ? new InvalidStatusError(refusal)
    : new RuleViolationError(refusal);
}

/** The instance that a command names; rules after the one that proves its existence may rely on it. */
export function requireSubject(
  id: string,
  { topology, accountId, lastNamed }: RuleContext,
): Instance | undefined {
  if (lastNamed.instance?.id !== id) lastNamed.instance = instanceOf(topology, { accountId, id });
  return lastNamed.instance;
}

/** The group that a command names. */
export function subjectGroup(
  id: string,
  { topology, accountId }: RuleContext,
): HaGroup | undefined {
  return groupOf(topology, { accountId, id });
}

/** The named instance exists in this account (R5, R55). */
export function instanceExists<C extends Command & { readonly instanceId: string }>(): Rule<C> {
  return rule<C>({
    id: "instance-exists",
    source: "R5 R55 [trove]",
    code: "itemNotFound",
    field: "instanceId",
    description:
      "The instance exists in the caller's account. The id of another account's instance is not found either.",
    violation: ({ instanceId }, context) =>
      requireSubject(instanceId, context) === undefined
        ? { message: `instance ${instanceId} not found`, value: instanceId }
        : undefined,
  });
}

/** A rule on the named instance, silent when there is none. */
export function instanceRule<C extends Command & { readonly instanceId: string }>(
  declared: Omit<Rule<C>, "violation" | "field"> & {
    readonly field?: string;
    readonly violation: (
      instance: Instance,
      context: RuleContext,
      command: C,
    ) => Violation | undefined;
  },
): Rule<C> {
  return {
    field: "instanceId",
    ...declared,
    violation: (command, context) => {
      const instance = requireSubject(command.instanceId, context);
      return instance && declared.violation(instance, context, command);
    },
  };
}

/** "May happen in this status": asked of the compiled lifecycle, so that no rule ever lists states (§2.3). */
export function instanceTakes<C extends Command & { readonly instanceId: string }>(
  signal: InstanceSignal,
  named: { readonly id: string; readonly source: string; readonly doing: string },
): Rule<C> {
  return instanceRule<C>({
    id: named.id,
    source: named.source,
    code: "unprocessableEntity",
    description: `The status of the instance allows to ${named.doing} it.`,
    violation: (instance, context) =>
      statusViolation(instance, { signal, doing: named.doing }, context),
  });
}

/**
 * Work that restarts an instance waits for the hidden backup that a replica is being built from: it counts as a running
 * backup of its source (R22, R53).
 */
export function notCopied<C extends Command & { readonly instanceId: string }>(
  doing: string,
): Rule<C> {
  return instanceRule<C>({
    id: "hidden-backup-running",
    source: "R22 R53 [docs]",
    code: "unprocessableEntity",
    description:
      "A source that a new replica is being copied from is not restarted or resized meanwhile.",
    violation: ({ id, accountId, backupId }, { topology }) => {
      const backup =
        backupId === null ? undefined : backupOf(topology, { accountId, id: backupId });
      return backup?.hiddenForReplicaId == null
        ? undefined
        : {
            message: `cannot ${doing} instance ${id} while its replica ${backup.hiddenForReplicaId} is built from it; wait until the replica is ACTIVE`,
            value: id,
          };
    },
  });
}

/** What the lifecycle of an instance has against a signal now. */
export function statusViolation(
  instance: Instance,
  requested: { readonly signal: InstanceSignal; readonly doing: string },
  { lifecycle: { instance: table } }: RuleContext,
): Violation | undefined {
  if (table.transitions[instance.state][requested.signal] !== undefined) return undefined;
  return notTaken(`instance ${instance.id}`, instance, { ...requested, table });
}

/** What the lifecycle of a group has against a signal now. */
export function groupStatusViolation(
  group: HaGroup,
  requested: { readonly signal: HaGroupSignal; readonly doing: string },
  { lifecycle: { group: table } }: RuleContext,
): Violation | undefined {
  if (table.transitions[group.state][requested.signal] !== undefined) return undefined;
  return notTaken(`HA group ${group.id}`, group, { ...requested, table });
}

/** In words that only a refusal needs. */
function notTaken<State extends string, Signal extends string>(
  subject: string,
  { state, status }: { readonly state: State; readonly status: string },
  {
    table,
    signal,
    doing,
  }: {
    readonly table: Pick<
      TransitionTable<State, Signal, string>,
      "states" | "transitions" | "statusOf"
    >;
    readonly signal: Signal;
    readonly doing: string;
  },
): Violation {
  const { transitions, states, statusOf } = table;
  const statuses = (some: readonly State[]): readonly string[] => [
    ...new Set(some.map((one) => statusOf[one])),
  ];
  const taking = statuses(states.filter((one) => transitions[one][signal] !== undefined));
  // A deleted resource is not visible.
  const seen = statuses(states.filter((one) => one !== "deleted"));
  const refusing = seen.filter((one) => !taking.includes(one));
  const { present, needed } = statusWords({ state, status }, { taking, refusing });
  return {
    message: `cannot ${doing} ${subject} in status ${present}; allowed: ${needed}`,
    value: status,
    allowed: taking,
  };
}
