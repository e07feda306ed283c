import type { Instance, InstanceStatus } from "replication-simulator";
import {
  type Dialect,
  defineDialect,
  type IdentityDialect,
  type JsonObject,
  rackspace,
} from "replication-simulator/wire";
import { ipOf } from "../../src/domain/addresses.js";
import { as, nested, object } from "../../src/wire/bodyParser.js";
import { flavorReference, gigabytes } from "../../src/wire/coercions.js";
import type { WireContext } from "../../src/wire/context.js";
import { bodyOf, execute, parameter } from "../../src/wire/operation.js";

/*
 * Three operations of today's OpenStack Trove, to prove that a dialect is a value: nothing in src/ knows of it. Sources:
 * OpenStack Trove API reference, "Create database instance", "Show database instance details" and "Promote instance to
 * replica source"; trove/instance/models.py for what an instance that is being deleted reads as.
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
    status: dialect.statusWords.instance(instance.status),
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
  ],
  unsupported: [
    {
      method: "POST",
      path: "/instances/{instanceId}/action",
      action: "promote_to_replica_source",
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
