import type { Command } from "../../model/commandTypes.js";
import { type Rule, rule } from "../shared/rule.js";

/** The caller can use object storage, which every backup needs, hidden ones too (R21). */
export function objectStorageAccess<C extends Command>(): Rule<C> {
  return rule<C>({
    id: "object-storage-access",
    source: "R21 [api]",
    code: "forbidden",
    field: "accountId",
    description:
      "The account has access to object storage, where backups are stored. Creating a replica takes a hidden backup.",
    violation: (_, { policy, accountId }) =>
      policy.objectStorageAccess
        ? undefined
        : {
            message: "access to object storage is required, where backups are stored",
            value: accountId,
          },
  });
}
