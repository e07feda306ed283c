import {
  type AccountClient,
  type Backup,
  type Command,
  type CommandOf,
  type Fact,
  type HaGroup,
  type Instance,
  type InstanceStatus,
  type Page,
  type ReplicationError,
  ReplicationSimulator,
  type Result,
  type SimulatorOptions,
} from "replication-simulator";
import { describe, expectTypeOf, test } from "vitest";
import { topologyOf } from "../../src/simulator/clientKernel.js";

/*
 * What the compiler keeps from happening. Nothing here is run: a line that must not compile says so, and is red as soon
 * as it does.
 */

declare const sim: ReplicationSimulator;

describe("commands", () => {
  test("that are impossible do not compile", () => {
    const size = { flavorId: 2, volumeGb: 10 };
    sim.createInstance(size);
    // @ts-expect-error a size is needed
    sim.createInstance({ name: "orders" });
    // @ts-expect-error a volume is a number
    sim.createInstance({ flavorId: 2, volumeGb: "10" });
    // @ts-expect-error a replica has a source
    sim.createReplica(size);
    // @ts-expect-error the field is called replicaOf
    sim.createReplica({ ...size, sourceId: "a" });
    // @ts-expect-error a group needs a name
    sim.convertToHa("a", {});
    // @ts-expect-error there is no such network
    sim.convertToHa("a", { name: "ha", networks: ["private"] });
    // @ts-expect-error the id of the instance is the first argument
    sim.convertToHa("a", { name: "ha", instanceId: "b" });
    // @ts-expect-error no command has that name
    sim.execute({ type: "promote", instanceId: "a" });
    // @ts-expect-error a restart takes an instance
    sim.execute({ type: "restartInstance", groupId: "a" });
    // @ts-expect-error an instance never has the status of a group
    sim.waitFor("a", "PROMOTED");
    // @ts-expect-error a backup has statuses of its own
    sim.waitForBackup("a", "ACTIVE");
  });

  test("are a union that is closed by their type", () => {
    expectTypeOf<CommandOf<"renameInstance">>().toEqualTypeOf<
      Extract<Command, { readonly type: "renameInstance" }>
    >();
    expectTypeOf<Command["type"]>().not.toEqualTypeOf<string>();
    expectTypeOf<Fact["type"]>().not.toEqualTypeOf<string>();
  });

  test("give back what they are about", () => {
    expectTypeOf(sim.createReplica).returns.toEqualTypeOf<Instance>();
    expectTypeOf(sim.addReplica).returns.toEqualTypeOf<Instance>();
    expectTypeOf(sim.convertToHa).returns.toEqualTypeOf<HaGroup>();
    expectTypeOf(sim.createBackup).returns.toEqualTypeOf<Backup>();
    expectTypeOf(sim.listInstances).returns.toEqualTypeOf<Page<Instance>>();
    expectTypeOf(sim.failTask).returns.toEqualTypeOf<string>();
    expectTypeOf(sim.account("5678").waitFor).returns.toEqualTypeOf<Instance | HaGroup>();
    expectTypeOf(sim.deleteSchedule).returns.toEqualTypeOf<void>();
    const group = sim.execute({ type: "restartGroup", groupId: "a" });
    expectTypeOf(group).toEqualTypeOf<HaGroup>();
  });
});

describe("faults", () => {
  test("are narrowed by their kind", () => {
    sim.inject({ kind: "crash", instanceId: "a", durationMs: 1000 }, { afterMs: 5 });
    // @ts-expect-error a crash strikes an instance
    sim.inject({ kind: "crash", replicaId: "a" });
    // @ts-expect-error an unknown kind
    sim.inject({ kind: "meteor" });
    // @ts-expect-error what repairs does not last
    sim.inject({ kind: "recover", instanceId: "a", durationMs: 1000 });
    // @ts-expect-error an outage answers with one of two faults
    sim.inject({ kind: "outage", respondWith: "itemNotFound" });
  });
});

describe("the form that does not throw", () => {
  test("has a value or an error, never both", () => {
    const result = sim.try.createReplica({ flavorId: 2, volumeGb: 10, replicaOf: "a" });
    expectTypeOf(result).toEqualTypeOf<Result<Instance>>();
    if (result.ok) {
      expectTypeOf(result.value).toEqualTypeOf<Instance>();
      // @ts-expect-error there is no error where it went well
      void result.error;
    } else {
      expectTypeOf(result.error).toEqualTypeOf<ReplicationError>();
      // @ts-expect-error there is no value where it was refused
      void result.value;
    }
  });

  test("has the input of its method", () => {
    expectTypeOf(sim.try.detachReplica).parameters.toEqualTypeOf<
      Parameters<AccountClient["detachReplica"]>
    >();
    // @ts-expect-error time is not an operation of an account
    void sim.try.advance;
  });
});

describe("rows", () => {
  const instance = {} as Instance;

  test("are read and never written", () => {
    // @ts-expect-error a status is the lifecycle's
    instance.status = "ACTIVE";
    // @ts-expect-error links are the topology's
    instance.replicaIds.push("a");
    // @ts-expect-error a topology is a value
    topologyOf(sim).instances = topologyOf(sim).instances;
    // @ts-expect-error settings are decided when a simulator is made
    sim.settings.seed = 2;
  });

  test("say what may be missing", () => {
    expectTypeOf(instance.sourceId).toEqualTypeOf<string | null>();
    expectTypeOf<"ACTIVE">().toExtend<InstanceStatus>();
    expectTypeOf<"active">().not.toExtend<InstanceStatus>();
  });
});

describe("options", () => {
  test("know their words", () => {
    expectTypeOf<SimulatorOptions["store"]>().toEqualTypeOf<"immutable" | "in-place" | undefined>();
    // @ts-expect-error there is no such profile
    new ReplicationSimulator({ latency: "slow" });
    // @ts-expect-error an unknown option
    new ReplicationSimulator({ sed: 1 });
    // @ts-expect-error a store belongs to the past of a fork
    sim.fork({ store: "in-place" });
  });

  test("of a branch give back futures of the same names", () => {
    const futures = sim.branch({ calm: {}, crash: (future) => void future.settle() });
    expectTypeOf(futures.calm).toEqualTypeOf<ReplicationSimulator>();
    // @ts-expect-error a future that was not requested
    void futures.storm;
  });

  test("of an account client narrow it to the methods of an account", () => {
    const client = sim.account("5678", { role: "observer" });
    expectTypeOf(client).toEqualTypeOf<AccountClient>();
    // @ts-expect-error time is the operator's
    void client.advance;
    // @ts-expect-error there is no such role
    sim.account("5678", { role: "root" });
  });
});
