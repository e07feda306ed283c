import type { ErrorCode } from "../model/errors.js";
import { httpStatusByCode } from "./faults.js";
import type { JsonSchema } from "./json.js";
import {
  closedObject,
  list,
  nullable,
  type Properties,
  positive,
  ref,
  text,
} from "./schemaParts.js";
import { statusSchemas } from "./statusSchemas.js";

/*
 * Schemas of what the API answers (JSON Schema 2020-12). Strict: a member that is not named here is a mistake, and
 * the tests hold every answer that they see against them.
 */

/** The parts that answers share, by name: `$defs` of a JSON Schema, components of an OpenAPI document. */
export const definitions: Readonly<Record<string, JsonSchema>> = {
  Id: { type: "string", minLength: 1 },
  Timestamp: {
    type: "string",
    pattern: "^\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\dZ?$",
    description: "UTC, whole seconds; with a Z only where the option asks for it",
  },
  Links: list(
    closedObject({ href: { type: "string" }, rel: { enum: ["self", "bookmark"] } }),
    2,
    2,
  ),
  NextLinks: list(closedObject({ href: { type: "string" }, rel: { const: "next" } }), 1, 1),
  Size: closedObject({ size: positive() }),
  Datastore: closedObject({ type: text(), version: text() }),
  FlavorReference: closedObject({ id: text(), links: ref("Links") }),
  InstanceReference: closedObject({ id: ref("Id"), links: ref("Links") }),
  NamedReference: closedObject({ id: ref("Id"), name: text(), links: ref("Links") }),
  ScheduleFlag: closedObject({ enabled: { type: "boolean" } }),
  Owner: closedObject({ type: { enum: ["instance", "ha"] }, id: ref("Id") }),
  OperationError: closedObject({
    code: { const: httpStatusByCode.instanceFault },
    message: text(),
    created: ref("Timestamp"),
    details: text(),
  }),
  ...statusSchemas,
  CreatedInstance: closedObject(
    {
      ...instance(),
      status: { const: "BUILD" },
      created: ref("Timestamp"),
      updated: ref("Timestamp"),
    },
    {
      hostname: text(),
      configuration: ref("NamedReference"),
      replica_of: ref("InstanceReference"),
    },
  ),
  ListedInstance: closedObject(instance(), {
    ...addresses(),
    ha_id: ref("Id"),
    replica_of: ref("InstanceReference"),
    replicas: list(ref("NamedReference"), 1),
  }),
  InstanceDetails: closedObject(
    {
      ...instance(),
      volume: closedObject({ size: positive() }, { used: { type: "number", minimum: 0 } }),
      created: ref("Timestamp"),
      updated: ref("Timestamp"),
    },
    {
      ...addresses(),
      configuration: ref("NamedReference"),
      schedule: ref("ScheduleFlag"),
      ha_id: ref("Id"),
      replica_of: ref("InstanceReference"),
      replicas: list({ anyOf: [ref("InstanceReference"), ref("NamedReference")] }, 1),
      fault: ref("OperationError"),
    },
  ),
  HaNode: closedObject(
    {
      ...instance(),
      links: maybeLinks(),
      flavor: closedObject({ id: text(), links: maybeLinks() }),
    },
    {
      ...addresses(),
      ha_id: ref("Id"),
      schedule: ref("ScheduleFlag"),
      replica_of: ref("InstanceReference"),
      replicas: list(ref("NamedReference"), 1),
    },
  ),
  FlavorNumberReference: closedObject({
    id: { type: ["integer", "string"] },
    links: ref("Links"),
  }),
  ListedGroup: closedObject(group()),
  ConvertedGroup: closedObject({ ...group(), ...members() }),
  GroupDetails: closedObject(
    { ...group(), ...members(), volume: ref("Size"), flavor: ref("FlavorNumberReference") },
    {
      configuration: { anyOf: [ref("NamedReference"), { type: "null" }] },
      schedule: ref("ScheduleFlag"),
      fault: ref("OperationError"),
    },
  ),
  Network: closedObject({
    access: { enum: ["read", "write"] },
    network: { enum: ["public", "servicenet"] },
    port: { enum: [3306, 3307] },
    address: text(),
  }),
  Address: closedObject({ address: text() }),
  Acl: closedObject({ type: { const: "ALLOW" }, address: text() }),
  Backup: closedObject({
    id: ref("Id"),
    name: text(),
    description: nullable("string"),
    status: ref("BackupStatus"),
    created: ref("Timestamp"),
    updated: ref("Timestamp"),
    size: nullable("number"),
    instance_id: nullable("string"),
    source: ref("Owner"),
    parent_id: nullable("string"),
    locationRef: nullable("string"),
    datastore: closedObject({ type: text(), version: text(), version_id: nullable("string") }),
    type: { enum: ["InnoBackupEx", "InnoBackupExIncremental"] },
    is_automated: { type: "boolean" },
    flavor_ram: nullable("integer"),
    volume_size: positive(),
  }),
  Schedule: closedObject(
    {
      id: ref("Id"),
      action: { const: "backup" },
      day_of_week: { type: "integer", minimum: 0, maximum: 7 },
      hour: { type: "integer", minimum: 0, maximum: 23 },
      minute: { type: "integer", minimum: 0, maximum: 59 },
      day_of_month: { type: "null" },
      month: { type: "null" },
      next_run: { anyOf: [ref("Timestamp"), { type: "null" }] },
      last_scheduled: { anyOf: [ref("Timestamp"), { type: "null" }] },
      created: ref("Timestamp"),
      updated: ref("Timestamp"),
    },
    {
      instance_id: ref("Id"),
      source: ref("Owner"),
      full_backup_retention: positive(),
      copy_to: list(text()),
      running: { type: "boolean" },
    },
  ),
  ListedConfiguration: closedObject(configuration()),
  Configuration: closedObject({
    ...configuration(),
    values: { type: "object", additionalProperties: { type: ["string", "number", "boolean"] } },
  }),
  NamedInstance: closedObject({ id: ref("Id"), name: text() }),
  Database: closedObject({ name: text() }),
  User: closedObject({ name: text(), host: text(), databases: list(ref("Database")) }),
  Flavor: closedObject({
    id: { type: ["integer", "string"] },
    name: text(),
    ram: positive(),
    links: ref("Links"),
  }),
  DatastoreVersionReference: closedObject({ id: text(), name: text(), links: ref("Links") }),
  DatastoreType: closedObject(
    {
      id: ref("Id"),
      name: text(),
      links: ref("Links"),
      versions: list(ref("DatastoreVersionReference")),
    },
    { default_version: text() },
  ),
  DatastoreVersion: closedObject({
    id: text(),
    name: text(),
    datastore: ref("Id"),
    links: ref("Links"),
    replication_supported: { type: "boolean" },
    ha_supported: { type: "boolean" },
    backup_supported: { type: "boolean" },
    scheduled_backup_supported: { type: "boolean" },
    configurations_supported: { type: "boolean" },
    databases_supported: { type: "boolean" },
    users_supported: { type: "boolean" },
    volumes_supported: { type: "boolean" },
    monitoring_supported: { type: "boolean" },
    at_rest_encryption_supported: { type: "boolean" },
    deprecated: { type: "boolean" },
    flavors: list(closedObject({ id: { type: ["integer", "string"] }, links: ref("Links") })),
  }),
  Fault: {
    type: "object",
    minProperties: 1,
    maxProperties: 1,
    properties: Object.fromEntries(
      (Object.entries(httpStatusByCode) as [ErrorCode, number][]).map(([fault, status]) => [
        fault,
        closedObject({ code: { const: status }, message: text() }, { details: text() }),
      ]),
    ),
    additionalProperties: false,
  },
};

function instance(): Properties {
  return {
    id: ref("Id"),
    name: text(),
    status: ref("InstanceStatus"),
    links: ref("Links"),
    volume: ref("Size"),
    flavor: ref("FlavorReference"),
    datastore: ref("Datastore"),
  };
}

function addresses(): Properties {
  return { ip: list(text(), 1), hostname: text() };
}

function group(): Properties {
  return { id: ref("Id"), name: text(), state: ref("GroupState"), datastore: ref("Datastore") };
}

function members(): Properties {
  return {
    tenant_id: text(),
    replica_source: list(ref("HaNode"), 0, 1),
    replicas: list(ref("HaNode")),
    networks: list(ref("Network")),
    acls: list(ref("Address")),
  };
}

function configuration(): Properties {
  return {
    id: ref("Id"),
    name: text(),
    description: nullable("string"),
    datastore_name: text(),
    datastore_version_name: text(),
    datastore_version_id: nullable("string"),
    created: ref("Timestamp"),
    updated: ref("Timestamp"),
  };
}

function maybeLinks(): JsonSchema {
  return { anyOf: [ref("Links"), closedObject({})] };
}
