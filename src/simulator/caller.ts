import { record } from "../domain/compositeFields.js";
import { enumOf, optional } from "../domain/fields.js";
import type { Limits } from "../domain/limits.js";
import { type Role, roles } from "../domain/operationPolicy.js";
import { readValue } from "../domain/parseCommand.js";
import { accountIdField } from "../domain/sharedFields.js";

/** A caller: an account, and the role in it. */
export interface Caller {
  readonly accountId: string;
  readonly role: Role;
}

/** Options of an account client. */
export interface AccountOptions {
  /** Role in the account: `admin` may do everything, `creator` may create and change, `observer` may read. */
  readonly role?: Role;
}

const optionsField = record<AccountOptions>({
  rule: "tenant-options",
  source: "§7",
  of: { role: optional(enumOf({ rule: "role-name", source: "§7 [docs]", of: roles })) },
});

/**
 * Parses a caller from unvalidated values.
 * @throws InvalidInputError
 */
export function readCaller(accountId: unknown, options: unknown, limits: Limits): Caller {
  const { role = "admin" } = readValue(optionsField, options, { path: "options", limits });
  return { accountId: readValue(accountIdField, accountId, { path: "accountId", limits }), role };
}
