import type {
  CommandInputs,
  CommandType,
  DatabaseInput,
  DatastoreInput,
  UserInput,
} from "./commands.js";
import type { Network, OwnerKind } from "./entities.js";
import type { InputIssue } from "./errors.js";
import {
  choice,
  type Field,
  flag,
  list,
  number,
  optional,
  type RecordFields,
  readAs,
  record,
  required,
  text,
  whole,
} from "./fields.js";
import type { TaskKind } from "./statuses.js";

const idField = text({
  rule: "id-text",
  source: "§4 [api]",
  says: "the id of an instance, a group or a schedule, as text",
});
const instanceId = required(idField);

const flavorId = readAs(
  text({
    rule: "flavor-id",
    source: "R1 Q2 [api]",
    says: "the id of a flavor, as text or as a whole number",
  }),
  (value) => (Number.isSafeInteger(value) ? String(value) : value),
);
const volumeGb = whole({
  rule: "volume-size",
  source: "R2 [api]",
  min: 1,
  max: "volumeGbMax",
  unit: "gigabytes",
});
const name = text({ rule: "name-length", source: "R3 R62 [api]", lengthMax: "nameLengthMax" });

const datastore = record<DatastoreInput>({
  rule: "datastore-shape",
  source: "§1.1 [api]",
  of: {
    type: optional(text({ rule: "datastore-shape", source: "§1.1 [api]" })),
    version: optional(text({ rule: "datastore-shape", source: "§1.1 [api]" })),
  },
});

// Letters, digits and _ anywhere; @ ? # and blank inside only; a dot in the names of users alone (§1.1 [docs]).
const databaseName = text({
  rule: "database-name",
  source: "§1.1 [docs]",
  lengthMax: "databaseNameLengthMax",
  pattern: /^(?!(?:information_schema|mysql)$)\w(?:[\w@?# ]*\w)?$/,
  says: "letters, digits and _ (inside also @ ? # and blank), at most 64 characters, none of the names that MySQL keeps for itself",
});
const userName = text({
  rule: "user-name",
  source: "§1.1 [docs]",
  lengthMax: "userNameLengthMax",
  pattern: /^(?!root$)[\w.](?:[\w.@?# ]*[\w.])?$/,
  says: "letters, digits, dot and _ (inside also @ ? # and blank), at most 16 characters, and not root",
});
const password = text({
  rule: "user-password",
  source: "§1.1 [docs]",
  pattern: /^\w(?:[\w@?# ]*\w)?$/,
  says: "letters, digits and _ (inside also @ ? # and blank)",
});
const octet = "(?:25[0-5]|2[0-4]\\d|1\\d\\d|[1-9]?\\d)";
const address = `${octet}(?:\\.${octet}){3}`;
const host = text({
  rule: "user-host",
  source: "§1.1 [api]",
  pattern: new RegExp(`^(?:%|${address})$`),
  says: "an IPv4 address or %",
});
const cidr = text({
  rule: "acl-cidr",
  source: "R69 [api]",
  pattern: new RegExp(`^${address}/(?:3[0-2]|[12]?\\d)$`),
  says: "an IPv4 range in CIDR form, as 10.0.0.0/8",
});

const databases = list<DatabaseInput>({
  rule: "databases-shape",
  source: "§1.1 [api]",
  of: record<DatabaseInput>({
    rule: "databases-shape",
    source: "§1.1 [api]",
    of: {
      name: required(databaseName),
      characterSet: optional(text({ rule: "databases-shape", source: "§1.1 [api]" })),
      collate: optional(text({ rule: "databases-shape", source: "§1.1 [api]" })),
    },
  }),
});
const users = list<UserInput>({
  rule: "users-shape",
  source: "§1.1 [api]",
  of: record<UserInput>({
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

const newInstance: RecordFields<CommandInputs["createInstance"]> = {
  name: optional(name),
  flavorId: required(flavorId),
  volumeGb: required(volumeGb),
  datastore: optional(datastore),
  configurationId: optional(
    text({
      rule: "configuration-id",
      source: "R18 [api]",
      says: "the id of a configuration group",
    }),
  ),
  databases: optional(databases),
  users: optional(users),
};

const dayOfWeek = whole({ rule: "schedule-day", source: "R102 [docs]", min: 0, max: 7 });
const hour = whole({ rule: "schedule-hour", source: "R102 [docs]", min: 0, max: 23 });
const minute = whole({ rule: "schedule-minute", source: "R102 [docs]", min: 0, max: 59 });
const fullBackupRetention = whole({
  rule: "schedule-retention",
  source: "R102 [howto]",
  min: "fullBackupRetentionMin",
  max: 1000,
  unit: "full backups",
});
const copyTo = list({
  rule: "schedule-regions",
  source: "§1.8 [docs]",
  of: choice({
    rule: "schedule-regions",
    source: "§1.8 [docs]",
    of: ["DFW", "IAD", "ORD", "HKG", "SYD"],
  }),
  countMax: 5,
});

const taskKinds: Readonly<Record<TaskKind, true>> = {
  build: true,
  restart: true,
  reboot: true,
  resizeFlavor: true,
  resizeVolume: true,
  detach: true,
  delete: true,
  connect: true,
  convert: true,
  detectFailure: true,
  failover: true,
  forceFailover: true,
  disableFailover: true,
  enableFailover: true,
  updateProxyNodes: true,
  startBackup: true,
  runBackup: true,
  deleteBackup: true,
};

const onInstance = input<CommandInputs["restartInstance"]>({ instanceId });

/** What each command takes: the one schema of the project. Docs, arbitraries and the HTTP schemas read it too. */
export const commandFields: { readonly [K in CommandType]: Field<CommandInputs[K]> } = {
  createInstance: input(newInstance),
  createReplica: input({ ...newInstance, replicaOf: instanceId }),
  renameInstance: input({ instanceId, name: required(name) }),
  restartInstance: onInstance,
  resizeFlavor: input({ instanceId, flavorId: required(flavorId) }),
  resizeVolume: input({ instanceId, volumeGb: required(volumeGb) }),
  deleteInstance: onInstance,
  detachReplica: input({ instanceId, replicaOf: optional(idField), name: optional(name) }),
  convertToHa: input({
    instanceId,
    name: required(name),
    networks: optional(
      list({
        rule: "known-network",
        source: "R68 [docs]",
        of: choice<Network>({
          rule: "known-network",
          source: "R68 [docs]",
          of: ["public", "servicenet"],
        }),
      }),
    ),
    acls: optional(list({ rule: "acl-cidr", source: "R69 [api]", of: cidr })),
  }),
  addAcl: input({ groupId: required(idField), address: required(cidr) }),
  deleteAcl: input({ groupId: required(idField), address: required(idField) }),
  createSchedule: input({
    ownerKind: optional(
      choice<OwnerKind>({ rule: "schedule-owner", source: "§1.8 [docs]", of: ["instance", "ha"] }),
    ),
    ownerId: required(idField),
    dayOfWeek: optional(dayOfWeek),
    hour: optional(hour),
    minute: optional(minute),
    fullBackupRetention: optional(fullBackupRetention),
    copyTo: optional(copyTo),
  }),
  updateSchedule: input({
    scheduleId: required(idField),
    dayOfWeek: optional(dayOfWeek),
    hour: optional(hour),
    minute: optional(minute),
    fullBackupRetention: optional(fullBackupRetention),
    copyTo: optional(copyTo),
  }),
  deleteSchedule: input({ scheduleId: required(idField) }),
  setDataSize: input({
    instanceId,
    usedGb: required(number({ rule: "data-size", source: "§1.2 [inferred]", min: 0 })),
  }),
  failTask: input({
    task: required(
      choice({ rule: "task-kind", source: "§11", of: Object.keys(taskKinds) as TaskKind[] }),
    ),
    of: optional(idField),
    skip: optional(whole({ rule: "fault-count", source: "§11", min: 0, max: 1_000_000 })),
    times: optional(whole({ rule: "fault-count", source: "§11", min: 1, max: 1_000_000 })),
    atPreparation: optional(flag({ rule: "fault-kind", source: "§11 T4" })),
    message: optional(text({ rule: "fault-message", source: "§11" })),
  }),
};

function input<T extends object>(of: RecordFields<T>): Field<T> {
  return record<T>({ rule: "input-shape", source: "R1 R26 R40 [api]", of });
}

/** A secret is checked, then masked, so that no journal, snapshot or error ever holds it. */
function forgotten(secret: Field<string>): Field<string> {
  const mask = "********";
  return {
    ...secret,
    read: (value, path, { limits, issues }) => {
      const found: InputIssue[] = [];
      if (secret.read(value, path, { limits, issues: found }) !== undefined) return mask;
      for (const issue of found) {
        issues.push(typeof issue.value === "string" ? { ...issue, value: mask } : issue);
      }
      return undefined;
    },
  };
}
