import type { LifecycleTables } from "../lifecycle/compile.js";
import type { Catalog } from "../model/catalog.js";
import type { Limits } from "../model/limits.js";
import type { Role } from "../model/operationPolicy.js";
import type { Policy } from "../model/policy.js";
import type { Topology } from "../model/topology.js";
import type { Instance } from "../service/instances/instance.model.js";
import type { PlacementSettings } from "../service/placement/placement.model.js";

/** What a rule reads besides its command: plain values. */
export interface RuleContext {
  readonly topology: Topology;
  readonly accountId: string;
  /** Present virtual time, in ms since the epoch. */
  readonly now: number;
  /** What the caller may do in the account. */
  readonly role: Role;
  readonly limits: Limits;
  readonly catalog: Catalog;
  readonly policy: Policy;
  readonly placement: PlacementSettings;
  readonly lifecycle: LifecycleTables;
  readonly lastNamed: InstanceCache;
}

/**
 * The instance that was named last. The rules and the decision of a command mostly read the same one, and in a large
 * world each look-up costs as much as a rule. Cleared by each fact and each new transaction.
 */
export interface InstanceCache {
  instance: Instance | undefined;
}
