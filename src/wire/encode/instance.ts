import { hostnameOf, ipOf } from "../../model/addresses.js";
import type { OperationError } from "../../model/rows.js";
import type { Instance } from "../../service/instances/instance.model.js";
import { linksOfReplicas, timestamp, type WireContext } from "../context.js";
import { type Json, type JsonObject, omitUndefined } from "../json.js";

/** An instance as its creation answers: no address yet, but a stand-alone one has its hostname (§1.2). */
export function createdInstance(instance: Instance, context: WireContext): JsonObject {
  const showsHostname = instance.sourceId === null && context.addressStyle !== "ip";
  return omitUndefined({
    ...identity(instance, context),
    ...times(instance, context),
    hostname: showsHostname ? hostnameOf(instance) : undefined,
    ...size(instance, context),
    configuration: configurationOf(instance, context),
    replica_of: replicaOf(instance, context),
  });
}

/** An instance as listings show it (§1.2). */
export function listedInstance(instance: Instance, context: WireContext): JsonObject {
  return omitUndefined({
    ...identity(instance, context),
    ...address(instance, context),
    ...size(instance, context),
    ha_id: instance.groupId ?? undefined,
    replica_of: replicaOf(instance, context),
    replicas: replicasOf(instance, context, { named: true }),
  });
}

/** All about an instance. Its replicas have names where it is a member of an HA group, as the samples show (Q11). */
export function instanceDetails(instance: Instance, context: WireContext): JsonObject {
  const { scheduleId, lastError: fault, groupId } = instance;
  return omitUndefined({
    ...identity(instance, context),
    ...times(instance, context),
    ...address(instance, context),
    ...size(instance, context),
    volume: showsUse(instance)
      ? { size: instance.volumeGb, used: instance.usedGb }
      : { size: instance.volumeGb },
    configuration: configurationOf(instance, context),
    schedule: scheduleId === null ? undefined : { enabled: true },
    ha_id: groupId ?? undefined,
    replica_of: replicaOf(instance, context),
    replicas: replicasOf(instance, context, { named: groupId !== null }),
    fault: fault === null ? undefined : faultOf(fault, context),
  });
}

/** A node in the body of an HA group, with links that the API document leaves empty (Q4). */
export function haNode(instance: Instance, context: WireContext): JsonObject {
  const { id, flavorId, groupId } = instance;
  const links = (resource: string, of: string): Json =>
    context.haNodeLinks === "array" ? linksOfReplicas(resource, of, context) : {};
  return omitUndefined({
    ...identity(instance, context),
    links: links("instances", id),
    ...address(instance, context),
    ...size(instance, context),
    flavor: { id: flavorId, links: links("flavors", flavorId) },
    ha_id: groupId ?? undefined,
    replica_of: replicaOf(instance, context),
    replicas: replicasOf(instance, context, { named: true }),
  });
}

/** Why an accepted operation went wrong (§5). */
export function faultOf({ task, message, createdAt }: OperationError, context: WireContext): Json {
  return {
    code: context.dialect.errors.statusByCode.instanceFault,
    message,
    created: timestamp(createdAt, context),
    details: `task ${task}`,
  };
}

/** A configuration as others refer to it, or undefined where there is none. */
export function configurationOf(
  { configurationId }: { readonly configurationId: string | null },
  context: WireContext,
): Json | undefined {
  if (configurationId === null) return undefined;
  return {
    id: configurationId,
    name: context.view.configuration(configurationId)?.name ?? configurationId,
    links: linksOfReplicas("configurations", configurationId, context),
  };
}

type Members = Readonly<Record<string, Json | undefined>>;

function identity({ id, name, status }: Instance, context: WireContext): Members {
  const word = context.dialect.statusWords.instance(status);
  return { id, name, status: word, links: linksOfReplicas("instances", id, context) };
}

function times({ createdAt, updatedAt }: Instance, context: WireContext): Members {
  return { created: timestamp(createdAt, context), updated: timestamp(updatedAt, context) };
}

function size(instance: Instance, context: WireContext): Members {
  const { flavorId, volumeGb, datastoreType, datastoreVersion } = instance;
  return {
    volume: { size: volumeGb },
    flavor: { id: flavorId, links: linksOfReplicas("flavors", flavorId, context) },
    datastore: { type: datastoreType, version: datastoreVersion },
  };
}

/** An instance has its address from the end of its build on (T2, Q5). */
function address(instance: Instance, { addressStyle }: WireContext): Members {
  if (instance.status === "BUILD" || neverBuilt(instance)) return {};
  const documented = instance.groupId === null ? "ip" : "hostname";
  const style = addressStyle === "documented" ? documented : addressStyle;
  return {
    ip: style === "hostname" ? undefined : [ipOf(instance)],
    hostname: style === "ip" ? undefined : hostnameOf(instance),
  };
}

function neverBuilt({ status, lastError: fault }: Instance): boolean {
  return status === "ERROR" && fault?.task === "build";
}

/** The service does not report the used volume while its instance is not up (§1.2, invariant 9). */
function showsUse({ status }: Instance): boolean {
  switch (status) {
    case "BUILD":
    case "REBOOT":
    case "RESIZE":
    case "ERROR":
    case "FAILED":
    case "DELETION_PENDING":
      return false;
    default:
      return true;
  }
}

function replicaOf({ sourceId }: Instance, context: WireContext): Json | undefined {
  return sourceId === null
    ? undefined
    : { id: sourceId, links: linksOfReplicas("instances", sourceId, context) };
}

function replicasOf(
  source: Instance,
  context: WireContext,
  { named }: { readonly named: boolean },
): Json | undefined {
  if (source.replicaIds.length === 0) return undefined;
  return context.view.replicasOf(source).map(({ id, name }) => ({
    id,
    ...(named ? { name } : {}),
    links: linksOfReplicas("instances", id, context),
  }));
}
