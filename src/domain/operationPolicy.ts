import type { RateName } from "./rates.js";

const matrix = "§7 [howto]";
/** Where the rate is known, and the role is not. */
export const inferred = "§7 [inferred]";
/** What only the staff of the service can do. */
export const staff = "§7 [docs]";

/** What a caller may do, from least to most: look; make and change; everything. */
export const roles = ["observer", "creator", "admin"] as const;

/** Role of a caller in an account (§7). */
export type Role = (typeof roles)[number];

/** What an operation asks of its caller, and where that is written. */
export interface OperationPolicy {
  /** The least role that may; those above it may, too. */
  readonly role: Role;
  /** The rate that it counts towards; null for what is no operation of the API. */
  readonly rate: RateName | null;
  readonly source: string;
}

/** Whoever has a role may look; the rate of GET requests is one for all of them. */
export function look(): OperationPolicy {
  return { role: "observer", rate: "reads", source: matrix };
}

/** Makes or changes something, and can be undone. */
export function change(rate: RateName, source = matrix): OperationPolicy {
  return { role: "creator", rate, source };
}

/** Takes something away, interrupts its service, or cannot be undone. */
export function govern(rate: RateName, source = matrix): OperationPolicy {
  return { role: "admin", rate, source };
}

/** No operation of the API: who has the world in hand plays its staff, its users or its misfortune. */
export function operate(source = "§11 [inferred]"): OperationPolicy {
  return { role: "admin", rate: null, source };
}
