import { documentedLimits, type Limits } from "../model/limits.js";
import {
  nonEmptyString,
  type OptionRules,
  parseOptions,
} from "../model/schema/entryPointOptions.js";
import {
  definitions,
  httpStatusByCode,
  type JsonSchema,
  type Operation,
  operations,
  requestSchema,
} from "../wire/index.js";
import { allLimits } from "../wire/requestSchema.js";
import { bodyExamples } from "./openApiExamples.js";
import { extraPaths } from "./openApiExtraPaths.js";

/** Options of the OpenAPI document. */
export interface OpenApiOptions {
  /** Base URL of the service. Default "http://127.0.0.1:8779". */
  readonly baseUrl?: string;
  /** Limits in the schemas. Default: the documented ones. */
  readonly limits?: Limits;
}

const demands: OptionRules<OpenApiOptions> = { baseUrl: nonEmptyString, limits: allLimits };

type Json = Readonly<Record<string, unknown>>;

/**
 * Returns the API as an OpenAPI 3.1 document, generated from the routes and the field schemas.
 *
 * @example
 * ```ts
 * import { openApi } from "replication-simulator/http";
 *
 * console.log(openApi()["openapi"]); // 3.1.0
 * ```
 * @param options - the server's URL and the dialect
 * @returns the document, as plain data
 * @throws InvalidInputError `http-options`
 */
export function openApi(options: OpenApiOptions = {}): Readonly<Record<string, unknown>> {
  const read = parseOptions(options, demands, { field: "options", rule: "http-options" });
  const { baseUrl = "http://127.0.0.1:8779", limits = documentedLimits } = read;
  const paths: Record<string, Json> = { ...extraPaths };
  for (const path of new Set(operations.map((operation) => operation.path))) {
    const here = operations.filter((operation) => operation.path === path);
    const methods = [...new Set(here.map(({ method }) => method))];
    paths[`/v1.0/{accountId}${path}`] = {
      parameters: parametersOf(path),
      ...Object.fromEntries(
        methods.map((method) => [
          method.toLowerCase(),
          operationOf(
            here.filter((operation) => operation.method === method),
            limits,
          ),
        ]),
      ),
    };
  }
  return {
    openapi: "3.1.0",
    info: {
      title: "Cloud Databases replication API, simulated",
      version: "1.0",
      summary: "Sources, replicas, HA groups and backups, in virtual time",
      description:
        "Log in with POST /v2.0/tokens, take the endpoint from the catalog, and send the token as X-Auth-Token.",
      license: { name: "MIT", identifier: "MIT" },
    },
    servers: [{ url: baseUrl }],
    security: [{ token: [] }],
    tags: Object.entries(tags).map(([name, description]) => ({ name, description })),
    paths,
    components: {
      securitySchemes: {
        token: {
          type: "apiKey",
          in: "header",
          name: "X-Auth-Token",
          description: "From POST /v2.0/tokens; any string without credentials.",
        },
      },
      responses: Object.fromEntries(
        faults.map((fault) => [
          fault,
          {
            description: descriptions[fault],
            headers: { ...requestId, ...headersOf[fault] },
            content: json(faultSchema(fault)),
          },
        ]),
      ),
      schemas: relinked(definitions),
    },
  };
}

const descriptions = {
  badRequest: "Elements are missing, or some values are invalid.",
  unauthorized: "The token is missing, unknown or expired.",
  forbidden: "The caller, or the nature of the thing, does not permit it.",
  itemNotFound: "There is no such item in this account.",
  badMethod: "The method is not allowed for the resource.",
  overLimit: "A limit is reached; where it is a rate, Retry-After says when to come again.",
  badMediaType: "The body is not JSON by its type.",
  unprocessableEntity: "The item cannot be processed in its present status.",
  instanceFault: "The instance or the service has experienced a fault.",
  notImplemented: "The operation is not simulated.",
  serviceUnavailable: "The service is not available.",
} as const;
const faults = Object.keys(descriptions) as (keyof typeof descriptions)[];

const requestId = {
  "X-Request-Id": {
    description: "The caller's own where it sent one, else a new one.",
    schema: { type: "string" },
  },
};

const headersOf: Partial<Record<keyof typeof descriptions, Json>> = {
  badMethod: { Allow: { description: "What is allowed.", schema: { type: "string" } } },
  overLimit: {
    "Retry-After": {
      description: "Seconds until a rate has room again; absent where another limit is reached.",
      schema: { type: "integer", minimum: 0 },
    },
  },
};

/** Groups of operations by the first part of their path, in display order. */
const tags = {
  instances: "Instances, sources and replicas, with their databases and users.",
  ha: "HA groups: a source and its replicas under automatic failover.",
  backups: "Backups, and what is restored from them.",
  schedules: "Schedules of backups.",
  configurations: "Configurations that instances and groups share.",
  flavors: "Sizes on offer.",
  datastores: "Database systems on offer.",
  identity: "Where clients log in.",
  versions: "What the service says of itself.",
} as const;

const parameterWords: Readonly<Record<string, string>> = {
  accountId: "The caller's account.",
  instanceId: "Id of the instance.",
  haId: "Id of the HA group.",
  backupId: "Id of the backup.",
  scheduleId: "Id of the schedule.",
  configurationId: "Id of the configuration.",
  flavorId: "Id of the flavor.",
  datastoreId: "Id of the datastore, or what it is called.",
  versionId: "Id of the version, or what it is called.",
  name: "What the database or the user is called.",
  address: "An IPv4 range in CIDR form, its slash escaped.",
};

/** Returns one operation, or all that share one `/action`. */
function operationOf(here: readonly Operation[], limits: Limits): Json {
  const [first] = here;
  if (first === undefined) throw new RangeError("a path has at least one operation");
  const isAction = first.action !== undefined;
  const { path, query = [] } = first;
  const bodies = here.flatMap((operation) => {
    const schema = requestSchema(operation, limits);
    return schema === undefined ? [] : [titled(relinked(schema) as JsonSchema, operation)];
  });
  const examples = Object.assign({}, ...here.map(({ id }) => bodyExamples[id] ?? {})) as Json;
  const answers = new Map<number, JsonSchema[]>();
  for (const { success, response } of here) {
    const known = answers.get(success) ?? [];
    answers.set(
      success,
      response === undefined ? known : [...known, relinked(response) as JsonSchema],
    );
  }
  return {
    operationId: isAction ? actionIds[path] : first.id,
    tags: [path.split("/")[1]],
    summary: isAction ? `Act: ${here.map(({ action }) => action).join(", ")}` : first.summary,
    description: here.map(describedIn).join("\n"),
    parameters: query.map(({ name, description: description, schema }) => ({
      name,
      in: "query",
      description,
      schema,
    })),
    ...(bodies.length === 0
      ? {}
      : { requestBody: { required: true, content: json(oneOf(bodies), { examples }) } }),
    responses: {
      ...Object.fromEntries(
        [...answers].map(([status, schemas]) => [
          status,
          // If only some actions answer with a body, the others have none.
          {
            description: answerWords(status, { schemas: schemas.length, operations: here.length }),
            headers: requestId,
            ...(schemas.length === 0 ? {} : { content: json(oneOf(schemas)) }),
          },
        ]),
      ),
      ...faultResponses(bodies.length > 0),
    },
  };
}

const actionIds: Readonly<Record<string, string>> = {
  "/instances/{instanceId}/action": "actOnInstance",
  "/ha/{haId}/action": "actOnHaGroup",
};

function describedIn({ action, summary, source }: Operation): string {
  return action === undefined
    ? `${summary} (${source}).`
    : `- \`${action}\`: ${summary} (${source}).`;
}

/** The bodies of one `/action` are distinguished by their names. */
function titled(schema: JsonSchema, { id, action, summary }: Operation): JsonSchema {
  return action === undefined ? schema : { title: id, description: `${summary}.`, ...schema };
}

function answerWords(
  status: number,
  of: { readonly schemas: number; readonly operations: number },
): string {
  if (status === 200) return "Done; here it is.";
  if (of.schemas === 0) return "Accepted; the body is empty.";
  return of.schemas < of.operations
    ? "Accepted; the body is empty where the action makes nothing new."
    : "Accepted; the work goes on.";
}

/** Returns the error responses that any operation can have. Only a body can have a wrong type. */
function faultResponses(hasBody: boolean): Json {
  return Object.fromEntries(
    faults
      .filter((fault) => hasBody || fault !== "badMediaType")
      .map((fault) => [httpStatusByCode[fault], { $ref: `#/components/responses/${fault}` }]),
  );
}

function faultSchema(fault: keyof typeof descriptions): JsonSchema {
  return {
    type: "object",
    required: [fault],
    additionalProperties: false,
    properties: {
      [fault]: {
        type: "object",
        required: ["code", "message"],
        properties: {
          code: { const: httpStatusByCode[fault] },
          message: { type: "string", minLength: 1 },
          details: { type: "string" },
        },
      },
    },
  };
}

function parametersOf(path: string): readonly Json[] {
  return ["accountId", ...[...path.matchAll(/\{(\w+)\}/g)].map(([, name = ""]) => name)].map(
    (name) => ({
      name,
      in: "path",
      required: true,
      description: parameterWords[name],
      schema: { type: "string" },
    }),
  );
}

/** Returns a schema that refers to the components of the document. */
function relinked(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(relinked);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, part]) => [
      key,
      key === "$ref" && typeof part === "string"
        ? part.replace("#/$defs/", "#/components/schemas/")
        : relinked(part),
    ]),
  );
}

function oneOf(schemas: readonly JsonSchema[]): JsonSchema {
  const [only] = schemas;
  return only !== undefined && schemas.length === 1 ? only : { oneOf: schemas };
}

function json(schema: JsonSchema, more: Json = {}): Json {
  return { "application/json": { schema, ...more } };
}
