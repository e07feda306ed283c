import { Ajv2020 } from "ajv/dist/2020.js";
import { documentedLimits } from "replication-simulator";
import { definitions, matchRoute, operations, requestSchema } from "replication-simulator/wire";
import { describe, expect, test } from "vitest";
import { strayFrom, world } from "./client.js";
import { situations } from "./fixtures.js";

const schemaOf = (id: string, limits = documentedLimits) => {
  const operation = operations.find((candidate) => candidate.id === id);
  return operation && requestSchema(operation, limits);
};

const ajv = new Ajv2020({ strict: false });
const accepts = (id: string, body: unknown, limits = documentedLimits): boolean =>
  ajv.validate(schemaOf(id, limits) as object, body);

describe("the schema of what an operation takes", () => {
  test("is there exactly where there is a body", () => {
    for (const { id, method } of operations) {
      expect([id, schemaOf(id) !== undefined]).toEqual([id, !["GET", "DELETE"].includes(method)]);
    }
  });

  test("is valid under the meta-schema", () => {
    const ajv = new Ajv2020();
    for (const { id } of operations) {
      const schema = schemaOf(id);
      if (schema !== undefined)
        expect([id, ajv.validateSchema(schema as object)]).toEqual([id, true]);
    }
  });

  const requests = Object.entries(situations).flatMap(([name, situation]) => {
    const { request } = situation();
    const isFault = name.startsWith("fault-") || name.startsWith("ha-upgrade");
    return request.body === undefined || isFault ? [] : [{ name, request }];
  });
  test.each(requests)("takes the example $name", ({ request }) => {
    expect(accepts(matchRoute(request).operation.id, request.body)).toBe(true);
  });

  test("has the figures of the fields, and follows the limits", () => {
    const sized = (size: unknown) => ({ instance: { flavorRef: 2, volume: { size } } });
    expect(accepts("createInstance", sized(300))).toBe(true);
    for (const size of [0, 301, 1.5, "x"])
      expect(accepts("createInstance", sized(size))).toBe(false);
    const large = { ...documentedLimits, maxVolumeGb: 1536 };
    expect(accepts("createInstance", sized(1536), large)).toBe(true);
  });

  test.each([
    ["createInstance", {}],
    ["createInstance", { instance: { flavorRef: 2 } }],
    ["createInstance", { instance: { volume: { size: 1 } } }],
    ["createHaGroup", { ha: { name: "a", replica_source: [], replicas: [] } }],
    ["convertToHa", { convert_to_ha: {} }],
    ["addAcl", {}],
    ["addAcl", { address: "10.0.0.0" }],
    ["createBackup", { backup: { instance: "a" } }],
    ["createSchedule", { schedule: { instance_id: "a" } }],
    ["resizeHaGroupVolumes", { resize_volumes: {} }],
    ["configureHaGroup", { ha_instance: {} }],
    ["createUsers", { users: [{ name: "a" }] }],
  ])("of %s does not take %j", (id, body) => {
    expect(accepts(id, body)).toBe(false);
  });
});

describe("the schemas of what is answered", () => {
  test("are valid, and every part is used", () => {
    const ajv = new Ajv2020({ allowUnionTypes: true });
    const used = new Set<string>(["Fault"]);
    const text = JSON.stringify([definitions, ...operations.map(({ response }) => response)]);
    for (const [, name = ""] of text.matchAll(/#\/\$defs\/(\w+)/g)) used.add(name);
    expect([...used].sort()).toEqual(Object.keys(definitions).sort());
    for (const { response } of operations) {
      if (response === undefined) continue;
      expect(ajv.validateSchema({ ...response, $defs: definitions })).toBe(true);
    }
  });

  test("would see a stray, a missing or a wrong member", () => {
    const { send } = world();
    const answer = send("GET", "/flavors/2");
    const flavor = answer.body?.["flavor"] as Record<string, unknown>;
    const schema = operations.find(({ id }) => id === "getFlavor")?.response;
    expect(strayFrom(schema, { flavor })).toEqual([]);
    const { ram, ...rest } = flavor;
    for (const wrong of [{ ...flavor, more: 1 }, rest, { ...flavor, ram: String(ram) }]) {
      expect(strayFrom(schema, { flavor: wrong })).not.toEqual([]);
    }
  });

  test("fit what the catalog has", () => {
    const { send } = world();
    const read = (path: string) => expect(send("GET", path).status).toBe(200);
    read("/flavors");
    read("/datastores");
    const [type] = send("GET", "/datastores").body?.["datastores"] as [{ id: string }];
    read(`/datastores/${type.id}`);
    read(`/datastores/${type.id}/versions`);
    read("/datastores/mysql/versions/5.6");
    for (const path of ["/datastores/oracle", "/datastores/mysql/versions/1", "/flavors/99"]) {
      expect(send("GET", path).status).toBe(404);
    }
  });
});
