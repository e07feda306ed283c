import { InvalidInputError, ReplicationError } from "../../domain/errors.js";
import { convertedGroup } from "../encode/group.js";
import { createdInstance, instanceDetails, listedInstance } from "../encode/instance.js";
import { as, idle, inside, list, object, value, wrapped } from "../form.js";
import type { JsonObject } from "../json.js";
import { accepting, bodyOf, type Call, execute, type Operation } from "../operation.js";
import { includes, pageAsked, pageBody, paged } from "../paging.js";
import { datastore, flavorReference, gigabytes, reference } from "../readings.js";
import { databaseForm, userForm } from "./databases.js";

const volume = inside({
  size: as("volumeGb", gigabytes),
  type: idle((type) => type === "", "null or empty: the service has one type of volume"),
});

const newInstance = object(
  {
    instance: inside({
      name: as("name"),
      flavorRef: as("flavorId", flavorReference),
      volume,
      replica_of: as("replicaOf", value(), { required: false }),
      slave_of: as(
        "replicaOf",
        value((id) => (id === "" ? undefined : id)),
        { required: false },
      ),
      configuration: as("configurationId", reference),
      datastore: as("datastore", datastore),
      databases: as("databases", list(databaseForm)),
      users: as("users", list(userForm)),
      restorePoint: inside({ backupRef: as("restoreFrom", reference) }, { needs: ["backupRef"] }),
      replica_count: idle((count) => count === 1, "1: a request makes one instance"),
    }),
  },
  { needs: ["instance"] },
);

// "" and null both end replication; the key alone says what is meant (R31, R32).
const cleared = value(undefined, { type: ["string", "null"], minLength: 0 });
const changedInstance = object(
  {
    instance: inside({
      name: as("name"),
      replica_of: as("replicaOf", cleared, { takesNull: true }),
      slave_of: as("slaveOf", cleared, { takesNull: true }),
      configuration: as("configurationId", reference, { takesNull: true, required: false }),
    }),
  },
  { needs: ["instance"] },
);

/** Instances, sources and replicas. */
export const instanceOperations: readonly Operation[] = [
  {
    id: "createInstance",
    method: "POST",
    path: "/instances",
    summary: "Create an instance, or with replica_of a replica, or with restorePoint from a backup",
    source: "API document: Create replica; §1.1 [api]",
    query: [],
    success: 200,
    body: bodyOf(newInstance, "createReplica"),
    handle: (call) => {
      const isReplica = call.input["replicaOf"] !== undefined;
      const made = isReplica ? execute(call, "createReplica") : execute(call, "createInstance");
      return { instance: createdInstance(made, call.context) };
    },
  },
  {
    id: "listInstances",
    method: "GET",
    path: "/instances",
    summary: "List all instances, sources and replicas",
    source: "API document: List all replicas and replica source database instances",
    query: [
      {
        name: "include_replicas",
        says: "false leaves replicas out.",
        schema: { type: "string" },
      },
      {
        name: "include_ha",
        says: "false leaves members of HA groups out.",
        schema: { type: "string" },
      },
      ...paged,
    ],
    success: 200,
    handle: (call) => {
      const page = call.account.listInstances({
        ...pageAsked(call),
        includeReplicas: includes(call.query["include_replicas"]),
        includeHa: includes(call.query["include_ha"]),
      });
      return pageBody(call, page, {
        name: "instances",
        item: (instance) => listedInstance(instance, call.context),
      });
    },
  },
  {
    id: "getInstance",
    method: "GET",
    path: "/instances/{instanceId}",
    summary: "Show an instance, with its source or its replicas",
    source: "API document: List replica source, List replica details",
    query: [],
    success: 200,
    handle: ({ account, context, parameters }) => {
      const instance = account.getInstance(parameters["instanceId"] ?? "");
      return { instance: instanceDetails(instance, context) };
    },
  },
  {
    id: "listReplicas",
    method: "GET",
    path: "/instances/{instanceId}/replicas",
    summary: "List the replicas of a source",
    source: "API document: List replicas for source instance",
    query: [],
    success: 200,
    handle: ({ account, context, parameters }) => ({
      instances: account
        .listReplicas(parameters["instanceId"] ?? "")
        .map((replica) => listedInstance(replica, context)),
    }),
  },
  {
    id: "changeInstance",
    method: "PATCH",
    path: "/instances/{instanceId}",
    summary: "Detach a replica, rename an instance, or both",
    source: "API document: Detach replica; R30-R40",
    query: [],
    success: 202,
    body: bodyOf(changedInstance, "attachConfiguration", "detachReplica"),
    handle: changeInstance,
  },
  {
    id: "configureInstance",
    method: "PUT",
    path: "/instances/{instanceId}",
    summary: "Attach a configuration, or detach it",
    source: "§4.2 [docs]; R41",
    query: [],
    success: 202,
    body: bodyOf(changedInstance, "attachConfiguration", "detachReplica"),
    handle: configureInstance,
  },
  {
    id: "deleteInstance",
    method: "DELETE",
    path: "/instances/{instanceId}",
    summary: "Delete an instance",
    source: "§4.2 [docs]",
    query: [],
    success: 202,
    handle: accepting("deleteInstance"),
  },
];

const action = {
  method: "POST",
  path: "/instances/{instanceId}/action",
  query: [],
  success: 202,
} as const;

/** What is done to instances through `/action`. */
export const instanceActions: readonly Operation[] = [
  {
    ...action,
    id: "convertToHa",
    action: "convert_to_ha",
    summary: "Convert a replication set, named by its source or a replica, to an HA group",
    source: "API document: Convert replication setup to HA",
    body: bodyOf(
      object({
        convert_to_ha: inside({
          name: as("name"),
          networks: as("networks"),
          acls: as("acls", list(wrapped("address"))),
        }),
      }),
      "convertToHa",
    ),
    handle: (call) => {
      const { view } = call.context;
      const named = view.instance(call.parameters["instanceId"] ?? "");
      const source = named && (view.instance(named.sourceId ?? "") ?? named);
      const before = source === undefined ? [] : [source, ...view.replicasOf(source)];
      const group = execute(call, "convertToHa");
      return { ha_instance: convertedGroup(group, before, call.context) };
    },
  },
  {
    ...action,
    id: "restartInstance",
    action: "restart",
    summary: "Restart the database service of an instance",
    source: "§4.2 [docs]",
    body: bodyOf(object({ restart: inside({}) }), "restartInstance"),
    handle: accepting("restartInstance"),
  },
  {
    ...action,
    id: "resizeInstance",
    action: "resize",
    summary: "Move an instance to another flavor, or make its volume larger",
    source: "§4.2 [docs]",
    body: bodyOf(
      object({
        resize: inside({
          flavorRef: as("flavorId", flavorReference, { required: false }),
          volume: { ...volume, required: false },
        }),
      }),
      "resizeFlavor",
      "resizeVolume",
    ),
    handle: (call) => {
      const { flavorId, volumeGb } = call.input;
      if ((flavorId === undefined) === (volumeGb === undefined)) {
        throw refused("resize", "either flavorRef or volume.size, one of them at a time");
      }
      if (flavorId === undefined) execute(call, "resizeVolume");
      else execute(call, "resizeFlavor");
    },
  },
];

/** Both happen, the detachment after everything was checked, so that a refused one renames nothing (R38). */
function changeInstance(call: Call): JsonObject | undefined {
  const { name, configurationId } = call.input;
  const detaches = isNamed(call, "replicaOf") || isNamed(call, "slaveOf");
  if (isNamed(call, "configurationId")) {
    if (detaches || name !== undefined) {
      throw refused(
        "instance",
        "one of configuration and replica_of, name in a request of its own",
      );
    }
    attachOrDetach(call, configurationId);
  } else if (detaches) detach(call);
  else if (name === undefined) throw refused("instance", "a name or an empty replica_of");
  else execute(call, "renameInstance");
  return undefined;
}

/** Only for configurations, but today's command-line client detaches replicas by PUT (R41). */
function configureInstance(call: Call): JsonObject | undefined {
  const { name, configurationId, replicaOf, slaveOf } = call.input;
  if (name !== undefined) throw refused("instance.name", "changed by PATCH");
  if (!isNamed(call, "replicaOf") && !isNamed(call, "slaveOf")) {
    attachOrDetach(call, configurationId);
    return undefined;
  }
  if (isNamed(call, "configurationId") || !isEmpty(replicaOf) || !isEmpty(slaveOf)) {
    throw refused("instance.replica_of", "empty and alone here; PATCH takes more");
  }
  detach(call);
  return undefined;
}

function attachOrDetach(call: Call, configurationId: unknown): void {
  if (isEmpty(configurationId)) detachConfiguration(call);
  else execute(call, "attachConfiguration");
}

function detachConfiguration(call: Call): void {
  execute({ ...call, input: {} }, "detachConfiguration");
}

function detach(call: Call): void {
  const { name, replicaOf, slaveOf } = call.input;
  const from = isEmpty(replicaOf) ? slaveOf : replicaOf;
  const input = {
    ...(name === undefined ? {} : { name }),
    ...(isEmpty(from) ? {} : { replicaOf: from }),
  };
  execute({ ...call, input }, "detachReplica");
}

function isNamed({ input }: Call, field: string): boolean {
  return Object.hasOwn(input, field);
}

function isEmpty(value: unknown): boolean {
  return value === undefined || value === null || value === "";
}

function refused(field: string, expected: string): ReplicationError {
  return new InvalidInputError([{ field, value: undefined, expected, rule: "body-shape" }]);
}
