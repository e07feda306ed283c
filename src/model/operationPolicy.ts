import type { RateLimits, RateName } from "./rates.js";

const matrix = "§7 [howto]";
/** The rate is documented, the role is not. */
export const inferred = "§7 [inferred]";
/** Reserved for the staff of the service. */
export const staff = "§7 [docs]";

/** Roles, from least to most privileged: read; create and change; everything. */
export const roles = ["observer", "creator", "admin"] as const satisfies readonly Role[];

/** Role of a caller in an account (§7). */
export type Role = "observer" | "creator" | "admin";

/** Required role and rate of an operation, with their source. */
export interface OperationPolicy {
  /** The least privileged role that is allowed; higher roles are allowed as well. */
  readonly role: Role;
  /** The rate that it counts towards; null if it is not an operation of the API. */
  readonly rate: keyof RateLimits | null;
  readonly source: string;
}

/** Reads. Every role may read; all GET requests share one rate. */
export function look(): OperationPolicy {
  return { role: "observer", rate: "reads", source: matrix };
}

/** Creates or changes something, and can be undone. */
export function change(rate: RateName, source = matrix): OperationPolicy {
  return { role: "creator", rate, source };
}

/** Removes something, interrupts its service, or cannot be undone. */
export function govern(rate: RateName, source = matrix): OperationPolicy {
  return { role: "admin", rate, source };
}

/** Not an operation of the API: the owner of the simulation acts as staff, client or fault injector. */
export function operate(source = "§11 [inferred]"): OperationPolicy {
  return { role: "admin", rate: null, source };
}
