import type { CommandType } from "../../model/commandTypes.js";
import { idFields, idPrefix, parseReference } from "../../scenario/format/references.js";
import type { ActionOf, OperatorOf, Scenario } from "../../scenario/format/scenario.js";
import { conditionsOfTime } from "../../scenario/run/conditions.js";
import { creates } from "../../scenario/run/created.js";
import { namesOfStep, type PlannedStep, planSteps } from "../../scenario/run/planSteps.js";
import { plannedReplicas } from "../../scenario/run/prepare.js";

/** What a step or an operator does, in order. */
export type CompiledAction = readonly NamedAction[];

/** One action, with the label and the name of what it creates. */
export interface NamedAction {
  readonly action: Exclude<ActionOf<number>, string>;
  readonly label: string | undefined;
  readonly name: string | undefined;
}

/** The steps and operators of one thing, each with the number of its action. */
export interface ThingActions {
  readonly actions: readonly CompiledAction[];
  /** In the order in which they happen; times in ms since time 0. */
  readonly steps: readonly { readonly time: number; readonly action: number }[];
  readonly operators: readonly {
    readonly name: string;
    readonly policy: OperatorOf<number>;
    readonly action: number;
  }[];
}

type ActionPlan = Extract<
  ActionOf<number>,
  { readonly command: unknown } | { readonly fault: unknown }
>;

/** Returns the steps and operators of one thing. Those of a scenario that `whyNotPlanned` gives no reason for. */
export function actionsOf(scenario: Scenario, thing: string): ThingActions {
  const actions: CompiledAction[] = [];
  const owners = new Owners(scenario);
  const steps = planSteps(scenario).flatMap((planned) => {
    const action = namedAction(planned);
    if (action === undefined || owners.of(action.action) !== thing) return [];
    return [{ time: planned.time ?? 0, action: actions.push([action]) - 1 }];
  });
  const operators = Object.entries(scenario.operators ?? {}).flatMap(([name, policy]) => {
    if (parseReference(policy.when.of).name !== thing) return [];
    const parts = policy.do.map((action) => ({ action, label: undefined, name: undefined }));
    return [{ name, policy, action: actions.push(parts) - 1 }];
  });
  return { actions, steps, operators };
}

/** Why steps and operators of a scenario are not compiled; undefined where they are. */
export function whyNotPlanned(scenario: Scenario): string | undefined {
  const owners = new Owners(scenario);
  for (const planned of planSteps(scenario)) {
    const { step, index, time } = planned;
    const about = `step ${String(index + 1)}`;
    const named = namedAction(planned);
    if (named === undefined || time === undefined) return `${about} is not a command or a fault`;
    if (time > (scenario.horizon ?? 0)) return `${about} is later than the horizon`;
    if (step.by !== undefined) return `${about} is of another account`;
    const reason = owners.whyNot(named.action, named.label);
    if (reason !== undefined) return `${about} ${reason}`;
  }
  for (const [name, { when, do: actions }] of Object.entries(scenario.operators ?? {})) {
    if (conditionsOfTime.has(when.condition)) {
      return `operator ${name} waits for ${when.condition}`;
    }
    for (const action of actions) {
      const reason = owners.whyNot(action, undefined);
      if (reason !== undefined) return `operator ${name} ${reason}`;
      if (owners.of(action) !== parseReference(when.of).name) {
        return `operator ${name} acts on another thing than it watches`;
      }
    }
  }
  return undefined;
}

/** The action of a step with its names; undefined for what is no command. */
function namedAction(planned: PlannedStep): (NamedAction & { action: ActionPlan }) | undefined {
  const { do: action } = planned.step;
  if (typeof action !== "object" || !("command" in action || "fault" in action)) return undefined;
  return { action, ...namesOfStep(planned) };
}

/** Finds the thing of the topology that an action is about. */
class Owners {
  readonly #topology: NonNullable<Scenario["topology"]>;
  readonly #only: string | undefined;
  /** Names that steps give. */
  readonly #labels: ReadonlySet<string | undefined>;

  constructor(scenario: Scenario) {
    const { topology = {} } = scenario;
    this.#topology = topology;
    this.#labels = new Set(planSteps(scenario).map((planned) => namedAction(planned)?.name));
    const [only, ...others] = Object.keys(topology);
    this.#only = others.length === 0 ? only : undefined;
  }

  /** The name of the thing; undefined where it is not one. Without others there is only one. */
  of(action: ActionPlan): string | undefined {
    if (this.#only !== undefined) return this.#only;
    const names = new Set(referencesOf(action).map((reference) => parseReference(reference).name));
    const [name = "", ...others] = names;
    return others.length === 0 && name in this.#topology ? name : undefined;
  }

  whyNot(action: ActionPlan, label: string | undefined): string | undefined {
    if (this.of(action) === undefined) return "is about more than one thing of the topology";
    for (const reference of referencesOf(action)) {
      const { name, role, replica, born = 0, backup } = parseReference(reference);
      const fixture = this.#topology[name];
      const planned = fixture === undefined ? 0 : 1 + plannedReplicas(fixture);
      const dependsOnMore =
        reference.startsWith(idPrefix) ||
        role === "freshest" ||
        replica !== undefined ||
        backup !== undefined ||
        born > planned ||
        (fixture === undefined && !this.#labels.has(name));
      if (dependsOnMore) return `refers to ${reference}, which depends on more than the state`;
    }
    // A state does not know in which zone and rack its instances stand.
    if ("each" in action || ("fault" in action && ("zone" in action || "rack" in action))) {
      return "strikes a place with all that stands in it";
    }
    if ("fault" in action) {
      const isRandom = action.fault === "random" || action.fault === "randomAmong";
      return isRandom && label === undefined ? "starts a process without a label" : undefined;
    }
    const type = action.command as CommandType;
    if (type === "setWorkload") return "needs positions of replicas";
    if (creates(type) === undefined) return undefined;
    // A label is the whole identity of what it is given to; anything else is numbered among others.
    if (label === undefined) return "creates something without a label";
    if (this.#only === undefined)
      return "creates something, and things share the limits of an account";
    return referencesOf(action).some((reference) => parseReference(reference).role === "replicas")
      ? "creates several things with one label"
      : undefined;
  }
}

/** Returns the instances that actions name by their birth, which is what a state has to know of each. */
export function bornReferences(actions: readonly CompiledAction[]): readonly string[] {
  return actions
    .flat()
    .flatMap(({ action }) => referencesOf(action as ActionPlan))
    .filter((reference) => parseReference(reference).born !== undefined);
}

/** References of an action to what a scenario names. */
function referencesOf(action: ActionPlan): readonly string[] {
  return Object.entries(action).flatMap(([name, value]) =>
    typeof value === "string" && (name === "of" || idFields.has(name)) ? [value] : [],
  );
}
