import { deepFreeze } from "../collections/deepFreeze.js";
/** Choices that the API document leaves open or contradicts itself on; each has a documented default. */
export interface Policy {
  /** Whether the caller may use object storage, which replica creation needs for its hidden backup (R21 [api]). */
  readonly objectStorageAccess: boolean;
  /** `databases` and `users` on a replica: refused, or accepted and ignored (R17, C9). */
  readonly databasesOnReplica: "refuse" | "ignore";
}

/** The choices of `domain.md`, made visible in `docs/fidelity.md`. */
export const documentedPolicy: Policy = /* @__PURE__ */ deepFreeze({
  objectStorageAccess: true,
  databasesOnReplica: "refuse",
});
