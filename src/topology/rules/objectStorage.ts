import type { Command } from "../../domain/commandTypes.js";
import { type Rule, rule } from "./rule.js";

/** The caller can use object storage, which every backup needs, hidden ones too (R21). */
export function objectStorageAccess<C extends Command>(): Rule<C> {
  return rule<C>({
    id: "object-storage-access",
    source: "R21 [api]",
    code: "forbidden",
    field: "accountId",
    says: "The caller can use object storage, where every backup goes; creating a replica makes a hidden one.",
    violation: (_, { policy, accountId }) =>
      policy.objectStorageAccess
        ? undefined
        : { message: "this needs access to object storage, where backups go", value: accountId },
  });
}
