import type fc from "fast-check";
import { type Instance, ReplicationSimulator } from "replication-simulator";
import { createHandler, type Handler } from "replication-simulator/http";
import { type InstanceState, instanceMachine } from "replication-simulator/lifecycle";
import { RealtimeDriver } from "replication-simulator/realtime";
import { topologyTree } from "replication-simulator/render";
import type { Scenario } from "replication-simulator/scenario";
import { createActiveHaGroup } from "replication-simulator/testing";
import { scenarioArbitrary } from "replication-simulator/testing/fast-check";
import {
  handleRequest,
  type Json,
  type JsonObject,
  type WireRequest,
  type WireResponse,
} from "replication-simulator/wire";
import { describe, expectTypeOf, test } from "vitest";

/* Types of the entry points: their arguments and results. Nothing here is executed. */

declare const sim: ReplicationSimulator;

describe("wire", () => {
  test("takes a request and gives an answer in JSON", () => {
    expectTypeOf(
      handleRequest(sim, { method: "GET", path: "/instances" }),
    ).toEqualTypeOf<WireResponse>();
    expectTypeOf<WireRequest["body"]>().toEqualTypeOf<unknown>();
    expectTypeOf<WireResponse["body"]>().toEqualTypeOf<JsonObject | undefined>();
    expectTypeOf<Date>().not.toExtend<Json>();
    expectTypeOf<undefined>().not.toExtend<Json>();
    // @ts-expect-error a request has a path
    handleRequest(sim, { method: "GET" });
    // @ts-expect-error timestamps are documented or zulu
    handleRequest(sim, { method: "GET", path: "/" }, { timestampStyle: "iso" });
    handleRequest(sim.account("5678"), { method: "GET", path: "/flavors" });
  });
});

describe("http", () => {
  test("is a function from a request to a promise of a response", () => {
    expectTypeOf(createHandler).returns.toEqualTypeOf<Handler>();
    expectTypeOf<Handler>().toBeCallableWith(new Request("http://localhost/"));
    expectTypeOf<Handler>().returns.toEqualTypeOf<Promise<Response>>();
    // @ts-expect-error a handler needs a world, not its options
    createHandler({ seed: 1 });
  });
});

describe("testing", () => {
  test("draws scenarios, and makes topologies of rows", () => {
    expectTypeOf(scenarioArbitrary).returns.toEqualTypeOf<fc.Arbitrary<Scenario>>();
    expectTypeOf(createActiveHaGroup(sim).group.sourceId).toEqualTypeOf<string | null>();
    // @ts-expect-error there is no such option
    scenarioArbitrary({ length: 3 });
  });
});

describe("the others", () => {
  test("render a topology, drive a simulator, and give machines to XState", () => {
    expectTypeOf(topologyTree(sim.topology)).toEqualTypeOf<string>();
    // @ts-expect-error a tree is drawn of a topology
    topologyTree(sim);
    expectTypeOf<RealtimeDriver["sim"]>().toEqualTypeOf<ReplicationSimulator>();
    // @ts-expect-error a speed is a number
    new RealtimeDriver(sim, { speed: "fast" });
    expectTypeOf(instanceMachine.id).toEqualTypeOf<string>();
    expectTypeOf<Instance["state"]>().toEqualTypeOf<InstanceState>();
    expectTypeOf(new ReplicationSimulator()).toEqualTypeOf<ReplicationSimulator>();
  });
});
