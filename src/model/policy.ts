import { deepFreeze } from "../collections/deepFreeze.js";
/** Choices that the API document leaves open or contradicts itself on, each with a documented default. */
export interface Policy {
  /**
   * Whether the account may use object storage, which creating a replica requires for its hidden backup (R21 [api]).
   */
  readonly objectStorageAccess: boolean;
  /** `databases` and `users` on a replica: refused, or accepted and ignored (R17, C9). */
  readonly databasesOnReplica: "refuse" | "ignore";
}

/** The defaults, explained in `docs/fidelity.md`. */
export const documentedPolicy: Policy = /* @__PURE__ */ deepFreeze({
  objectStorageAccess: true,
  databasesOnReplica: "refuse",
});
