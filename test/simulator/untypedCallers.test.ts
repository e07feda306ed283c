import { ReplicationSimulator } from "replication-simulator";
import { handleRequest } from "replication-simulator/wire";
import { expect, test } from "vitest";
import { formatValue } from "../../src/model/errors.js";

test("a snapshot of another copy of the package is read by its plain form", () => {
  const sim = new ReplicationSimulator();
  sim.createInstance({ flavorId: 2, volumeGb: 1 });
  const snapshot = sim.snapshot();
  const ofAnotherCopy = { toJSON: () => snapshot.toJSON() };
  const restored = ReplicationSimulator.restore(ofAnotherCopy as never);
  expect(restored.fingerprint()).toBe(sim.fingerprint());
  const broken = {
    toJSON: () => {
      throw new Error("inside");
    },
  };
  expect(() => ReplicationSimulator.restore(broken as never)).toThrow(/snapshot/);
});

test("a value that throws whatever it is asked can stand in a message", () => {
  const hostile = new Proxy<unknown[]>([], {
    get: () => {
      throw new RangeError("inside");
    },
  });
  expect(formatValue(hostile)).toBe("an array");
  const sim = new ReplicationSimulator();
  expect(() => sim.createInstance({ name: hostile } as never)).toThrow(/name must be/);
});

test("a lone surrogate in a query is carried into links as a replacement", () => {
  const sim = new ReplicationSimulator();
  for (let n = 0; n < 3; n++) sim.createInstance({ flavorId: 2, volumeGb: 1 });
  const query = { limit: "1", other: "\ud800" };
  const { status, body } = handleRequest(sim, { method: "GET", path: "/instances", query });
  expect(status).toBe(200);
  expect(JSON.stringify(body)).toContain("%EF%BF%BD");
});
