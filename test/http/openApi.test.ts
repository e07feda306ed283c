import { createConfig, lintFromString } from "@redocly/openapi-core";
import { Validator } from "@seriousme/openapi-schema-validator";
import { Ajv2020 } from "ajv/dist/2020.js";
import { ReplicationSimulator } from "replication-simulator";
import { openApi } from "replication-simulator/http";
import { handleRequest, operations, requestSchema } from "replication-simulator/wire";
import { expect, test } from "vitest";

const document = openApi();

test("the document is valid under the schema of OpenAPI 3.1", async () => {
  const { valid, errors } = await new Validator().validate(structuredClone(document));
  expect(errors).toBeUndefined();
  expect(valid).toBe(true);
});

test("a linter of another make finds no error in it", async () => {
  const config = await createConfig({ extends: ["recommended"] });
  const problems = await lintFromString({ source: JSON.stringify(document), config });
  const found = problems.filter(({ severity }) => severity === "error");
  expect(found.map(({ message, location }) => `${location[0]?.pointer ?? ""} ${message}`)).toEqual(
    [],
  );
});

test("it has every operation of the route table, once", () => {
  const paths = document["paths"] as Record<string, Record<string, { operationId?: string }>>;
  for (const { method, path } of operations) {
    expect(paths[`/v1.0/{accountId}${path}`]?.[method.toLowerCase()]?.operationId).toBeDefined();
  }
  const ids = Object.values(paths)
    .flatMap((item) => Object.values(item))
    .flatMap(({ operationId }) => operationId ?? []);
  expect(new Set(ids).size).toBe(ids.length);
});

interface Described {
  readonly operationId: string;
  readonly tags: readonly string[];
  readonly summary: string;
  readonly requestBody?: {
    readonly content: Readonly<
      Record<
        string,
        { readonly schema: object; readonly examples: Readonly<Record<string, Example>> }
      >
    >;
  };
  readonly responses: Readonly<Record<string, { readonly $ref?: string }>>;
}

interface Example {
  readonly summary: string;
  readonly value: Readonly<Record<string, unknown>>;
}

const items = Object.entries(document["paths"] as Record<string, Record<string, unknown>>);
const described = items.flatMap(([path, item]) =>
  Object.entries(item)
    .filter(([method]) => method !== "parameters")
    .map(([method, operation]) => ({ path, method, operation: operation as Described })),
);
const withBody = described.flatMap(({ path, method, operation }) => {
  const content = operation.requestBody?.content["application/json"];
  return content === undefined ? [] : [{ path, method, ...operation, ...content }];
});

test.each(withBody)("$operationId has examples that fit it, and the service", (operation) => {
  const { path, method, schema, examples } = operation;
  const ajv = new Ajv2020({ strict: false });
  const validate = ajv.compile({ ...schema, components: document["components"] });
  expect(Object.keys(examples).length).toBeGreaterThan(0);
  for (const [name, { summary, value }] of Object.entries(examples)) {
    expect(summary).toMatch(/^[A-Z]/);
    expect([name, validate(value), ajv.errorsText(validate.errors)]).toEqual([
      name,
      true,
      "No errors",
    ]);
    if (!path.startsWith("/v1.0/")) continue;
    const { status, body } = handleRequest(new ReplicationSimulator(), {
      method: method.toUpperCase(),
      path: path.replace("/v1.0/{accountId}", ""),
      body: value,
    });
    // The resources in them do not exist: a malformed body would be reported first.
    const isOfForm = status < 300 || status === 404 || JSON.stringify(body).includes("-exists");
    expect([name, isOfForm, body]).toEqual([name, true, body]);
  }
});

test("each action has an example, and its body fits no other action", () => {
  for (const path of new Set(operations.map((operation) => operation.path))) {
    const here = operations.filter((one) => one.path === path && one.action !== undefined);
    if (here.length === 0) continue;
    const found = withBody.find((one) => one.path.endsWith(path) && one.method === "post");
    const shown = Object.values(found?.examples ?? {}).flatMap(({ value }) => Object.keys(value));
    expect([...new Set(shown)].sort()).toEqual(here.map(({ action }) => action).sort());
    const ajv = new Ajv2020({ strict: false });
    for (const { action = "" } of here) {
      const fitting = here.filter((one) =>
        ajv.validate(requestSchema(one) ?? {}, { [action]: {} }),
      );
      expect(fitting.filter((one) => one.action !== action)).toEqual([]);
    }
  }
});

test("what a reader looks for is said: groups of operations, parameters, headers of answers", () => {
  const tags = (document["tags"] as readonly { name: string }[]).map(({ name }) => name);
  for (const { operation } of described) {
    expect(tags).toContain(operation.tags[0]);
    expect(operation.summary).toMatch(/^[A-Z].*[^.]$/);
  }
  expect([...new Set(described.flatMap(({ operation }) => operation.tags))].sort()).toEqual(
    [...tags].sort(),
  );
  for (const [, { parameters = [] }] of items) {
    for (const { name, description } of parameters as { name: string; description: string }[]) {
      expect(description).not.toContain(name);
    }
  }
  const { responses } = document["components"] as {
    readonly responses: Record<string, { readonly headers: Record<string, object> }>;
  };
  expect(Object.keys(responses["overLimit"]?.headers ?? {})).toContain("Retry-After");
  expect(Object.keys(responses["badMethod"]?.headers ?? {})).toContain("Allow");
  for (const { headers } of Object.values(responses)) {
    expect(Object.keys(headers)).toContain("X-Request-Id");
  }
});

test("an outage is documented wherever it answers", () => {
  for (const { path, operation } of described) {
    const isOfIdentity = path.startsWith("/v2.0");
    expect([path, "503" in operation.responses]).toEqual([path, !isOfIdentity]);
    expect([path, "500" in operation.responses]).toEqual([path, true]);
  }
});

test("its figures are those of the simulator", () => {
  const text = JSON.stringify(openApi({ baseUrl: "https://db.example" }));
  expect(text).toContain('"maximum":300');
  expect(text).toContain('"url":"https://db.example"');
});
