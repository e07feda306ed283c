import type { FaultActionOf, Scenario, StepOf } from "../../scenario/format/scenario.js";
import type { NameTable } from "../../scenario/run/nameTable.js";
import { planSteps } from "../../scenario/run/planSteps.js";
import { prepareDesign } from "../future/design.js";
import { runFuture } from "../future/runFuture.js";

/**
 * Returns the scenario with the random faults of one future as steps, and with repetitions written out: each fault at
 * its time, on the role that its instance had then, for as long as it lasted.
 */
export function withPlannedFaults(scenario: Scenario, seed: number): Scenario {
  const { random: _, ...rest } = scenario;
  const steps = [...flatSteps(scenario), ...faultsOf(scenario, seed)];
  return { ...rest, steps: steps.sort((a, b) => (a.at ?? 0) - (b.at ?? 0)) };
}

/** Every occurrence of every step, at its time. */
export function flatSteps(scenario: Scenario): readonly StepOf<number>[] {
  return planSteps(scenario).map(({ step, time }) => {
    const { repeat: _, after: __, at: ___, ...rest } = step;
    return { at: time ?? 0, ...rest };
  });
}

function faultsOf(scenario: Scenario, seed: number): readonly StepOf<number>[] {
  const steps: StepOf<number>[] = [];
  const design = prepareDesign(scenario);
  const start = design.prepared.start;
  let names: NameTable | undefined;
  let roles = new Map<string, string>();
  const watched = {
    ...design,
    measures: [
      {
        name: "names",
        spec: { measure: "faults" as const },
        create: (context: { readonly names: NameTable }) => {
          names = context.names;
          roles = rolesOf(context.names);
          return { end: () => 0 };
        },
      },
    ],
  };
  runUntilError(watched, seed, {
    onEntry: ({ at, trigger, facts }) => {
      for (const fact of facts) {
        if (fact.type !== "FaultInjected" || trigger.kind === "command") continue;
        const { fault } = fact.injected;
        if (fault.kind === "correlated") {
          const { kind, durationMs, ...parts } = fault;
          const lasting = durationMs === undefined ? {} : { for: durationMs };
          steps.push({ at: at - start, do: { fault: kind, ...parts, ...lasting } });
        }
        // Parts come with the whole.
        if (fact.injected.partOf !== null) continue;
        const id =
          "instanceId" in fault
            ? fault.instanceId
            : "replicaId" in fault
              ? fault.replicaId
              : undefined;
        const of = id === undefined ? undefined : roles.get(id);
        if (of === undefined) continue;
        const duration = (fault as { readonly durationMs?: number }).durationMs;
        const action = {
          fault: fault.kind,
          of,
          ...(duration === undefined ? {} : { for: duration }),
        };
        steps.push({ at: at - start, do: action as FaultActionOf<number> });
      }
      if (names !== undefined) roles = rolesOf(names);
    },
  });
  return steps;
}

/** Plays a future. An error may be what is shrunk: the faults before it are those that led to it. */
function runUntilError(...future: Parameters<typeof runFuture>): void {
  try {
    runFuture(...future);
  } catch {
    // The scenario that is made of these faults is played again, and is kept only where it fails in the same way.
  }
}

/** The role of each instance at this moment. */
function rolesOf(names: NameTable): Map<string, string> {
  const roles = new Map<string, string>();
  for (const thing of names.things) {
    names
      .replicaIds(thing)
      .forEach((id, index) => roles.set(id, `${thing.name}.r${String(index + 1)}`));
    roles.set(names.sourceId(thing), `${thing.name}.source`);
  }
  return roles;
}
