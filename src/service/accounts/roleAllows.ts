import { PermissionDeniedError } from "../../model/errors.js";
import { type Role } from "../../model/operationPolicy.js";
import { type OperationName, rolesFor } from "../commands/operations.js";

/**
 * Returns the violation of the rule `role-allows` (§7) for an operation of a caller with this role. Checked after the
 * shape of the input and before any lookup, so that a missing role does not reveal what exists (§5).
 */
export function roleRefusal(
  operation: OperationName,
  role: Role,
): PermissionDeniedError | undefined {
  if (role === "admin") return undefined;
  const allowed = rolesFor(operation);
  if (allowed.includes(role)) return undefined;
  return new PermissionDeniedError({
    code: "forbidden",
    rule: "role-allows",
    message: `role ${role} may not call ${operation}; required: ${allowed.join(" or ")}`,
    field: "role",
    value: role,
    allowed,
  });
}
