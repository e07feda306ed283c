import type { Catalog } from "../../domain/catalog.js";
import type { Command } from "../../domain/commands.js";
import type { HaGroup, Instance } from "../../domain/entities.js";
import {
  type FaultName,
  type Refusal,
  type ReplicationError,
  RuleRefusedError,
  StatusRefusedError,
  UnknownIdError,
} from "../../domain/errors.js";
import type { Limits } from "../../domain/limits.js";
import type { Role } from "../../domain/operations.js";
import type { Policy } from "../../domain/policy.js";
import type { HaGroupSignal, InstanceSignal } from "../../domain/statuses.js";
import type { LifecycleTables } from "../../lifecycle/compile.js";
import { groupOf, instanceOf } from "../queries.js";
import type { Topology } from "../state.js";

/** What a rule may look at. */
export interface RuleContext {
  readonly topology: Topology;
  readonly accountId: string;
  /** Present virtual time, in ms since the epoch. */
  readonly now: number;
  /** What the caller may do in the account. */
  readonly role: Role;
  readonly limits: Limits;
  readonly catalog: Catalog;
  readonly policy: Policy;
  readonly lifecycle: LifecycleTables;
}

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
  readonly fault: FaultName;
  /** The input field that a violation is about. */
  readonly field: string;
  /** The rule in one sentence. */
  readonly says: string;
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
  const refusal: Refusal = {
    fault: broken.fault,
    rule: broken.id,
    message: violation.message,
    field: violation.field ?? broken.field,
    value: violation.value,
    allowed: violation.allowed,
  };
  if (broken.fault === "itemNotFound") return new UnknownIdError(refusal);
  return broken.fault === "unprocessableEntity"
    ? new StatusRefusedError(refusal)
    : new RuleRefusedError(refusal);
}

/** The instance that a command names; rules after the one that proves its existence may rely on it. */
export function subject(id: string, { topology, accountId }: RuleContext): Instance | undefined {
  return instanceOf(topology, { accountId, id });
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
    fault: "itemNotFound",
    field: "instanceId",
    says: "The instance exists in the caller's account; another account's id is as unknown as a wrong one.",
    violation: ({ instanceId }, context) =>
      subject(instanceId, context) === undefined
        ? { message: `instance ${instanceId} was not found`, value: instanceId }
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
      const instance = subject(command.instanceId, context);
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
    fault: "unprocessableEntity",
    says: `The instance is in a status that takes ${named.doing}.`,
    violation: (instance, context) =>
      statusViolation(instance, { signal, doing: named.doing }, context),
  });
}

/** What the lifecycle of an instance has against a signal now. */
export function statusViolation(
  instance: Instance,
  { signal, doing }: { readonly signal: InstanceSignal; readonly doing: string },
  { lifecycle }: RuleContext,
): Violation | undefined {
  const { cells } = lifecycle.instance;
  if (cells[instance.state][signal] !== undefined) return undefined;
  const allowed = statusesTaking(lifecycle.instance, signal);
  return {
    message: `instance ${instance.id} is ${instance.status}; ${doing} needs ${allowed.join(", ")}`,
    value: instance.status,
    allowed,
  };
}

/** What the lifecycle of a group has against a signal now. */
export function groupStatusViolation(
  group: HaGroup,
  { signal, doing }: { readonly signal: HaGroupSignal; readonly doing: string },
  { lifecycle }: RuleContext,
): Violation | undefined {
  const { cells } = lifecycle.group;
  if (cells[group.state][signal] !== undefined) return undefined;
  const allowed = statusesTaking(lifecycle.group, signal);
  return {
    message: `HA group ${group.id} is ${group.status}; ${doing} needs ${allowed.join(", ")}`,
    value: group.status,
    allowed,
  };
}

/** The API's words for every state that takes a signal. */
function statusesTaking<State extends string, Signal extends string>(
  table: {
    readonly states: readonly State[];
    readonly cells: Readonly<Record<State, Readonly<Partial<Record<Signal, State>>>>>;
    readonly statusOf: Readonly<Record<State, string>>;
  },
  signal: Signal,
): readonly string[] {
  const taking = table.states.filter((state) => table.cells[state][signal] !== undefined);
  return [...new Set(taking.map((state) => table.statusOf[state]))];
}
