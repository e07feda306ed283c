import { rowsOf } from "../../src/collections/table.js";
import { isRecord } from "../../src/model/schema/plainData.js";
import type { HaGroup } from "../../src/service/haGroups/haGroup.model.js";
import type { Instance } from "../../src/service/instances/instance.model.js";
import { topologyOf } from "../../src/simulator/clientKernel.js";
import type { ReplicationSimulator } from "../../src/simulator.js";
import type {
  Reference,
  ReferenceKind,
  StepDraft,
} from "../../src/testing/fast-check/stepDrafts.js";

type CommandStep = Extract<StepDraft, { readonly execute: unknown }>;

/** The command of a step with every reference turned into the id that it points at now. */
export function resolved(
  sim: ReplicationSimulator,
  { execute, by = sim.accountId }: CommandStep,
): Readonly<Record<string, unknown>> {
  return withIds(execute, (reference) => idOf(sim, reference, by));
}

/** A reference may stand deeper inside, as in the fault of `injectFault`. */
function withIds(
  fields: object,
  idFor: (reference: Reference) => string,
): Readonly<Record<string, unknown>> {
  return Object.fromEntries(
    Object.entries(fields).map(([field, value]: [string, unknown]) => {
      if (isReference(value)) return [field, idFor(value)];
      return [field, isRecord(value) ? withIds(value, idFor) : value];
    }),
  );
}

function isReference(value: unknown): value is Reference {
  return typeof value === "object" && value !== null && Object.hasOwn(value, "the");
}

function idOf(sim: ReplicationSimulator, { the, nth, of }: Reference, by: string): string {
  const accountId = of ?? by;
  const ids: string[] = [];
  for (const row of candidates(sim, the)) if (row.accountId === accountId) ids.push(row.id);
  return ids.at((nth < 0 ? nth : nth - 1) % ids.length) ?? `no-such-${the}`;
}

function* candidates(
  sim: ReplicationSimulator,
  the: ReferenceKind,
): Generator<{ readonly id: string; readonly accountId: string }> {
  const topology = topologyOf(sim);
  switch (the) {
    case "group":
      yield* rowsOf<HaGroup>(topology.groups);
      return;
    case "schedule":
      yield* rowsOf(topology.schedules);
      return;
    case "backup":
      for (const backup of rowsOf(topology.backups))
        if (backup.hiddenForReplicaId === null) yield backup;
      return;
    case "configuration":
      yield* rowsOf(topology.configurations);
      return;
    case "fault":
      yield* rowsOf(topology.faults);
      return;
    default:
      for (const instance of rowsOf(topology.instances)) if (hasStep(instance, the)) yield instance;
  }
}

function hasStep(
  { sourceId, replicaIds, groupId }: Instance,
  role: "instance" | "source" | "replica" | "member",
): boolean {
  switch (role) {
    case "instance":
      return true;
    case "source":
      return replicaIds.length > 0;
    case "replica":
      return sourceId !== null;
    case "member":
      return groupId !== null;
  }
}
