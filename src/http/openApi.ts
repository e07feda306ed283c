import { documentedLimits, type Limits } from "../domain/limits.js";
import {
  definitions,
  faultStatus,
  type JsonSchema,
  type Operation,
  operations,
  requestSchema,
} from "../wire/index.js";
import { aroundPaths } from "./openApiAround.js";

/** What the document is made for. */
export interface OpenApiOptions {
  /** Where the service is reached. Default "http://localhost:8080". */
  readonly baseUrl?: string;
  /** Figures of the limits that schemas state. Default: the documented ones. */
  readonly limits?: Limits;
}

type Json = Readonly<Record<string, unknown>>;

/** The API as an OpenAPI 3.1 document, made from the route table and the schemas of the fields. */
export function openApi(options: OpenApiOptions = {}): Readonly<Record<string, unknown>> {
  const { baseUrl = "http://localhost:8080", limits = documentedLimits } = options;
  const paths: Record<string, Json> = { ...aroundPaths };
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
      license: { name: "MIT", identifier: "MIT" },
    },
    servers: [{ url: baseUrl }],
    security: [{ token: [] }],
    paths,
    components: {
      securitySchemes: { token: { type: "apiKey", in: "header", name: "X-Auth-Token" } },
      responses: Object.fromEntries(
        faults.map((fault) => [
          fault,
          { description: says[fault], content: json(faultSchema(fault)) },
        ]),
      ),
      schemas: relinked(definitions),
    },
  };
}

const says = {
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
const faults = Object.keys(says) as (keyof typeof says)[];

/** One operation, or all that share one `/action`. */
function operationOf(here: readonly Operation[], limits: Limits): Json {
  const [first] = here;
  if (first === undefined) throw new RangeError("a path has at least one operation");
  const isAction = first.action !== undefined;
  const { path, query = [] } = first;
  const bodies = here.flatMap((operation) => {
    const schema = requestSchema(operation, limits);
    return schema === undefined ? [] : [relinked(schema) as JsonSchema];
  });
  const answers = new Map<number, JsonSchema[]>();
  for (const { success, response } of here) {
    const known = answers.get(success) ?? [];
    answers.set(
      success,
      response === undefined ? known : [...known, relinked(response) as JsonSchema],
    );
  }
  return {
    operationId: isAction ? `${path.split("/")[1] ?? ""}Action` : first.id,
    summary: isAction ? here.map(({ action }) => action).join(", ") : first.summary,
    description: here.map(({ summary, source }) => `${summary} (${source}).`).join("\n"),
    parameters: query.map(({ name, says: description, schema }) => ({
      name,
      in: "query",
      description,
      schema,
    })),
    ...(bodies.length === 0
      ? {}
      : { requestBody: { required: true, content: json(oneOf(bodies)) } }),
    responses: {
      ...Object.fromEntries(
        [...answers].map(([status, schemas]) => [
          status,
          // Where only some actions answer with a body, the others answer with none.
          {
            description: "Accepted.",
            ...(schemas.length === 0 ? {} : { content: json(oneOf(schemas)) }),
          },
        ]),
      ),
      ...faultResponses(bodies.length > 0),
    },
  };
}

/** The faults that any operation can answer with; only a body can be of the wrong type. */
function faultResponses(hasBody: boolean): Json {
  return Object.fromEntries(
    faults
      .filter((fault) => hasBody || fault !== "badMediaType")
      .map((fault) => [faultStatus[fault], { $ref: `#/components/responses/${fault}` }]),
  );
}

function faultSchema(fault: keyof typeof says): JsonSchema {
  return {
    type: "object",
    required: [fault],
    additionalProperties: false,
    properties: {
      [fault]: {
        type: "object",
        required: ["code", "message"],
        properties: {
          code: { const: faultStatus[fault] },
          message: { type: "string", minLength: 1 },
          details: { type: "string" },
        },
      },
    },
  };
}

function parametersOf(path: string): readonly Json[] {
  return [
    { name: "accountId", says: "The account of the caller." },
    ...[...path.matchAll(/\{(\w+)\}/g)].map(([, name = ""]) => ({ name, says: `The ${name}.` })),
  ].map(({ name, says: description }) => ({
    name,
    in: "path",
    required: true,
    description,
    schema: { type: "string" },
  }));
}

/** A schema that refers to the components of the document. */
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

function json(schema: JsonSchema): Json {
  return { "application/json": { schema } };
}
