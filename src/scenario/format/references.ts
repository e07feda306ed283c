import { type Field, string } from "../../model/schema/fields.js";
import { named } from "./quantities.js";

/** Roles that a reference may name, resolved at the moment of use. */
export const roles = ["source", "replicas", "freshest", "any", "all"] as const;
export type Role = (typeof roles)[number];

/** A reference, parsed: a name of the topology or a label, and which part of it. */
export interface Reference {
  readonly name: string;
  /** Default: the thing itself. */
  readonly role: Role | undefined;
  /** `orders.r1`: a replica by its place among those of now, from 1 on. */
  readonly replica: number | undefined;
  /** `orders.1`: an instance by its birth in the thing, from 1 on. */
  readonly born: number | undefined;
  /** `orders.backup1`: a backup of the thing by its birth, from 1 on. */
  readonly backup: number | undefined;
}

const description =
  "the name of a thing or a label, or one of its parts: orders.source, orders.replicas, orders.freshest, orders.any, orders.all, orders.r1 (a replica of now), orders.1 (by birth), orders.backup1";
const pattern =
  /^(?:id:.+|[A-Za-z][A-Za-z0-9 _-]{0,62}(?:\.(?:source|replicas|freshest|any|all|r[1-9]\d?|backup[1-9]\d{0,4}|[1-9]\d{0,4}))?)$/;

/** A reference to something of the topology or to what a step with a label has created. */
export const referenceField: Field<string> = string({
  ...named("scenario-reference"),
  pattern,
  description,
});

/** The prefix of a reference that is an id itself, for what no label leads to. */
export const idPrefix = "id:";

/** Parses a reference that `referenceField` has accepted. */
export function parseReference(reference: string): Reference {
  const dot = reference.lastIndexOf(".");
  const name = dot === -1 ? reference : reference.slice(0, dot);
  const part = dot === -1 ? "" : reference.slice(dot + 1);
  const [, ordinal] = /^(?:r|backup)?(\d+)$/.exec(part) ?? [];
  const count = ordinal === undefined ? undefined : Number(ordinal);
  return {
    name,
    role: roles.find((role) => role === part),
    replica: part.startsWith("r") ? count : undefined,
    born: /^\d/.test(part) ? count : undefined,
    backup: part.startsWith("backup") ? count : undefined,
  };
}

/** Input fields that hold the id of something: references in a scenario. */
export const idFields: ReadonlySet<string> = new Set([
  "instanceId",
  "replicaId",
  "replicaOf",
  "sourceId",
  "faultId",
  "groupId",
  "scheduleId",
  "ownerId",
  "backupId",
  "parentId",
  "restoreFrom",
  "toInstanceId",
  "configurationId",
  "of",
]);

/** The ids that a command or a fault can be about; the first that it requires is called `of` in a scenario. */
export const subjectFields = [
  "groupId",
  "instanceId",
  "ownerId",
  "replicaId",
  "scheduleId",
  "backupId",
  "faultId",
  "configurationId",
] as const;
