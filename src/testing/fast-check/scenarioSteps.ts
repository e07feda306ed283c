import type { Command, CommandType } from "../../model/commandTypes.js";
import { isRecord } from "../../model/schema/plainData.js";
import type { FixtureOf, StepOf } from "../../scenario/index.js";
import { actionOf } from "../../scenario/run/actionOf.js";
import { creates } from "../../scenario/run/created.js";
import { plannedReplicas } from "../../scenario/run/prepare.js";
import type { Reference, ReferenceKind, StepDraft, StepDrafts } from "./stepDrafts.js";

type Topology = Readonly<Record<string, FixtureOf<number>>>;
type Draft = Extract<StepDraft, { readonly execute: unknown }>;

/**
 * Converts drafted steps, whose references count resources, into steps of a scenario: each created resource has a
 * label, and references are labels. Removing a step later leaves the names of the others valid.
 *
 * @param accountId - the account of the simulation
 */
export function stepsOf(
  drafts: StepDrafts,
  topology: Topology,
  accountId: string,
): readonly StepOf<number>[] {
  const names = new Names(topology, accountId);
  return drafts.map((draft) => {
    if (typeof draft === "string") return { do: draft };
    if (!("execute" in draft)) return { do: draft as StepOf<number>["do"] };
    return names.stepOf(draft);
  });
}

/** A resource with a name, as the earlier steps have left it. */
interface NamedPart {
  readonly reference: string;
  readonly accountId: string;
  readonly kinds: Set<ReferenceKind>;
}

class Names {
  readonly #parts: NamedPart[] = [];
  readonly #taken: Set<string>;
  readonly #counts = new Map<string, number>();
  readonly #accountId: string;

  constructor(topology: Topology, accountId: string) {
    this.#accountId = accountId;
    this.#taken = new Set(Object.keys(topology));
    for (const [name, fixture] of Object.entries(topology)) {
      const isGroup = fixture.kind === "group";
      if (isGroup) this.#add(name, accountId, "group");
      this.#addMembers(name, { accountId, replicas: plannedReplicas(fixture), isGroup });
    }
  }

  stepOf({ execute, by = this.#accountId }: Draft): StepOf<number> {
    const { label: _, ...command } = this.#resolved(execute, by) as unknown as Command & {
      readonly label?: string;
    };
    const type = command.type as CommandType;
    const created = creates(type);
    const label = created === undefined ? undefined : this.#label(created);
    const action = actionOf(command as Command, 0, (id) => id);
    if (label !== undefined) this.#created(label, command as Command, by);
    return {
      ...(label === undefined ? {} : { label }),
      ...(by === this.#accountId ? {} : { by }),
      do: action,
    };
  }

  #created(label: string, command: Command, accountId: string): void {
    switch (command.type) {
      case "createInstance":
        this.#add(label, accountId, "instance");
        return;
      case "createReplica":
        this.#add(label, accountId, "instance", "replica");
        // Its source has replicas from this step on.
        this.#parts.find(({ reference }) => reference === command.replicaOf)?.kinds.add("source");
        return;
      case "addReplica":
        this.#add(label, accountId, "instance", "replica", "member");
        return;
      case "createHaGroup":
      case "convertToHa": {
        const replicas = command.type === "createHaGroup" ? command.replicas.length : 1;
        this.#add(label, accountId, "group");
        this.#addMembers(label, { accountId, replicas, isGroup: true });
        return;
      }
      case "createSchedule":
        this.#add(label, accountId, "schedule");
        return;
      case "createBackup":
        this.#add(label, accountId, "backup");
        return;
      case "createConfiguration":
        this.#add(label, accountId, "configuration");
        return;
      default:
        this.#add(label, accountId, "fault");
    }
  }

  #addMembers(
    name: string,
    of: { readonly accountId: string; readonly replicas: number; readonly isGroup: boolean },
  ): void {
    const { accountId, replicas, isGroup } = of;
    const member: readonly ReferenceKind[] = isGroup ? ["member"] : [];
    const source: readonly ReferenceKind[] = replicas > 0 ? ["source"] : [];
    this.#add(`${name}.source`, accountId, "instance", ...source, ...member);
    for (let nth = 1; nth <= replicas; nth++) {
      this.#add(`${name}.r${String(nth)}`, accountId, "instance", "replica", ...member);
    }
  }

  #add(reference: string, accountId: string, ...kinds: readonly ReferenceKind[]): void {
    this.#parts.push({ reference, accountId, kinds: new Set(kinds) });
  }

  #label(kind: string): string {
    let label: string;
    do {
      const count = (this.#counts.get(kind) ?? 0) + 1;
      this.#counts.set(kind, count);
      label = `${kind}${String(count)}`;
    } while (this.#taken.has(label));
    return label;
  }

  /** A reference may be nested, as in the fault of `injectFault`. */
  #resolved(fields: object, by: string): Readonly<Record<string, unknown>> {
    return Object.fromEntries(
      Object.entries(fields).map(([field, value]: [string, unknown]) => {
        if (isReference(value)) return [field, this.#referenceTo(value, by)];
        return [field, isRecord(value) ? this.#resolved(value, by) : value];
      }),
    );
  }

  #referenceTo({ the, nth, of }: Reference, by: string): string {
    const accountId = of ?? by;
    const candidates = this.#parts.filter(
      (part) => part.accountId === accountId && part.kinds.has(the),
    );
    const part = candidates.at((nth < 0 ? nth : nth - 1) % Math.max(1, candidates.length));
    return part?.reference ?? `no-such-${the}`;
  }
}

function isReference(value: unknown): value is Reference {
  return typeof value === "object" && value !== null && Object.hasOwn(value, "the");
}
