import { readdirSync, readFileSync } from "node:fs";
import { runScenario } from "replication-simulator/scenario";
import { parseScenarioFile } from "replication-simulator/scenario-file";
import { createScenarioWorld, expectNoBrokenInvariants } from "replication-simulator/testing";
import { describe, expect, test } from "vitest";

const file = `
scenario: 1
topology:
  orders: { kind: group, replicas: 2 }
  users: { kind: set }
steps:
  - { at: 10m, do: { fault: crash, of: orders.source } }
  - { at: 11m, label: extra, do: { command: createInstance, flavorId: 2, volumeGb: 10 } }
horizon: 15m
`;

describe("a world from a scenario file", () => {
  test("has its topology, and what its steps lead to", () => {
    const { sim, idOf, idsOf } = createScenarioWorld(parseScenarioFile(file));
    expect(sim.getGroup(idOf("orders")).status).toBe("ACTIVE");
    // The failover is over: another source, and a replacement.
    expect(idOf("orders.source")).not.toBe(idOf("orders.1"));
    expect(idsOf("orders.replicas")).toHaveLength(2);
    expect(sim.getInstance(idOf("users.source")).replicaIds).toEqual([idOf("users.r1")]);
    expect(sim.getInstance(idOf("extra")).status).toBe("ACTIVE");
    expectNoBrokenInvariants(sim);
  });

  test("is the world that the scenario runs in, by its seed or another", () => {
    const scenario = parseScenarioFile(file);
    const seeded = createScenarioWorld(scenario, { seed: 9 });
    expect(seeded.sim.fingerprint()).toBe(runScenario(scenario, { seed: 9 }).sim.fingerprint());
    expect(seeded.sim.fingerprint()).not.toBe(createScenarioWorld(scenario).sim.fingerprint());
  });

  test("names what a reference may be, and what stands for several", () => {
    const { idOf } = createScenarioWorld(parseScenarioFile(file));
    expect(() => idOf("order.source")).toThrow("orders, users, extra");
    expect(() => idOf("orders.replicas")).toThrow("it stands for 2");
    expect(() => idOf("orders.r9")).toThrow("it stands for 0");
  });

  test("fails when a step is refused or a check does not hold", () => {
    const gone = { do: { command: "deleteInstance", of: "id:none" } } as const;
    expect(() => createScenarioWorld({ scenario: 1, steps: [gone] })).toThrow("step 0 is refused");
    const check = { do: { expect: "users.source", status: "ERROR" } } as const;
    const topology = { users: { kind: "set" } } as const;
    expect(() => createScenarioWorld({ scenario: 1, topology, steps: [check] })).toThrow(
      "step 0: ",
    );
  });

  test("refuses options that it does not know", () => {
    expect(() => createScenarioWorld({ scenario: 1 }, { seeds: 1 } as never)).toThrow(
      "one of seed",
    );
  });

  test.each(readdirSync("examples/scenarios").filter((name) => name.endsWith(".yaml")))(
    "the topology of the example %s can be created",
    (name) => {
      const scenario = parseScenarioFile(readFileSync(`examples/scenarios/${name}`, "utf8"));
      const { steps = [], topology = {} } = scenario;
      const { sim, idOf } = createScenarioWorld({
        scenario: 1,
        topology,
        steps: steps.slice(0, 0),
      });
      for (const thing of Object.keys(topology)) expect(idOf(thing)).not.toBe("");
      expectNoBrokenInvariants(sim);
    },
  );
});
