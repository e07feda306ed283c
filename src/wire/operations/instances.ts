import { RuleViolationError } from "../../model/errors.js";
import { as, list, nested, object, unwrap } from "../bodyParser.js";
import { flavorReference } from "../coercions.js";
import { convertedGroup } from "../encode/group.js";
import { createdInstance, instanceDetails, listedInstance } from "../encode/instance.js";
import {
  acceptCommand,
  bodyOf,
  type Call,
  execute,
  type Operation,
  parameter,
} from "../operation.js";
import { includes, pageBody, paged, parsePage } from "../paging.js";
import { changedInstance, newInstance, volume } from "../requestBodies.js";
import { answer, answerAll, answerPage } from "../schemaParts.js";

/** Instances, sources and replicas. */
export const instanceOperations: readonly Operation[] = [
  {
    id: "createInstance",
    method: "POST",
    path: "/instances",
    summary: "Create an instance, or with replica_of a replica, or with restorePoint from a backup",
    source: "API document: Create replica; §1.1 [api]",
    success: 200,
    body: bodyOf(newInstance, "createReplica"),
    response: answer("instance", "CreatedInstance"),
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
        description: "false leaves replicas out.",
        schema: { type: "string" },
      },
      {
        name: "include_ha",
        description: "false leaves members of HA groups out.",
        schema: { type: "string" },
      },
      ...paged,
    ],
    success: 200,
    response: answerPage("instances", "ListedInstance"),
    handle: (call) => {
      const page = call.account.listInstances({
        ...parsePage(call),
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
    success: 200,
    response: answer("instance", "InstanceDetails"),
    handle: (call) => {
      const instance = call.account.getInstance(parameter(call, "instanceId"));
      return { instance: instanceDetails(instance, call.context) };
    },
  },
  {
    id: "listReplicas",
    method: "GET",
    path: "/instances/{instanceId}/replicas",
    summary: "List the replicas of a source",
    source: "API document: List replicas for source instance",
    success: 200,
    response: answerAll("instances", "ListedInstance"),
    handle: (call) => ({
      instances: call.account
        .listReplicas(parameter(call, "instanceId"))
        .map((replica) => listedInstance(replica, call.context)),
    }),
  },
  {
    id: "changeInstance",
    method: "PATCH",
    path: "/instances/{instanceId}",
    summary: "Detach a replica, rename an instance, or both",
    source: "API document: Detach replica; R30-R40",
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
    success: 202,
    handle: acceptCommand("deleteInstance"),
  },
];

const action = {
  method: "POST",
  path: "/instances/{instanceId}/action",
  success: 202,
} as const;

/** Actions of instances at `/action`. */
export const instanceActions: readonly Operation[] = [
  {
    ...action,
    id: "convertToHa",
    action: "convert_to_ha",
    summary: "Convert a replication set, named by its source or a replica, to an HA group",
    source: "API document: Convert replication setup to HA",
    body: bodyOf(
      object(
        {
          convert_to_ha: nested({
            name: as("name"),
            networks: as("networks"),
            acls: as("acls", list(unwrap("address"))),
          }),
        },
        { needs: ["convert_to_ha"] },
      ),
      "convertToHa",
    ),
    response: answer("ha_instance", "ConvertedGroup"),
    handle: (call) => {
      const { view } = call.context;
      const named = view.instance(parameter(call, "instanceId"));
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
    body: bodyOf(object({ restart: nested({}) }, { needs: ["restart"] }), "restartInstance"),
    handle: acceptCommand("restartInstance"),
  },
  {
    ...action,
    id: "resizeInstance",
    action: "resize",
    summary: "Move an instance to another flavor, or make its volume larger",
    source: "§4.2 [docs]",
    body: bodyOf(
      object(
        {
          resize: nested({
            flavorRef: as("flavorId", flavorReference, { required: false }),
            volume: { ...volume, required: false },
          }),
        },
        { needs: ["resize"] },
      ),
      "resizeFlavor",
      "resizeVolume",
    ),
    handle: (call) => {
      const { flavorId, volumeGb } = call.input;
      if ((flavorId === undefined) === (volumeGb === undefined)) {
        throw refused("one-change", {
          field: "resize",
          message: "pass either flavorRef or volume.size, not both",
        });
      }
      if (flavorId === undefined) execute(call, "resizeVolume");
      else execute(call, "resizeFlavor");
    },
  },
];

/** The detachment checks everything first, so that a refused one renames nothing either (R38). */
function changeInstance(call: Call): undefined {
  const { name } = call.input;
  const detaches = isNamed(call, "replicaOf") || isNamed(call, "slaveOf");
  if (isNamed(call, "configurationId")) {
    if (detaches || name !== undefined) {
      throw refused("one-change", {
        field: "instance.configuration",
        message: "change the configuration in a separate request",
      });
    }
    attachOrDetach(call);
  } else if (detaches) {
    detach(call);
  } else if (name === undefined) {
    throw refused("update-not-empty", {
      field: "instance",
      message: "nothing to change: pass name, or replica_of to detach a replica",
    });
  } else execute(call, "renameInstance");
}

/** For configurations, but today's command-line client detaches replicas by PUT (R41). */
function configureInstance(call: Call): undefined {
  const { name, replicaOf, slaveOf } = call.input;
  if (name !== undefined) {
    throw refused("put-configures", {
      field: "instance.name",
      message: "PUT changes only the configuration; use PATCH to change the name",
    });
  }
  if (!isNamed(call, "replicaOf") && !isNamed(call, "slaveOf")) {
    attachOrDetach(call);
    return;
  }
  if (isNamed(call, "configurationId") || !isEmpty(replicaOf) || !isEmpty(slaveOf)) {
    throw refused("put-configures", {
      field: "instance.replica_of",
      message: "PUT changes only the configuration; use PATCH to detach a replica",
    });
  }
  detach(call);
}

function attachOrDetach(call: Call): void {
  if (isEmpty(call.input["configurationId"])) {
    execute({ ...call, input: {} }, "detachConfiguration");
  } else execute(call, "attachConfiguration");
}

function detach(call: Call): void {
  const { name, replicaOf, slaveOf } = call.input;
  if (!isEmpty(replicaOf) && !isEmpty(slaveOf) && replicaOf !== slaveOf) {
    throw refused("one-source", {
      field: "instance.slave_of",
      message: "slave_of is an alias of replica_of; omit it, or pass the same value in both",
    });
  }
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

function refused(rule: string, { field, message }: { field: string; message: string }) {
  return new RuleViolationError({ code: "badRequest", rule, field, message });
}
