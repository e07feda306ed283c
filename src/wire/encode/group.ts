import { groupHostnameOf } from "../../model/addresses.js";
import type { HaGroup } from "../../service/haGroups/haGroup.model.js";
import type { Instance } from "../../service/instances/instance.model.js";
import { linksOfReplicas, type WireContext } from "../context.js";
import { type Json, type JsonObject, omitUndefined } from "../json.js";
import { flavorNumber } from "./datastore.js";
import { configurationOf, faultOf, haNode } from "./instance.js";

const readPort = 3307;
const writePort = 3306;

/** A group as listings show it. */
export function listedGroup(
  { id, name, status, ...row }: HaGroup,
  { dialect }: WireContext,
): JsonObject {
  return { id, name, state: dialect.statusWords.group(status), datastore: datastoreOf(row) };
}

/**
 * A group as a conversion answers: the members still have the status that they had before, and carry the id of the
 * group already (Q10).
 */
export function convertedGroup(
  group: HaGroup,
  before: readonly Instance[],
  context: WireContext,
): JsonObject {
  const node = (member: Instance): Json => ({
    ...haNode({ ...member, groupId: group.id }, context),
    schedule: { enabled: member.scheduleId !== null },
  });
  return {
    ...listedGroup(group, context),
    tenant_id: group.accountId,
    replica_source: before.filter(({ id }) => id === group.sourceId).map(node),
    replicas: before.filter(({ id }) => group.replicaIds.includes(id)).map(node),
    networks: [],
    acls: aclsOf(group),
  };
}

/** A group as its creation answers: nothing of it is there yet (§4.3). */
export function createdGroup(group: HaGroup, context: WireContext): JsonObject {
  return omitUndefined({
    ...listedGroup(group, context),
    tenant_id: group.accountId,
    ...sizeOf(group, context),
    replica_source: [],
    replicas: [],
    networks: [],
    acls: [],
    configuration: configurationOf(group, context),
  });
}

/** All about a group. */
export function groupDetails(group: HaGroup, context: WireContext): JsonObject {
  const members = context.view.membersOf(group).map((member) => ({
    isSource: member.id === group.sourceId,
    node: haNode(member, context),
  }));
  const { scheduleId, lastError: fault } = group;
  return omitUndefined({
    ...listedGroup(group, context),
    tenant_id: group.accountId,
    ...sizeOf(group, context),
    // A number here, as the document prints it, and text everywhere else (C26).
    flavor: {
      id: flavorNumber(group.flavorId),
      links: linksOfReplicas("flavors", group.flavorId, context),
    },
    replica_source: members.filter(({ isSource }) => isSource).map(({ node }) => node),
    replicas: members.filter(({ isSource }) => !isSource).map(({ node }) => node),
    networks: networksOf(group, context),
    acls: aclsOf(group),
    configuration: configurationOf(group, context) ?? null,
    schedule: scheduleId === null ? undefined : { enabled: true },
    fault: fault === null ? undefined : faultOf(fault, context),
  });
}

/** Two rows for each network, reading before writing; none before the group has been up (§1.6, C38). */
function networksOf(group: HaGroup, { region }: WireContext): readonly Json[] {
  if (group.replicationMode === "asynchronous") return [];
  return group.networks.flatMap((network) => {
    const address = groupHostnameOf(group, { network, region });
    return [
      { access: "read", network, port: readPort, address },
      { access: "write", network, port: writePort, address },
    ];
  });
}

function aclsOf({ acls }: HaGroup): readonly Json[] {
  return acls.map((address) => ({ address }));
}

function datastoreOf({
  datastoreType,
  datastoreVersion,
}: Pick<HaGroup, "datastoreType" | "datastoreVersion">): Json {
  return { type: datastoreType, version: datastoreVersion };
}

function sizeOf({ flavorId, volumeGb }: HaGroup, context: WireContext): JsonObject {
  return {
    volume: { size: volumeGb },
    flavor: { id: flavorId, links: linksOfReplicas("flavors", flavorId, context) },
  };
}
