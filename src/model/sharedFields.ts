import type { Network } from "../service/haGroups/haGroup.model.js";
import type { OwnerKind } from "../service/schedules/schedule.model.js";
import type { DatastoreInput } from "./catalog.js";
import type { InputOf } from "./commandTypes.js";
import type { InputIssue } from "./errors.js";
import { placeFields } from "./placementFields.js";
import { list, record } from "./schema/compositeFields.js";
import {
  enumOf,
  type Field,
  integer,
  optional,
  preprocess,
  type RecordFields,
  required,
  string,
} from "./schema/fields.js";

/** A resource id. */
export const idField = string({
  rule: "id-text",
  source: "§4 [api]",
  description: "a resource id (string)",
});
/** The id of an account. */
export const accountIdField = string({
  rule: "account-id",
  source: "§7",
  description: "an account id (string)",
});
/** A name to look up, whether it could be assigned or not. */
export const calledField = string({
  rule: "lookup-name",
  source: "§4 [api]",
  description: "a name (string)",
});
/** The instance of a command. */
export const instanceId = required(idField);

/** A flavor id, as a string or an integer (Q2). */
export const flavorId = preprocess(
  string({
    rule: "flavor-id",
    source: "R1 Q2 [api]",
    description: "a flavor id (string or integer)",
  }),
  (value) => (Number.isSafeInteger(value) ? String(value) : value),
);
/** A volume size (R2). */
export const volumeGb = integer({
  rule: "volume-size",
  source: "R2 [api]",
  min: 1,
  max: "maxVolumeGb",
  unit: "gigabytes",
});
/** A name of an instance, a group or a configuration (R3). */
export const name = string({
  rule: "name-length",
  source: "R3 R62 [api]",
  lengthMax: "maxNameLength",
});

/** A label inside the simulation; not part of the API. */
export const label = string({ rule: "label", source: "§11 [inferred]" });

/** A datastore by type and version, each optional (§1.1). */
export const datastore = record<DatastoreInput>({
  rule: "datastore-shape",
  source: "§1.1 [api]",
  of: {
    type: optional(string({ rule: "datastore-shape", source: "§1.1 [api]" })),
    version: optional(string({ rule: "datastore-shape", source: "§1.1 [api]" })),
  },
});

// Letters, digits and _ anywhere; @ ? # and spaces inside only; a dot only in user names (§1.1 [docs]).
const databaseName = string({
  rule: "database-name",
  source: "§1.1 [docs]",
  lengthMax: "maxDatabaseNameLength",
  pattern: /^(?!(?:information_schema|mysql)$)\w(?:[\w@?# ]*\w)?$/,
  description: ({ maxDatabaseNameLength }) =>
    `letters, digits or _ (spaces and @ ? # are allowed inside), at most ${String(maxDatabaseNameLength)} characters, none of the names that MySQL keeps for itself`,
});
const userName = string({
  rule: "user-name",
  source: "§1.1 [docs]",
  lengthMax: "maxUserNameLength",
  pattern: /^(?!root$)[\w.](?:[\w.@?# ]*[\w.])?$/,
  description: ({ maxUserNameLength }) =>
    `letters, digits, dot and _ (inside also @ ? # and blank), at most ${String(maxUserNameLength)} characters, and not root`,
});
const password = string({
  rule: "user-password",
  source: "§1.1 [docs]",
  pattern: /^\w(?:[\w@?# ]*\w)?$/,
  description: "letters, digits or _ (spaces and @ ? # are allowed inside)",
});
const octet = "(?:25[0-5]|2[0-4]\\d|1\\d\\d|[1-9]?\\d)";
const address = `${octet}(?:\\.${octet}){3}`;
/** The host that a user may connect from (§1.1). */
export const host = string({
  rule: "user-host",
  source: "§1.1 [api]",
  pattern: new RegExp(`^(?:%|${address})$`),
  description: "an IPv4 address or %",
});
/** An IPv4 range (R69). */
export const cidr = string({
  rule: "acl-cidr",
  source: "R69 [api]",
  pattern: new RegExp(`^${address}/(?:3[0-2]|[12]?\\d)$`),
  description: "an IPv4 range in CIDR form, as 10.0.0.0/8",
});

/** Databases to create (§1.1). */
export const databases = list<InputOf<"createDatabases">["databases"][number]>({
  rule: "databases-shape",
  source: "§1.1 [api]",
  of: record<InputOf<"createDatabases">["databases"][number]>({
    rule: "databases-shape",
    source: "§1.1 [api]",
    of: {
      name: required(databaseName),
      characterSet: optional(string({ rule: "databases-shape", source: "§1.1 [api]" })),
      collate: optional(string({ rule: "databases-shape", source: "§1.1 [api]" })),
    },
  }),
});
/** Users to create (§1.1). */
export const users = list<InputOf<"createUsers">["users"][number]>({
  rule: "users-shape",
  source: "§1.1 [api]",
  of: record<InputOf<"createUsers">["users"][number]>({
    rule: "users-shape",
    source: "§1.1 [api]",
    of: {
      name: required(userName),
      password: required(forgotten(password)),
      host: optional(host),
      databases: optional(list({ rule: "users-shape", source: "§1.1 [api]", of: databaseName })),
    },
  }),
});

/** Input of every new instance. */
export const newInstance: RecordFields<InputOf<"createInstance">> = {
  name: optional(name),
  flavorId: required(flavorId),
  volumeGb: required(volumeGb),
  datastore: optional(datastore),
  configurationId: optional(
    string({
      rule: "configuration-id",
      source: "R18 [api]",
      description: "the id of a configuration group",
    }),
  ),
  databases: optional(databases),
  users: optional(users),
  restoreFrom: optional(idField),
  label: optional(label),
  ...placeFields,
};

/** The day of the full backup; 7 means every day (R102). */
export const dayOfWeek = integer({ rule: "schedule-day", source: "R102 [docs]", min: 0, max: 7 });
/** An hour in UTC. */
export const hour = integer({ rule: "schedule-hour", source: "R102 [docs]", min: 0, max: 23 });
/** A minute. */
export const minute = integer({ rule: "schedule-minute", source: "R102 [docs]", min: 0, max: 59 });
/** Number of full backups that a schedule keeps (R102). */
export const fullBackupRetention = integer({
  rule: "schedule-retention",
  source: "R102 [howto]",
  min: "minFullBackupRetention",
  max: 1000,
  unit: "full backups",
});
/** Regions that get a copy of a backup (§1.8). */
export const copyTo = list({
  rule: "schedule-regions",
  source: "§1.8 [docs]",
  of: enumOf({
    rule: "schedule-regions",
    source: "§1.8 [docs]",
    of: ["DFW", "IAD", "ORD", "HKG", "SYD"],
  }),
  countMax: 5,
});

/** The configuration of a command. */
export const configurationId = required(idField);
/** The group of a command. */
export const groupId = required(idField);
/** Input of every node of a group. */
export const nodeFields: RecordFields<InputOf<"createHaGroup">["source"]> = {
  name: optional(name),
  flavorId: required(flavorId),
  volumeGb: required(volumeGb),
  label: optional(label),
  ...placeFields,
};
/** One node of a new group. */
export const node = record<InputOf<"createHaGroup">["source"]>({
  rule: "node-shape",
  source: "§4.3 [docs]",
  of: nodeFields,
});
/** Networks of a group (R68). */
export const networks = list({
  rule: "known-network",
  source: "R68 [docs]",
  of: enumOf<Network>({
    rule: "known-network",
    source: "R68 [docs]",
    of: ["public", "servicenet"],
  }),
});
/** IPv4 ranges that may connect to a group (R69). */
export const acls = list({ rule: "acl-cidr", source: "R69 [api]", of: cidr });
/** Kind of the owner of a schedule or a backup (§1.8). */
export const ownerKind = enumOf<OwnerKind>({
  rule: "schedule-owner",
  source: "§1.8 [docs]",
  of: ["instance", "ha"],
});

/** A secret is validated and then masked, so that no journal, snapshot or error contains it. */
function forgotten(secret: Field<string>): Field<string> {
  const mask = "********";
  return {
    ...secret,
    read: (value, path, { limits, issues }) => {
      // A journal contains the mask itself, and must be accepted again.
      if (value === mask) return mask;
      const found: InputIssue[] = [];
      if (secret.read(value, path, { limits, issues: found }) !== undefined) return mask;
      for (const issue of found) {
        issues.push(typeof issue.value === "string" ? { ...issue, value: mask } : issue);
      }
      return undefined;
    },
  };
}
