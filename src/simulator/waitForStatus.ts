import { record } from "../domain/compositeFields.js";
import type { OperationError } from "../domain/entities.js";
import { formatId, NotFoundError, TimeLimitError } from "../domain/errors.js";
import { enumOf, optional } from "../domain/fields.js";
import { readValue } from "../domain/parseCommand.js";
import { clockTime } from "../domain/time.js";
import { stepLimitError } from "./timeErrors.js";
import type { WorldRef } from "./worldRef.js";

/** For how long to wait. */
export interface WaitOptions {
  /** Virtual time, in ms. Default a day. */
  readonly withinMs?: number;
}

/** What is waited for. */
export interface WaitTarget<Row> {
  /** Whose it is. */
  readonly accountId: string;
  /** The row as it is now; undefined when there is none, or none any more. */
  readonly find: () => Row | undefined;
  /** The id as it was given: nobody has looked at it. */
  readonly id: unknown;
  readonly status: unknown;
  /** The statuses that there are. */
  readonly statuses: readonly string[];
  /** Whether a row can have the status at all, as its lifecycle goes on from here. */
  readonly canReach: (row: Row, status: string) => boolean;
  /** What an unknown id is refused with. */
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
 * Moves virtual time on, step by step, until a row has a status, or can have it no more.
 * @throws InvalidInputError for a status that there is not
 * @throws NotFoundError when the row is not there, or no longer
 * @throws TimeLimitError `status-in-time`, `steps-max`
 */
export function runUntilStatus<Row extends WaitedRow>(
  ground: WorldRef,
  wanted: WaitTarget<Row>,
  options: WaitOptions,
): Row {
  const { limits, maxSteps } = ground.world.settings;
  const { withinMs = dayMs } = readValue(optionsField, options, { path: "options", limits });
  const statusField = enumOf({ rule: "known-status", source: "§2", of: wanted.statuses });
  const status = readValue(statusField, wanted.status, { path: "status", limits });
  const until = ground.world.now + withinMs;
  const refuse = (found: Row, why: string): TimeLimitError =>
    statusNotReachedError({ id: wanted.id, status, found, why });
  for (let steps = 0, checked: string | undefined; ; steps++) {
    const found = wanted.find();
    if (found === undefined) throw wanted.unknown();
    if (found.status === status) return found;
    if (found.state !== checked && !wanted.canReach(found, status)) {
      throw refuse(found, "nothing can lead there any more");
    }
    checked = found.state;
    // A listener may have put another world there meanwhile.
    const { world } = ground;
    const due = world.nextDue();
    if (due === undefined || due.dueAt > until) {
      // What others have under way is no news for this account.
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

/** What a waiter looks at in a row. */
export interface WaitedRow {
  readonly state: string;
  readonly status: string;
  readonly lastError: OperationError | null;
}

/** Says what the row says of itself: a message is all that is left of a wait in the log of a test run. */
function statusNotReachedError({
  id,
  status,
  found,
  why,
}: {
  readonly id: unknown;
  readonly status: string;
  readonly found: WaitedRow;
  readonly why: string;
}): TimeLimitError {
  const { lastError } = found;
  const reason = lastError === null ? "" : `; its ${lastError.task} failed: ${lastError.message}`;
  return new TimeLimitError({
    code: "unprocessableEntity",
    rule: "status-in-time",
    message: `${String(id)} is ${found.status} and did not become ${status}: ${why}${reason}`,
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
