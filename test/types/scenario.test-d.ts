import { type ScenarioInput, scenario } from "replication-simulator/scenario";
import { expectTypeOf, test } from "vitest";

test("a scenario is typed to its last field", () => {
  const read = scenario({
    scenario: 1,
    topology: { orders: { kind: "group", replicas: 2, volumeGb: "10GB" } },
    steps: [
      { at: "1d", do: { command: "forceFailover", of: "orders" } },
      { after: 500, do: { fault: "slowLink", of: "orders.freshest", lag: "3s", for: "1h" } },
      { label: "r", do: { command: "addReplica", of: "orders", flavorId: 2, volumeGb: 10 } },
    ],
    horizon: "30d",
  });
  expectTypeOf(read.horizon).toEqualTypeOf<number | undefined>();
  type Step = NonNullable<ScenarioInput["steps"]>[number]["do"];
  expectTypeOf<{ command: "restartInstance"; of: string }>().toExtend<Step>();
  expectTypeOf<{ command: "restartInstance" }>().not.toExtend<Step>();
  expectTypeOf<{ command: "resizeFlavor"; of: string; flavorId: 3 }>().toExtend<Step>();
  expectTypeOf<{ command: "resizeFlavor"; of: string; flavor: 3 }>().not.toExtend<Step>();
  expectTypeOf<{ fault: "crash"; of: string; for: "5m" }>().toExtend<Step>();
  expectTypeOf<{ fault: "crash"; instanceId: string }>().not.toExtend<Step>();
  expectTypeOf<{
    fault: "random";
    effect: "crash";
    of: "all";
    every: { exponential: "3d" };
    timeToRepair: 1000;
  }>().toExtend<Step>();
});
