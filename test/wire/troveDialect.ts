import type { Instance, InstanceStatus } from "replication-simulator";
import {
  type Dialect,
  defineDialect,
  type IdentityDialect,
  type JsonObject,
  rackspace,
} from "replication-simulator/wire";
import { ipOf } from "../../src/model/addresses.js";
import { as, nested, object } from "../../src/wire/bodyParser.js";
import { flavorReference, gigabytes } from "../../src/wire/coercions.js";
import type { WireContext } from "../../src/wire/context.js";
import { bodyOf, type Call, execute, parameter } from "../../src/wire/operation.js";

/*
 * Some operations of today's OpenStack Trove, to prove that a dialect is a value: nothing in src/ knows of it. Sources:
 * OpenStack Trove API reference, "Create database instance", "Show database instance details", "Promote instance to
 * replica source" and "Eject the replica source"; trove/instance/models.py for what an instance that is being deleted reads as.
 */

/** Words that Trove has not, or has others for. */
const words: Partial<Record<InstanceStatus, string>> = {
  DETACH_REPLICA: "DETACH",
  CONVERT_TO_HA: "ACTIVE",
  REPLICATION_ERROR: "ERROR",
  DELETION_PENDING: "SHUTDOWN",
};

const createForm = object(
  {
    instance: nested({
      name: as("name"),
      flavorRef: as("flavorId", flavorReference),
      volume: nested({ size: as("volumeGb", gigabytes) }),
      replica_of: as("replicaOf"),
    }),
  },
  { needs: ["instance"] },
);

function instanceBody(instance: Instance, { dialect }: WireContext): JsonObject {
  const source = instance.sourceId;
  return {
    id: instance.id,
    name: instance.name,
    status:
      instance.state === "promoting" ? "PROMOTE" : dialect.statusWords.instance(instance.status),
    operating_status: instance.status === "ACTIVE" ? "HEALTHY" : "",
    flavor: { id: instance.flavorId },
    volume: { size: instance.volumeGb },
    datastore: { type: instance.datastoreType, version: instance.datastoreVersion },
    addresses: [{ address: ipOf(instance), type: "private" }],
    ...(source === null ? {} : { replica_of: { id: source } }),
    ...(instance.replicaIds.length === 0
      ? {}
      : { replicas: instance.replicaIds.map((id) => ({ id })) }),
  };
}

/** Trove moves the addresses of the source with its role, and so the clients. */
function promote(call: Call, replicaId: string): void {
  execute(call, "promoteReplica", { instanceId: replicaId, moveClients: true });
}

/** Trove ejects a source that is down for the replica that has most of its log. */
function freshestReplica(account: Call["account"], sourceId: string): string {
  const received = (id: string): number => {
    const status = account.getReplicationStatus(id);
    return status.role === "replica" ? status.receivedPosition.transactions : 0;
  };
  const [freshest] = account
    .listReplicas(sourceId)
    .map(({ id }) => ({ id, received: received(id) }))
    .sort((a, b) => b.received - a.received);
  return freshest?.id ?? sourceId;
}

interface V3Body {
  readonly auth?: {
    readonly identity?: {
      readonly password?: {
        readonly user?: { readonly name?: string; readonly password?: string };
      };
    };
    readonly scope?: { readonly project?: { readonly id?: string } };
  };
}

/** Keystone, version 3: the token comes in a header. */
const keystoneV3: IdentityDialect = {
  logInPath: "/v3/auth/tokens",
  expected: "auth.identity.password.user must hold name and password",
  parseLogIn: (body) => {
    const { identity, scope } = (body as V3Body | undefined)?.auth ?? {};
    const { name, password: secret } = identity?.password?.user ?? {};
    if (name === undefined || secret === undefined) return undefined;
    return { by: { kind: "password", name, secret }, account: scope?.project?.id };
  },
  respond: ({ id, caller }, { endpoints, version }) => ({
    status: 201,
    headers: { "X-Subject-Token": id },
    body: {
      token: {
        project: { id: caller.accountId },
        catalog: endpoints.map(({ region, baseUrl }) => ({
          type: "database",
          endpoints: [{ region, url: `${baseUrl}/${version}/${caller.accountId}` }],
        })),
      },
    },
  }),
  documents: { "/v3": () => ({ version: { id: "v3.14", status: "stable" } }) },
  ownDocuments: {},
};

export const trove: Dialect = defineDialect({
  name: "trove",
  version: "v1.0",
  operations: [
    {
      id: "createInstance",
      method: "POST",
      path: "/instances",
      summary: "Create database instance",
      source: "Trove API reference",
      success: 200,
      body: bodyOf(createForm, "createReplica"),
      handle: (call) => {
        const isReplica = call.input["replicaOf"] !== undefined;
        const made = isReplica ? execute(call, "createReplica") : execute(call, "createInstance");
        return { instance: instanceBody(made, call.context) };
      },
    },
    {
      id: "showInstance",
      method: "GET",
      path: "/instances/{instanceId}",
      summary: "Show database instance details",
      source: "Trove API reference",
      success: 200,
      handle: (call) => ({
        instance: instanceBody(
          call.account.getInstance(parameter(call, "instanceId")),
          call.context,
        ),
      }),
    },
    {
      id: "deleteInstance",
      method: "DELETE",
      path: "/instances/{instanceId}",
      summary: "Delete database instance",
      source: "Trove API reference",
      success: 202,
      handle: (call) => {
        execute(call, "deleteInstance");
        return undefined;
      },
    },
    {
      id: "restartInstance",
      method: "POST",
      path: "/instances/{instanceId}/action",
      action: "restart",
      summary: "Restart database service",
      source: "Trove API reference",
      success: 202,
      body: bodyOf(object({ restart: nested({}) }, { needs: ["restart"] }), "restartInstance"),
      handle: (call) => {
        execute(call, "restartInstance");
        return undefined;
      },
    },
    {
      id: "promoteToReplicaSource",
      method: "POST",
      path: "/instances/{instanceId}/action",
      action: "promote_to_replica_source",
      summary: "Promote instance to replica source",
      source: "Trove API reference",
      success: 202,
      body: bodyOf(
        object({ promote_to_replica_source: nested({}) }, { needs: ["promote_to_replica_source"] }),
        "promoteReplica",
      ),
      handle: (call) => {
        promote(call, parameter(call, "instanceId"));
        return undefined;
      },
    },
    {
      id: "ejectReplicaSource",
      method: "POST",
      path: "/instances/{instanceId}/action",
      action: "eject_replica_source",
      summary: "Eject the replica source",
      source: "Trove API reference",
      success: 202,
      body: bodyOf(
        object({ eject_replica_source: nested({}) }, { needs: ["eject_replica_source"] }),
        "promoteReplica",
      ),
      handle: (call) => {
        promote(call, freshestReplica(call.account, parameter(call, "instanceId")));
        return undefined;
      },
    },
  ],
  unsupported: [
    {
      method: "POST",
      path: "/instances/{instanceId}/action",
      action: "upgrade",
    },
  ],
  statusWords: {
    ...rackspace.statusWords,
    instance: (status) => words[status] ?? status,
  },
  // Trove's faults have no details.
  errors: {
    statusByCode: rackspace.errors.statusByCode,
    body: (code, { message }) => ({
      [code]: { code: rackspace.errors.statusByCode[code], message },
    }),
  },
  identity: keystoneV3,
});
