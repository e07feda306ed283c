import { as, type Form, list, nested, object, singleItem, unwrap } from "../bodyParser.js";
import { datastore, decodedFully, flavorReference, gigabytes, reference } from "../coercions.js";
import { createdGroup, groupDetails, listedGroup } from "../encode/group.js";
import { acceptCommand, bodyOf, execute, type Operation, parameter } from "../operation.js";
import { pageBody, paged, parsePage } from "../paging.js";
import { attachable, nodeMembers } from "../requestBodies.js";
import { answer, answerAll, answerPage } from "../schemaParts.js";

const node = object(nodeMembers);
const newGroup = object(
  {
    ha: nested({
      name: as("name"),
      datastore: as("datastore", datastore),
      replica_source: as("source", singleItem(node)),
      replicas: as("replicas", list(node)),
      networks: as("networks"),
      acls: as("acls", list(unwrap("address"))),
      configuration: as("configurationId", reference),
    }),
  },
  { needs: ["ha"] },
);

/** HA groups and their ACLs. */
export const groupOperations: readonly Operation[] = [
  {
    id: "createHaGroup",
    method: "POST",
    path: "/ha",
    summary: "Create an HA group with a source and one or two replicas",
    source: "§4.3 [docs]",
    success: 202,
    body: bodyOf(newGroup, "createHaGroup"),
    response: answer("ha_instance", "GroupDetails"),
    handle: (call) => ({
      ha_instance: createdGroup(execute(call, "createHaGroup"), call.context),
    }),
  },
  {
    id: "listHaGroups",
    method: "GET",
    path: "/ha",
    summary: "List the HA groups of the account",
    source: "§4.3 [docs]",
    query: paged,
    success: 200,
    response: answerPage("ha_instances", "ListedGroup"),
    handle: (call) =>
      pageBody(call, call.account.listGroups(parsePage(call)), {
        name: "ha_instances",
        item: (group) => listedGroup(group, call.context),
      }),
  },
  {
    id: "getHaGroup",
    method: "GET",
    path: "/ha/{haId}",
    summary: "Show an HA group with its members and addresses",
    source: "§4.3 [docs]",
    success: 200,
    response: answer("ha_instance", "GroupDetails"),
    handle: (call) => ({
      ha_instance: groupDetails(call.account.getGroup(parameter(call, "haId")), call.context),
    }),
  },
  {
    id: "deleteHaGroup",
    method: "DELETE",
    path: "/ha/{haId}",
    summary: "Delete an HA group with its members",
    source: "§4.3 [docs]",
    success: 202,
    handle: acceptCommand("deleteHaGroup"),
  },
  {
    id: "configureHaGroup",
    method: "PATCH",
    path: "/ha/{haId}",
    summary: "Attach a configuration to all members, or detach it",
    source: "§4.3 [docs]; Q8",
    success: 202,
    body: bodyOf(
      object(
        {
          ha_instance: nested(
            { configuration: { ...attachable, required: true } },
            { needs: ["configuration"] },
          ),
        },
        { needs: ["ha_instance"] },
      ),
      "attachGroupConfiguration",
    ),
    handle: (call) => {
      const { configurationId } = call.input;
      if (configurationId === null || configurationId === "") {
        execute({ ...call, input: {} }, "detachGroupConfiguration");
      } else execute(call, "attachGroupConfiguration");
      return undefined;
    },
  },
  {
    id: "addAcl",
    method: "POST",
    path: "/ha/{haId}/acls",
    summary: "Let an IPv4 range reach an HA group",
    source: "§4.3 [docs]; Q15",
    success: 200,
    body: bodyOf(object({ address: as("address") }), "addAcl"),
    handle: acceptCommand("addAcl"),
  },
  {
    id: "listAcls",
    method: "GET",
    path: "/ha/{haId}/acls",
    summary: "List the IPv4 ranges that may reach an HA group",
    source: "§4.3 [docs]",
    success: 200,
    response: answerAll("acls", "Acl"),
    handle: (call) => ({
      acls: call.account
        .listAcls(parameter(call, "haId"))
        .map((address) => ({ type: "ALLOW", address })),
    }),
  },
  {
    id: "deleteAcl",
    method: "DELETE",
    path: "/ha/{haId}/acls/{address}",
    summary: "Take a range away from an HA group; its slash may be escaped more than once",
    source: "§4.3 [docs]; R94",
    success: 202,
    handle: (call) => {
      execute(call, "deleteAcl", { address: decodedFully(parameter(call, "address")) });
      return undefined;
    },
  },
];

const action = { method: "POST", path: "/ha/{haId}/action", success: 202 } as const;

/** Actions of HA groups at `/action`. */
export const groupActions: readonly Operation[] = [
  {
    ...action,
    id: "addReplica",
    action: "add_replica",
    summary: "Add a replica to an HA group",
    source: "§4.3 [docs]",
    body: bodyOf(
      actionForm("add_replica", nested({ replica_details: nested(nodeMembers) })),
      "addReplica",
    ),
    handle: acceptCommand("addReplica"),
  },
  {
    ...action,
    id: "removeReplica",
    action: "remove_replica",
    summary: "Take a replica out of an HA group; it becomes a stand-alone instance",
    source: "§4.3 [docs]; Q18",
    body: bodyOf(actionForm("remove_replica", as("instanceId")), "removeReplica"),
    handle: acceptCommand("removeReplica"),
  },
  {
    ...action,
    id: "restartHaGroup",
    action: "restart",
    summary: "Restart all members of an HA group, replicas first",
    source: "§4.3 [docs]",
    body: bodyOf(actionForm("restart", nested({})), "restartGroup"),
    handle: acceptCommand("restartGroup"),
  },
  {
    ...action,
    id: "resizeHaGroupFlavor",
    action: "resize_flavor",
    summary: "Move all members of an HA group to a larger flavor",
    source: "§4.3 [docs]; Q18",
    body: bodyOf(actionForm("resize_flavor", as("flavorId", flavorReference)), "resizeGroupFlavor"),
    handle: acceptCommand("resizeGroupFlavor"),
  },
  {
    ...action,
    id: "resizeHaGroupVolumes",
    action: "resize_volumes",
    summary: "Make the volumes of all members of an HA group larger",
    source: "§4.3 [docs]",
    body: bodyOf(
      actionForm("resize_volumes", nested({ size: as("volumeGb", gigabytes) })),
      "resizeGroupVolumes",
    ),
    handle: acceptCommand("resizeGroupVolumes"),
  },
];

function actionForm(name: string, member: Parameters<typeof object>[0][string]): Form {
  return object({ [name]: member }, { needs: [name] });
}
