/* Paths besides the operations of the API: versions, and the identity service for log-ins. */

import { bodyExamples } from "./openApiExamples.js";

type Json = Readonly<Record<string, unknown>>;

const object = (properties: Json, required = Object.keys(properties)): Json => ({
  type: "object",
  required,
  properties,
});
const text = { type: "string" };
const list = (items: Json): Json => ({ type: "array", items });
const links = list(object({ rel: text, href: text }));
const version = object({ id: text, status: text, links });

const tenant = object({ id: text, name: text });
const access = object({
  access: object({
    token: object({ id: text, expires: { type: "string", format: "date-time" }, tenant }),
    user: object({ id: text, name: text, roles: list(object({ id: text, name: text })) }),
    serviceCatalog: list(
      object({
        type: text,
        name: text,
        endpoints: list(object({ region: text, tenantId: text, publicURL: text })),
      }),
    ),
  }),
});
const secret = (name: string): Json => object({ username: text, [name]: text });
const account = { tenantId: text, tenantName: text };
const logIn = object({
  auth: {
    anyOf: [
      { ...object({ passwordCredentials: secret("password") }) },
      { ...object({ "RAX-KSKEY:apiKeyCredentials": secret("apiKey") }) },
      { ...object({ token: object({ id: text }) }) },
    ],
    properties: account,
  },
});

const fault = (name: string): Json => ({ $ref: `#/components/responses/${name}` });

/** Paths of the OpenAPI document that are not operations of the API. */
export const extraPaths: Readonly<Record<string, Json>> = {
  "/": look("listVersions", object({ versions: list(version) }), {
    summary: "List versions of the API",
    tag: "versions",
  }),
  "/v1.0": look("getVersion", object({ version }), {
    summary: "Show version 1.0",
    tag: "versions",
  }),
  "/v2.0": look("getIdentityVersion", object({ version }), {
    summary: "Show the identity service",
    tag: "identity",
  }),
  "/v2.0/tenants": {
    get: {
      operationId: "listTenants",
      tags: ["identity"],
      summary: "List the accounts of the caller",
      responses: answers(object({ tenants: list(tenant) }), { 401: fault("unauthorized") }),
    },
  },
  "/v2.0/tokens": {
    post: {
      operationId: "logIn",
      tags: ["identity"],
      summary: "Log in with a password, an API key or a token",
      security: [],
      requestBody: {
        required: true,
        content: { "application/json": { schema: logIn, examples: bodyExamples["logIn"] } },
      },
      responses: answers(access, {
        400: fault("badRequest"),
        401: fault("unauthorized"),
        413: fault("overLimit"),
        415: fault("badMediaType"),
      }),
    },
  },
};

function look(
  operationId: string,
  schema: Json,
  { summary, tag }: { readonly summary: string; readonly tag: "versions" | "identity" },
): Json {
  // An outage affects the database service, not the identity service.
  const outage = tag === "versions" ? { 503: fault("serviceUnavailable") } : {};
  return {
    get: {
      operationId,
      tags: [tag],
      summary,
      security: [],
      responses: answers(schema, { 400: fault("badRequest"), ...outage }),
    },
  };
}

function answers(schema: Json, faults: Json): Json {
  return {
    200: { description: "Here it is.", content: { "application/json": { schema } } },
    ...faults,
    405: fault("badMethod"),
    500: fault("instanceFault"),
  };
}
