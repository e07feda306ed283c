import { formatId, NotFoundError, TimeLimitError } from "../model/errors.js";
import type { OperationError } from "../model/rows.js";
import { record } from "../model/schema/compositeFields.js";
import { enumOf, optional } from "../model/schema/fields.js";
import { clockTime } from "../model/time.js";
import { readValue } from "../service/commands/parseCommand.js";
import { stepLimitError } from "./timeErrors.js";
import type { WorldRef } from "./worldRef.js";

/** Options of a wait. */
export interface WaitOptions {
  /** Timeout in ms of virtual time. Default a day. */
  readonly withinMs?: number;
}

/** Target of a wait. */
export interface WaitTarget<Row> {
  /** Its account. */
  readonly accountId: string;
  /** Returns the current row; undefined if it does not exist. */
  readonly find: () => Row | undefined;
  /** The unvalidated id. */
  readonly id: unknown;
  readonly status: unknown;
  /** The known statuses. */
  readonly statuses: readonly string[];
  /** Returns whether the lifecycle can still reach the status from the current state. */
  readonly canReach: (row: Row, status: string) => boolean;
  /** Returns what keeps the row from its status, if that is known. */
  readonly obstacle?: (row: Row) => string | undefined;
  /** Returns the error of an unknown id. */
  readonly unknown: () => NotFoundError;
}

const dayMs = 86_400_000;

const optionsField = record<WaitOptions>({
  rule: "wait-options",
  source: "§6",
  of: {
    withinMs: optional(clockTime),
  },
});

/**
 * Moves virtual time step by step until a row has a status, or can no longer reach it.
 * @throws InvalidInputError for an unknown status
 * @throws NotFoundError if the row does not exist, or is removed
 * @throws TimeLimitError `status-in-time`, `steps-max`
 */
export function runUntilStatus<Row extends WaitedRow>(
  worldRef: WorldRef,
  wanted: WaitTarget<Row>,
  options: WaitOptions,
): Row {
  const { limits, maxSteps } = worldRef.world.settings;
  const { withinMs = dayMs } = readValue(optionsField, options, { path: "options", limits });
  const statusField = enumOf({ rule: "known-status", source: "§2", of: wanted.statuses });
  const status = readValue(statusField, wanted.status, { path: "status", limits });
  const until = worldRef.world.now + withinMs;
  const refuse = (found: Row, why: string): TimeLimitError =>
    statusNotReachedError({
      id: wanted.id,
      status,
      found,
      why,
      obstacle: wanted.obstacle?.(found),
    });
  for (let steps = 0, checked: string | undefined; ; steps++) {
    const found = wanted.find();
    if (found === undefined) throw wanted.unknown();
    if (found.status === status) return found;
    if (found.state !== checked && !wanted.canReach(found, status)) {
      throw refuse(found, "nothing can lead there any more");
    }
    checked = found.state;
    // A listener may have loaded another world meanwhile.
    const { world } = worldRef;
    const due = world.nextDue();
    if (due === undefined || due.dueAt > until) {
      // Tasks of other accounts must not change the message.
      const canCome = world.pending().some(({ row }) => row.accountId === wanted.accountId);
      throw refuse(
        found,
        canCome
          ? `${String(withinMs)} ms of virtual time have passed; raise withinMs`
          : "no pending task of its account can change it",
      );
    }
    if (steps === maxSteps) throw stepLimitError("waitFor", maxSteps);
    world.step();
  }
}

/** The part of a row that a wait reads. */
export interface WaitedRow {
  readonly state: string;
  readonly status: string;
  readonly lastError: OperationError | null;
}

/** Includes the error of the row: the message is all that the log of a test run shows of a wait. */
function statusNotReachedError({
  id,
  status,
  found,
  why,
  obstacle,
}: {
  readonly id: unknown;
  readonly status: string;
  readonly found: WaitedRow;
  readonly why: string;
  readonly obstacle: string | undefined;
}): TimeLimitError {
  const { lastError } = found;
  const because = obstacle === undefined ? "" : `; ${obstacle}`;
  const reason = lastError === null ? "" : `; its ${lastError.task} failed: ${lastError.message}`;
  return new TimeLimitError({
    code: "unprocessableEntity",
    rule: "status-in-time",
    message: `${String(id)} is ${found.status} and did not become ${status}: ${why}${because}${reason}`,
    field: "status",
    value: found.status,
    allowed: status,
  });
}

/** The statuses that things of some kinds can have, each once. */
export function statusesOf(
  ...tables: readonly { readonly statusOf: Readonly<Record<string, string>> }[]
): readonly string[] {
  return [...new Set(tables.flatMap(({ statusOf }) => Object.values(statusOf)))];
}

/** The id of a wait names no resource of the account. */
export function waitTargetNotFound(rule: string, kind: string, id: unknown): NotFoundError {
  return new NotFoundError({
    code: "itemNotFound",
    rule,
    message: `${kind} ${formatId(id)} not found`,
    field: "id",
    value: id,
  });
}
