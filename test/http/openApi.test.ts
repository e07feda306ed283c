import { createConfig, lintFromString } from "@redocly/openapi-core";
import { Validator } from "@seriousme/openapi-schema-validator";
import { openApi } from "replication-simulator/http";
import { operations } from "replication-simulator/wire";
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

test("its figures are those of the simulator", () => {
  const text = JSON.stringify(openApi({ baseUrl: "https://db.example" }));
  expect(text).toContain('"maximum":300');
  expect(text).toContain('"url":"https://db.example"');
});
