import type { Limits } from "../model/limits.js";
import { type Role, roles } from "../model/operationPolicy.js";
import { record } from "../model/schema/compositeFields.js";
import { enumOf, optional } from "../model/schema/fields.js";
import { accountIdField } from "../model/sharedFields.js";
import { readValue } from "../service/commands/parseCommand.js";

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
