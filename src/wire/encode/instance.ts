import { hostnameOf, ipOf } from "../../model/addresses.js";
import type { OperationError } from "../../model/rows.js";
import type { Instance } from "../../service/instances/instance.model.js";
import { linksOfReplicas, timestamp, type WireContext } from "../context.js";
import type { Json, JsonObject } from "../json.js";

/*
 * Members are added to one object, one after the other: objects that are spread together, and then copied without what
 * is undefined, take three times as long.
 */
type Members = Record<string, Json>;

/** An instance as its creation answers: no address yet, but a stand-alone one has its hostname (§1.2). */
export function createdInstance(instance: Instance, context: WireContext): JsonObject {
  const json = identity(instance, context);
  addTimes(json, instance, context);
  const showsHostname = instance.sourceId === null && context.addressStyle !== "ip";
  if (showsHostname) json["hostname"] = hostnameOf(instance);
  addSize(json, instance, context);
  addKnown(json, "configuration", configurationOf(instance, context));
  addKnown(json, "replica_of", replicaOf(instance, context));
  return json;
}

/** An instance as listings show it (§1.2). */
export function listedInstance(instance: Instance, context: WireContext): JsonObject {
  const json = identity(instance, context);
  addAddress(json, instance, context);
  addSize(json, instance, context);
  addKnown(json, "ha_id", instance.groupId ?? undefined);
  addKnown(json, "replica_of", replicaOf(instance, context));
  addKnown(json, "replicas", replicasOf(instance, context, { named: true }));
  return json;
}

/** All about an instance. Its replicas have names where it is a member of an HA group, as the samples show (Q11). */
export function instanceDetails(instance: Instance, context: WireContext): JsonObject {
  const { scheduleId, lastError: fault, groupId, volumeGb, usedGb } = instance;
  const json = identity(instance, context);
  addTimes(json, instance, context);
  addAddress(json, instance, context);
  addSize(json, instance, context);
  json["volume"] = showsUse(instance) ? { size: volumeGb, used: usedGb } : { size: volumeGb };
  addKnown(json, "configuration", configurationOf(instance, context));
  if (scheduleId !== null) json["schedule"] = { enabled: true };
  addKnown(json, "ha_id", groupId ?? undefined);
  addKnown(json, "replica_of", replicaOf(instance, context));
  addKnown(json, "replicas", replicasOf(instance, context, { named: groupId !== null }));
  if (fault !== null) json["fault"] = faultOf(fault, context);
  return json;
}

/** A node in the body of an HA group, with links that the API document leaves empty (Q4). */
export function haNode(instance: Instance, context: WireContext): JsonObject {
  const { id, flavorId, groupId } = instance;
  const links = (resource: string, of: string): Json =>
    context.haNodeLinks === "array" ? linksOfReplicas(resource, of, context) : {};
  const json = identity(instance, context);
  json["links"] = links("instances", id);
  addAddress(json, instance, context);
  addSize(json, instance, context);
  json["flavor"] = { id: flavorId, links: links("flavors", flavorId) };
  addKnown(json, "ha_id", groupId ?? undefined);
  addKnown(json, "replica_of", replicaOf(instance, context));
  addKnown(json, "replicas", replicasOf(instance, context, { named: true }));
  return json;
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

function identity({ id, name, status }: Instance, context: WireContext): Members {
  const word = context.dialect.statusWords.instance(status);
  return { id, name, status: word, links: linksOfReplicas("instances", id, context) };
}

function addKnown(json: Members, name: string, value: Json | undefined): void {
  if (value !== undefined) json[name] = value;
}

function addTimes(json: Members, { createdAt, updatedAt }: Instance, context: WireContext): void {
  json["created"] = timestamp(createdAt, context);
  json["updated"] = timestamp(updatedAt, context);
}

function addSize(json: Members, instance: Instance, context: WireContext): void {
  const { flavorId, volumeGb, datastoreType, datastoreVersion } = instance;
  json["volume"] = { size: volumeGb };
  json["flavor"] = { id: flavorId, links: linksOfReplicas("flavors", flavorId, context) };
  json["datastore"] = { type: datastoreType, version: datastoreVersion };
}

/** An instance has its address from the end of its build on (T2, Q5). */
function addAddress(json: Members, instance: Instance, { addressStyle }: WireContext): void {
  if (instance.status === "BUILD" || neverBuilt(instance)) return;
  const documented = instance.groupId === null ? "ip" : "hostname";
  const style = addressStyle === "documented" ? documented : addressStyle;
  if (style !== "hostname") json["ip"] = [ipOf(instance)];
  if (style !== "ip") json["hostname"] = hostnameOf(instance);
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
