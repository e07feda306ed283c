import { describe, expect, it } from "vitest";
import { type Fact, type Instance, ReplicationSimulator } from "../../src/index.js";
import { scenario } from "../../src/scenario/index.js";
import { createActiveHaGroup, expectNoBrokenInvariants } from "../../src/testing/index.js";
import { CompiledDesign } from "../../src/whatif/compiled/compiledDesign.js";
import { solveScenario } from "../../src/whatif/exact/exactAnswer.js";
import { prepareDesign } from "../../src/whatif/future/design.js";
import { runFuture } from "../../src/whatif/future/runFuture.js";
import { withPlannedFaults } from "../../src/whatif/shrink/plannedFaults.js";

type Rack = Instance["rack"];

const size = { flavorId: 2, volumeGb: 10 };
const hourMs = 3_600_000;
const dayMs = 24 * hourMs;
const repair = { timeToRepair: hourMs };

/** A world with instances in given racks, all ACTIVE. */
function world(racks: readonly Rack[], options: { readonly seed?: number } = {}) {
  const sim = new ReplicationSimulator({ seed: 1, ...options });
  const ids = racks.map((rack, at) => {
    return sim.createInstance({ ...size, rack, label: `${rack} ${String(at)}` }).id;
  });
  sim.advance(120_000);
  const facts: { readonly at: number; readonly fact: Fact }[] = [];
  sim.subscribe((entry) => {
    for (const fact of entry.facts) facts.push({ at: entry.at, fact });
  });
  const activations = () =>
    facts.flatMap(({ at, fact }) =>
      fact.type === "FaultInjected" && fact.injected.fault.kind === "correlated"
        ? [{ at, fault: fact.injected.fault }]
        : [],
    );
  const statuses = () => ids.map((id) => sim.getInstance(id).status);
  return { sim, ids, facts, activations, statuses };
}

describe("a correlated fault is one fault", () => {
  it("whose parts are listed, name it, and end with it", () => {
    const { sim, statuses } = world(["rack-1", "rack-1", "rack-2"]);
    const id = sim.inject({ kind: "correlated", effect: "crash", rack: "rack-1" });
    expect(statuses()).toEqual(["SHUTDOWN", "SHUTDOWN", "ACTIVE"]);
    const [whole, ...parts] = sim.listFaults();
    expect(whole).toMatchObject({ id, phase: "active", partOf: null });
    expect(parts.map(({ partOf, fault }) => `${fault.kind} ${partOf}`)).toEqual([
      `crash ${id}`,
      `crash ${id}`,
    ]);
    sim.clearFault(id);
    expect(statuses()).toEqual(["ACTIVE", "ACTIVE", "ACTIVE"]);
    expect(sim.listFaults()).toEqual([]);
    expectNoBrokenInvariants(sim);
  });

  it("of which no part is cleared alone, as the error says", () => {
    const { sim, statuses } = world(["rack-1", "rack-1"]);
    const id = sim.inject({ kind: "correlated", effect: "hang", rack: "rack-1" });
    const part = sim.listFaults()[1]?.id ?? "";
    const before = sim.topology;
    expect(() => {
      sim.clearFault(part);
    }).toThrow(expect.objectContaining({ rule: "fault-is-whole", allowed: id }));
    expect(sim.topology).toBe(before);
    expect(statuses()).toEqual(["BLOCKED", "BLOCKED"]);
  });

  it("that ends at its time, all parts in one transaction", () => {
    const { sim, facts, statuses } = world(["rack-1", "rack-1"]);
    sim.inject({ kind: "correlated", effect: "partition", rack: "rack-1", durationMs: hourMs });
    const since = sim.journal().lines.length;
    sim.advance(hourMs - 1);
    expect(sim.listFaults()).toHaveLength(3);
    sim.advance(1);
    expect(sim.listFaults()).toEqual([]);
    expect(sim.journal().lines.length).toBe(since + 1);
    expect(facts.filter(({ fact }) => fact.type === "FaultEnded")).toHaveLength(3);
    expect(statuses()).toEqual(["ACTIVE", "ACTIVE"]);
  });

  it("and stays when an operator repairs one instance of it", () => {
    const { sim, ids, statuses } = world(["rack-1", "rack-1"]);
    const id = sim.inject({ kind: "correlated", effect: "crash", rack: "rack-1" });
    sim.inject({ kind: "recover", instanceId: ids[0] ?? "" });
    expect(statuses()).toEqual(["ACTIVE", "SHUTDOWN"]);
    expect(sim.listFaults().map(({ partOf }) => partOf)).toEqual([null, id]);
    sim.deleteInstance(ids[1] ?? "");
    sim.settle();
    expect(sim.listFaults().map((fault) => fault.id)).toEqual([id]);
    sim.clearFault(id);
    expectNoBrokenInvariants(sim);
  });

  it("whose end is one choice of what happens next", () => {
    const sim = new ReplicationSimulator({ journal: false });
    for (const rack of ["rack-1", "rack-1"] as const) sim.createInstance({ ...size, rack });
    sim.settle();
    const id = sim.inject({ kind: "correlated", effect: "crash", rack: "rack-1", durationMs: 1 });
    const choices = sim.stateSpace.choices();
    expect(choices.map((choice) => choice.id)).toEqual([id]);
    const faultIds = sim.listFaults().map((fault) => fault.id);
    expect(sim.stateSpace.allowedCommands({ clearFault: { faultId: faultIds } })).toEqual([
      { type: "clearFault", faultId: id },
    ]);
    for (const choice of choices) sim.stateSpace.fire(choice);
    expect(sim.listInstances().items.map(({ status }) => status)).toEqual(["ACTIVE", "ACTIVE"]);
  });

  it("also in snapshots, in replays and in both stores", () => {
    const { sim } = world(["rack-1", "rack-1"]);
    sim.inject({ kind: "correlated", effect: "crash", rack: "rack-1", durationMs: hourMs });
    const restored = ReplicationSimulator.restore(sim.snapshot());
    const replayed = ReplicationSimulator.replay(sim.journal());
    for (const one of [sim, restored, replayed]) {
      expect(one.listFaults()).toHaveLength(3);
      one.advance(hourMs);
      expect(one.listFaults()).toEqual([]);
      expectNoBrokenInvariants(one);
    }
  });

  it("and `explain` leads from an instance to it", () => {
    const { sim, ids } = world(["rack-1", "rack-2"]);
    sim.inject({ kind: "correlated", effect: "crash", rack: "rack-1" });
    const facts = sim.explain(ids[0] ?? "").flatMap(({ line }) => line.facts);
    expect(facts).toContainEqual(
      expect.objectContaining({
        type: "FaultInjected",
        injected: expect.objectContaining({
          fault: { kind: "correlated", effect: "crash", rack: "rack-1" },
        }),
      }),
    );
  });
});

describe("random processes strike a rack or a zone", () => {
  it("all instances in it at once, and repair them at once", () => {
    const { sim, statuses, activations } = world(["rack-1", "rack-1", "rack-2", "rack-3"]);
    sim.injectRandom({
      fault: "crash",
      target: { rack: "rack-1" },
      timeToFailure: dayMs,
      timeToRepair: hourMs,
    });
    sim.advance(dayMs);
    expect(statuses()).toEqual(["SHUTDOWN", "SHUTDOWN", "ACTIVE", "ACTIVE"]);
    sim.advance(hourMs);
    expect(statuses()).toEqual(["ACTIVE", "ACTIVE", "ACTIVE", "ACTIVE"]);
    // The clock stood while the rack was down.
    sim.advance(dayMs - 1);
    expect(activations()).toHaveLength(1);
    sim.advance(1);
    expect(activations()).toHaveLength(2);
    expectNoBrokenInvariants(sim);
  });

  it("each rack or each zone with a clock of its own", () => {
    const { sim, activations } = world(["rack-1", "rack-4"]);
    const id = sim.injectRandom({
      fault: "partition",
      target: { each: "zone" },
      timeToFailure: { kind: "exponential", meanMs: dayMs },
      ...repair,
    });
    expect(sim.listFaults()).toHaveLength(1 + 3);
    sim.advance(40 * dayMs);
    const zones = activations().map(({ fault }) => fault.zone);
    for (const zone of ["zone-1", "zone-2", "zone-3"] as const) {
      expect(zones.filter((one) => one === zone).length).toBeGreaterThan(15);
    }
    sim.clearFault(id);
    sim.advance(hourMs);
    expect(sim.listFaults()).toEqual([]);
    expectNoBrokenInvariants(sim);
  });

  it("a rack without instances too, so that what stands in it does not matter", () => {
    const process = {
      fault: "crash",
      target: { each: "rack" },
      timeToFailure: { kind: "exponential", meanMs: dayMs },
      timeToRepair: { kind: "exponential", meanMs: hourMs },
    } as const;
    const timesIn = (racks: readonly Rack[], late: boolean) => {
      const { sim, activations } = world(racks);
      sim.injectRandom(process);
      sim.advance(dayMs);
      if (late) sim.createInstance({ ...size, rack: "rack-1", label: "late" });
      sim.advance(20 * dayMs);
      return activations().map(({ at, fault }) => `${String(at)} ${String(fault.rack)}`);
    };
    const times = timesIn(["rack-2"], false);
    expect(times.length).toBeGreaterThan(50);
    expect(timesIn(["rack-2"], true)).toEqual(times);
    expect(timesIn(["rack-1", "rack-1", "rack-2", "rack-3"], false)).toEqual(times);
  });

  it("each rack by its name, whatever other racks there are and have failed", () => {
    const timesOf = (racksPerZone: number) => {
      const sim = new ReplicationSimulator({ placement: { zones: 1, racksPerZone } });
      const times: number[] = [];
      sim.subscribe(({ at, facts }) => {
        for (const fact of facts) {
          if (fact.type !== "FaultInjected") continue;
          const { fault } = fact.injected;
          if (fault.kind === "correlated" && fault.rack === "rack-2") times.push(at);
        }
      });
      sim.injectRandom({
        fault: "crash",
        target: { each: "rack" },
        timeToFailure: { kind: "exponential", meanMs: dayMs },
        ...repair,
      });
      sim.advance(20 * dayMs);
      return times;
    };
    expect(timesOf(2).length).toBeGreaterThan(5);
    expect(timesOf(7)).toEqual(timesOf(2));
  });

  it("a rack with MTBF and MTTR is down MTTR / (MTBF + MTTR) of the time, with all that stands in it", () => {
    const meanMs = dayMs;
    const mttrMs = 6 * hourMs;
    const racks = 50;
    const horizonMs = 200 * dayMs;
    const sim = new ReplicationSimulator({
      seed: 11,
      placement: { zones: 1, racksPerZone: racks },
      limits: { maxInstancesPerAccount: racks },
      store: "in-place",
      journal: false,
    });
    const ids = Array.from({ length: racks }, (_, at) => {
      const rack: Rack = `rack-${at + 1}`;
      return sim.createInstance({ ...size, rack }).id;
    });
    sim.settle();
    const start = sim.now;
    let downMs = 0;
    let failures = 0;
    const downSince = new Map<string, number>();
    sim.subscribe(({ at, facts }) => {
      for (const fact of facts) {
        if (fact.type !== "InstanceStateEntered") continue;
        if (fact.status === "SHUTDOWN") {
          failures += 1;
          downSince.set(fact.id, at);
        } else if (downSince.has(fact.id)) {
          downMs += at - (downSince.get(fact.id) ?? at);
          downSince.delete(fact.id);
        }
      }
    });
    sim.injectRandom({
      fault: "crash",
      target: { each: "rack" },
      timeToFailure: { kind: "exponential", meanMs },
      timeToRepair: { kind: "exponential", meanMs: mttrMs },
    });
    sim.advance(horizonMs);
    for (const since of downSince.values()) downMs += start + horizonMs - since;
    const cycles = (ids.length * horizonMs) / (meanMs + mttrMs);
    // Renewals of this law have a variance of about 0.68 a cycle; five standard deviations.
    expect(Math.abs(failures - cycles)).toBeLessThan(5 * Math.sqrt(0.68 * cycles));
    const share = downMs / (ids.length * horizonMs);
    expect(Math.abs(share - mttrMs / (meanMs + mttrMs))).toBeLessThan(0.01);
  });

  it("a fork draws the time that is left by the law, given what has passed", () => {
    // Weibull of shape 3: an old rack fails sooner. P(T > 2 d | T > 1.5 d) = exp(1.5^3 / 8 − 1), scale 2 d.
    const { sim } = world(["rack-1"], { seed: 6 });
    const id = sim.injectRandom({
      fault: "crash",
      target: { rack: "rack-1" },
      timeToFailure: { kind: "weibull", scaleMs: 2 * dayMs, shape: 3 },
      ...repair,
    });
    const due = sim.listFaults().find((fault) => fault.id === id)?.dueAt ?? 0;
    const start = sim.now;
    expect(due - start).toBeGreaterThan(1.5 * dayMs);
    sim.advanceTo(start + 1.5 * dayMs);
    const count = 2000;
    let later = 0;
    for (let seed = 10; seed < count + 10; seed++) {
      const fork = sim.fork({ seed });
      const next = fork.listFaults().find((fault) => fault.id === id)?.dueAt ?? 0;
      expect(next).toBeGreaterThan(sim.now);
      if (next > start + 2 * dayMs) later += 1;
    }
    const share = Math.exp(1.5 ** 3 / 8 - 1);
    expect(Math.abs(later / count - share)).toBeLessThan(
      5 * Math.sqrt((share * (1 - share)) / count),
    );
    // The same seed leaves everything as it is.
    expect(sim.fork().listFaults()).toEqual(sim.listFaults());
  });

  it("a fork draws a repair under way anew as well, for the whole rack", () => {
    const { sim } = world(["rack-1", "rack-1"]);
    sim.injectRandom({
      fault: "crash",
      target: { rack: "rack-1" },
      timeToFailure: dayMs,
      timeToRepair: { kind: "exponential", meanMs: hourMs },
    });
    sim.advance(dayMs);
    const ends = new Set<number>();
    for (let seed = 10; seed < 30; seed++) {
      const fork = sim.fork({ seed });
      const whole = fork.listFaults().find(({ fault }) => fault.kind === "correlated");
      ends.add(whole?.endsAt ?? 0);
      fork.advanceTo(whole?.endsAt ?? 0);
      expect(fork.listInstances().items.map(({ status }) => status)).toEqual(["ACTIVE", "ACTIVE"]);
      expectNoBrokenInvariants(fork);
    }
    expect(ends.size).toBeGreaterThan(18);
  });

  it("and a rack whose failure is cleared counts from then on", () => {
    const { sim, activations } = world(["rack-1"]);
    sim.injectRandom({
      fault: "hang",
      target: { rack: "rack-1" },
      timeToFailure: dayMs,
      timeToRepair: 10 * dayMs,
    });
    sim.advance(dayMs);
    const whole = sim.listFaults().find(({ fault }) => fault.kind === "correlated");
    sim.clearFault(whole?.id ?? "");
    sim.advance(dayMs - 1);
    expect(activations()).toHaveLength(1);
    sim.advance(1);
    expect(activations()).toHaveLength(2);
  });

  it("a zone that fails at random is failed over from", () => {
    const sim = new ReplicationSimulator({ seed: 2 });
    const { group, source } = createActiveHaGroup(sim, { replicas: 2 });
    sim.injectRandom({
      fault: "crash",
      target: { zone: source.zone },
      timeToFailure: hourMs,
      timeToRepair: dayMs,
    });
    sim.advance(2 * hourMs);
    expect(sim.getGroup(group.id).failovers).toHaveLength(1);
    expectNoBrokenInvariants(sim);
  });

  it("is refused for populations, for kinds of replicas, and for places that are not there", () => {
    const sim = new ReplicationSimulator();
    const errorOf = (fault: object) => {
      const found = sim.try.inject({
        kind: "random",
        fault: "crash",
        timeToFailure: 1,
        ...repair,
        ...fault,
      } as never);
      return found.ok ? undefined : found.error;
    };
    expect(errorOf({ target: { rack: "rack-7" } })).toMatchObject({
      rule: "known-place",
      field: "fault.target.rack",
    });
    expect(errorOf({ target: { each: "host" } })).toMatchObject({
      issues: [{ field: "fault.target.each", rule: "random-target" }],
    });
    expect(errorOf({ target: { rack: "rack-1" }, fault: "cutLink" })).toMatchObject({
      rule: "random-place",
      field: "fault.fault",
      allowed: ["crash", "hang", "partition"],
    });
    const among = sim.try.injectRandomAmong({
      fault: "crash",
      target: { each: "rack" },
      timeBetweenFailures: 1,
      ...repair,
    });
    expect(among).toMatchObject({ ok: false, error: { rule: "random-place" } });
    expect(sim.listFaults()).toEqual([]);
  });
});

describe("what computes futures from states runs those of places by the simulator", () => {
  const parts = {
    scenario: 1,
    topology: { orders: { kind: "group", replicas: 2 } },
    random: {
      zones: {
        fault: "crash",
        each: "zone",
        every: { exponential: 10 * dayMs },
        timeToRepair: hourMs,
      },
    },
    horizon: 30 * dayMs,
    measures: { down: { measure: "writesDown", of: "orders" } },
  } as const;

  it("with the reason, and the same value as a run", () => {
    const design = new CompiledDesign(scenario(parts));
    expect(design.simulate(1)).toBeUndefined();
    expect(design.report()).toMatchObject({
      engine: "simulator",
      reason: "the process zones strikes a place with all that stands in it",
    });
  });

  it("and one future of them is written as steps with the same outcome", () => {
    const planned = withPlannedFaults(scenario(parts), 3);
    expect(planned.steps?.length).toBeGreaterThan(3);
    for (const { do: action } of planned.steps ?? []) {
      expect(action).toMatchObject({ fault: "correlated", effect: "crash", for: hourMs });
    }
    const outcomeOf = (of: typeof planned) => runFuture(prepareDesign(of), 3).outcome;
    expect(outcomeOf(planned)).toEqual(outcomeOf(scenario(parts)));
  });

  it("and exact answers refuse them", () => {
    const exact = scenario({ ...parts, expect: { up: { never: "writesDown", of: "orders" } } });
    expect(() => solveScenario(exact)).toThrow(
      expect.objectContaining({
        issues: [expect.objectContaining({ field: "random.zones", rule: "exact-scenario" })],
      }),
    );
  });
});
