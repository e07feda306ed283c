import type { InputOf, ReplicationSimulator } from "replication-simulator";
import { FakeDatabases } from "./fake.js";
import { idsOf, small, worldOf } from "./fixtures.js";
import { atMost, compare, type Row, timed } from "./harness.js";

/** Instances that are there already: the worlds of tests are small. */
const instances = 100;

/** The methods that the commands below need; the simulator and the fake both have them. */
interface Service {
  createInstance(input: typeof small & { readonly name: string }): { readonly id: string };
  createReplica(input: InputOf<"createReplica">): { readonly id: string };
  renameInstance(id: string, name: string): unknown;
  restartInstance(id: string): unknown;
  resizeFlavor(id: string, flavorId: string): unknown;
  resizeVolume(id: string, volumeGb: number): unknown;
  detachReplica(id: string): unknown;
  deleteInstance(id: string): unknown;
  settle(): void;
}

/** Number of commands of one run. */
const commands = 9;

/** Everything that can be done to an instance, each followed to its end; leaves the world as large as before. */
export function runCommands(service: Service): void {
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
    row("immutable", { calls: 20, goal: 20 }),
    subscriber(),
    forkAndCommand(),
  ];

  function row(
    store: "immutable" | "in-place",
    {
      calls,
      goal,
      stretch,
    }: { readonly calls: number; readonly goal: number; readonly stretch?: number },
  ): Row {
    const sim: ReplicationSimulator = worldOf(instances, store);
    const { ratio, subjectNs, baselineNs } = compare(
      () => runCommands(sim),
      () => runCommands(fake),
      { pairs: 60, subjectCalls: calls, baselineCalls: 300, warmUp: 10 },
    );
    return atMost({
      name: `a command with its lifecycle settled, ${store} store`,
      value: ratio,
      unit: "x the fake",
      goal,
      ...(stretch === undefined ? {} : { stretch }),
      against: `${us(subjectNs / commands)} a command, fake ${us(baselineNs / commands)}`,
    });
  }
}

function us(ns: number): string {
  return `${(ns / 1000).toFixed(2)} us`;
}

/** What a subscriber costs that does not ask for patches: entries are frozen when they are given out. */
function subscriber(): Row {
  const alone = worldOf(instances, "immutable", { journal: true });
  const observed = worldOf(instances, "immutable", { journal: true });
  observed.subscribe(() => undefined);
  const { ratio, subjectNs, baselineNs } = compare(
    () => runCommands(observed),
    () => runCommands(alone),
    { pairs: 60, subjectCalls: 20, baselineCalls: 20, warmUp: 10 },
  );
  return atMost({
    name: "a command with its lifecycle settled, with a subscriber without patches",
    value: ratio,
    unit: "x without a subscriber",
    goal: 1.3,
    against: `${us(subjectNs / commands)} a command, alone ${us(baselineNs / commands)}`,
  });
}

/** Another future of a moment, and the first thing that is done in it. */
function forkAndCommand(): Row {
  const sim = worldOf(instances, "immutable");
  const [id = ""] = idsOf(sim, 1);
  const once = (): void => {
    sim.fork().restartInstance(id);
  };
  for (let round = 0; round < 20; round++) timed(once, 200);
  const times = Array.from({ length: 60 }, () => timed(once, 200));
  return atMost({
    name: "fork and one command, immutable store",
    value: Math.min(...times) / 1000,
    unit: "us",
    goal: 10,
    against: "the clock, the best of 60 rounds",
  });
}
