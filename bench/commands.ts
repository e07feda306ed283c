import type { CreateReplicaInput, ReplicationSimulator } from "replication-simulator";
import { FakeDatabases } from "./fake.js";
import { small, worldOf } from "./fixtures.js";
import { atMost, compare, type Row } from "./harness.js";

/** Instances that are there already: the worlds of tests are small. */
const instances = 100;

/** The verbs that the story below needs: the simulator and the fake both have them. */
interface Service {
  createInstance(input: typeof small & { readonly name: string }): { readonly id: string };
  createReplica(input: CreateReplicaInput): { readonly id: string };
  renameInstance(id: string, name: string): unknown;
  restartInstance(id: string): unknown;
  resizeFlavor(id: string, flavorId: string): unknown;
  resizeVolume(id: string, volumeGb: number): unknown;
  detachReplica(id: string): unknown;
  deleteInstance(id: string): unknown;
  settle(): void;
}

/** How many commands one telling of the story has. */
const commands = 9;

/** Everything that can be done to an instance, each followed to its end; leaves the world as large as before. */
export function story(service: Service): void {
  const source = service.createInstance({ ...small, name: "orders" });
  service.settle();
  const replica = service.createReplica({ ...small, name: "orders-r1", replicaOf: source.id });
  service.settle();
  service.restartInstance(source.id);
  service.settle();
  service.resizeVolume(source.id, 20);
  service.settle();
  service.resizeFlavor(source.id, "3");
  service.settle();
  service.detachReplica(replica.id);
  service.settle();
  service.renameInstance(replica.id, "reports");
  service.settle();
  service.deleteInstance(replica.id);
  service.settle();
  service.deleteInstance(source.id);
  service.settle();
}

/** What a command costs, its lifecycle settled, beside a hand-written mock of the same commands. */
export function commandRows(): readonly Row[] {
  const fake = new FakeDatabases({ quota: 2_000_000 });
  for (let i = 0; i < instances; i++) fake.createInstance(small);
  fake.settle();
  return [
    row("in-place", { calls: 100, goal: 5, stretch: 3 }),
    row("immutable", { calls: 20, goal: 40, stretch: 20 }),
  ];

  function row(
    store: "immutable" | "in-place",
    {
      calls,
      goal,
      stretch,
    }: { readonly calls: number; readonly goal: number; readonly stretch: number },
  ): Row {
    const sim: ReplicationSimulator = worldOf(instances, store);
    const { ratio, subjectNs, baselineNs } = compare(
      () => story(sim),
      () => story(fake),
      { pairs: 60, subjectCalls: calls, baselineCalls: 300, warmUp: 10 },
    );
    return atMost({
      name: `a command with its lifecycle settled, ${store} store`,
      value: ratio,
      unit: "x the fake",
      goal,
      stretch,
      against: `${us(subjectNs / commands)} a command, fake ${us(baselineNs / commands)}`,
    });
  }
}

function us(ns: number): string {
  return `${(ns / 1000).toFixed(2)} us`;
}
