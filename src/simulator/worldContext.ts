import type { KeyedRandom } from "../kernel/keyedRandom.js";
import type { EngineContext } from "../kernel/transaction.js";
import { transitionTables } from "../lifecycle/compile.js";
import { type Interpreter, tableInterpreter } from "../lifecycle/interpreter.js";
import type { Topology } from "../model/topology.js";
import type { RuntimeHooks, Settings } from "./options.js";

/** Context of the engine: one object per world, whose changing fields each transaction sets again. */
export type WorldContext = { -readonly [K in keyof EngineContext]: EngineContext[K] };

/** The context of a world that begins. */
export function contextOf(
  settings: Settings,
  live: RuntimeHooks,
  start: { readonly topology: Topology; readonly now: number; readonly chance: KeyedRandom },
): WorldContext {
  const interpreter: Interpreter = live.interpreter ?? tableInterpreter();
  return {
    topology: start.topology,
    now: start.now,
    accountId: settings.accountId,
    role: "admin",
    chance: start.chance,
    limits: settings.limits,
    catalog: settings.catalog,
    policy: settings.policy,
    placement: settings.placement,
    latency: settings.latency,
    jitter: settings.jitter,
    interpreter,
    newId: live.createId,
    lifecycle: transitionTables(),
    lastNamed: { instance: undefined },
    lastMembers: { replicaIds: undefined, sourceOrdinal: -1, replicaOrdinals: [] },
  };
}
