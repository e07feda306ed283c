import fc from "fast-check";
import { ReplicationError, ReplicationSimulator } from "replication-simulator";
import { expect, test } from "vitest";
import { runCommands } from "../../bench/commands.js";
import { FakeDatabases, FakeError } from "../../bench/fake.js";

/** What both can be asked; `of` chooses among the instances made so far. */
type Step =
  | { readonly do: "create"; readonly flavorId: string | number; readonly volumeGb: number }
  | { readonly do: "replica"; readonly of: number; readonly flavorId: string }
  | { readonly do: "resizeFlavor"; readonly of: number; readonly flavorId: string }
  | { readonly do: "resizeVolume"; readonly of: number; readonly volumeGb: number }
  | { readonly do: "rename"; readonly of: number; readonly name: string }
  | { readonly do: "restart" | "detach" | "delete"; readonly of: number }
  | { readonly do: "advance"; readonly ms: number }
  | { readonly do: "settle" };

const of = fc.nat(5);
const flavorId = fc.constantFrom("2", "2", "2", "1", "3", "9", "nano");
const volumeGb = fc.constantFrom(10, 10, 10, 1, 300, 0, 301, 2.5);
const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constant("create" as const),
      flavorId: fc.oneof(
        { weight: 3, arbitrary: flavorId },
        { weight: 1, arbitrary: fc.constantFrom(2, 0.5, "") },
      ),
      volumeGb,
    }),
  },
  {
    weight: 5,
    arbitrary: fc.record({ do: fc.constant("replica" as const), of, flavorId }),
  },
  fc.record({ do: fc.constant("resizeFlavor" as const), of, flavorId }),
  fc.record({ do: fc.constant("resizeVolume" as const), of, volumeGb }),
  fc.record({ do: fc.constant("rename" as const), of, name: fc.constantFrom("a", "", "reports") }),
  {
    weight: 4,
    arbitrary: fc.record({ do: fc.constantFrom("restart", "detach", "delete"), of }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constant("advance" as const),
      ms: fc.constantFrom(0, 3_000, 5_000, 60_000),
    }),
  },
  fc.record({ do: fc.constant("settle" as const) }),
);
const stepLists = fc.array(step, { minLength: 1, maxLength: 60, size: "max" });

/** The methods that `runCommands` calls; the simulator and the fake both have them. */
type Service = Pick<
  FakeDatabases,
  | "createInstance"
  | "createReplica"
  | "resizeFlavor"
  | "resizeVolume"
  | "renameInstance"
  | "restartInstance"
  | "detachReplica"
  | "deleteInstance"
  | "advance"
  | "settle"
  | "now"
> & { getInstance(id: string): Seen };

interface Seen {
  readonly id: string;
  readonly name: string;
  readonly status: string;
  readonly flavorId: string;
  readonly volumeGb: number;
  readonly usedGb: number;
  readonly sourceId: string | null;
  readonly replicaIds: readonly string[];
  readonly updatedAt: number;
}

/** Runs steps and says, after each, what was refused and what is there: ids are distinguished by order of creation. */
function* reported(service: Service, steps: readonly Step[]): Generator<unknown> {
  const ids: string[] = [];
  const place = (id: string | null) => (id === null ? null : ids.indexOf(id));
  for (const one of steps) {
    const refusal = refusalOf(() => {
      const made = perform(service, one, "of" in one ? (ids[one.of] ?? "no-such-id") : "");
      if (made !== undefined) ids.push(made.id);
    });
    yield {
      step: one,
      refusal,
      now: service.now,
      instances: ids.map((id) => {
        const row = found(service, id);
        if (row === undefined) return "gone";
        const { status, flavorId: flavor, volumeGb: size, usedGb, updatedAt } = row;
        const name = row.name === id ? "its id" : row.name;
        const links = [place(row.sourceId), row.replicaIds.map(place)];
        return { name, status, flavor, size, usedGb, updatedAt, links };
      }),
    };
  }
}

function perform(service: Service, one: Step, id: string): { readonly id: string } | undefined {
  switch (one.do) {
    case "create":
      return service.createInstance({ flavorId: one.flavorId, volumeGb: one.volumeGb });
    case "replica":
      return service.createReplica({ flavorId: one.flavorId, volumeGb: 10, replicaOf: id });
    case "resizeFlavor":
      service.resizeFlavor(id, one.flavorId);
      return undefined;
    case "resizeVolume":
      service.resizeVolume(id, one.volumeGb);
      return undefined;
    case "rename":
      service.renameInstance(id, one.name);
      return undefined;
    case "restart":
      service.restartInstance(id);
      return undefined;
    case "detach":
      service.detachReplica(id);
      return undefined;
    case "delete":
      service.deleteInstance(id);
      return undefined;
    case "advance":
      service.advance(one.ms);
      return undefined;
    case "settle":
      service.settle();
      return undefined;
  }
}

/** Fault and rule; a mock that was written by hand has one word for everything that is malformed. */
function refusalOf(call: () => void): string | null {
  try {
    call();
    return null;
  } catch (error) {
    if (error instanceof FakeError) return `${error.fault} ${error.rule}`;
    if (!(error instanceof ReplicationError)) throw error;
    const isMalformed = error.name === "InvalidInputError";
    return `${error.code} ${isMalformed ? "malformed" : error.rule}`;
  }
}

function found(service: Service, id: string): Seen | undefined {
  try {
    return service.getInstance(id);
  } catch {
    return undefined;
  }
}

function serviceOf(sim: ReplicationSimulator): Service {
  return sim as unknown as Service; // the same methods; rows differ in what the fake leaves out
}

test("the mock of the benchmarks behaves like the simulator in every scenario, refusals included", () => {
  fc.assert(
    fc.property(stepLists, (steps) => {
      const sim = serviceOf(new ReplicationSimulator({ limits: { maxInstancesPerAccount: 5 } }));
      const fake = new FakeDatabases({ quota: 5 });
      expect([...reported(fake, steps)]).toEqual([...reported(sim, steps)]);
    }),
  );
});

test("the scenarios reach every refusal of the mock, so that all its checks are compared", () => {
  const received = new Set<string>();
  for (const steps of fc.sample(stepLists, { numRuns: 1_000, seed: 1 })) {
    for (const moment of reported(new FakeDatabases({ quota: 5 }), steps)) {
      received.add((moment as { readonly refusal: string | null }).refusal ?? "none");
    }
  }
  expect([...received].sort()).toEqual([
    "badRequest flavor-differs",
    "badRequest flavor-exists",
    "badRequest is-replica",
    "badRequest malformed",
    "badRequest replication-flavor",
    "badRequest volume-grows",
    "forbidden single-source",
    "forbidden source-has-replicas",
    "itemNotFound instance-exists",
    "itemNotFound source-exists",
    "none",
    "overLimit instance-quota",
    "overLimit replica-limit",
    "unprocessableEntity delete-status",
    "unprocessableEntity detach-status",
    "unprocessableEntity hidden-backup-running",
    "unprocessableEntity rename-status",
    "unprocessableEntity replicas-leaving",
    "unprocessableEntity resize-flavor-status",
    "unprocessableEntity resize-volume-status",
    "unprocessableEntity restart-status",
    "unprocessableEntity source-status",
  ]);
});

test("the scenario of the benchmarks leaves either world with as many instances as before", () => {
  const sim = new ReplicationSimulator();
  runCommands(sim);
  expect(sim.listInstances().items).toEqual([]);
  expect(() => runCommands(new FakeDatabases())).not.toThrow();
});
