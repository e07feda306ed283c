import {
  diff,
  equalWorlds,
  InvalidInputError,
  InvalidWorldDataError,
  ReplicationSimulator,
} from "replication-simulator";
import { createReplicationSet } from "replication-simulator/testing";
import { describe, expect, test } from "vitest";

const size = { flavorId: 2, volumeGb: 10 };

describe("branches of one moment", () => {
  test("share the past and the future draws, and differ in what is changed", () => {
    const sim = new ReplicationSimulator({ seed: 7, jitter: 0.5 });
    const { source } = createReplicationSet(sim);
    const before = sim.fingerprint();
    const { calm, busy, slow } = sim.branch({
      calm: {},
      busy: (future) => {
        future.restartInstance(source.id);
      },
      slow: {
        latency: { reboot: 90_000 },
        run: (future) => {
          future.restartInstance(source.id);
        },
      },
    });
    expect(sim.fingerprint()).toBe(before);
    expect(calm.fingerprint()).toBe(before);
    expect(busy.getInstance(source.id).status).toBe("REBOOT");
    expect(slow.settings.latency.reboot).toBe(90_000);
    expect(slow.getInstance(source.id).status).toBe("REBOOT");
    const made = [calm, busy].map((future) => {
      const { id } = future.createInstance({ name: "later", ...size });
      return future.waitFor(id, "ACTIVE");
    });
    expect(made[0]?.id).toBe(made[1]?.id);
    expect(made[0]?.updatedAt).toBe(made[1]?.updatedAt);
  });

  test.each([null, 7, { a: 7 }, { a: null }, { a: { run: "no" } }])(
    "are not made of %j",
    (changes) => {
      const sim = new ReplicationSimulator();
      expect(() => sim.branch(changes as never)).toThrow(InvalidInputError);
    },
  );
});

describe("equalWorlds answers whether two worlds hold the same (S26)", () => {
  const world = () => {
    const sim = new ReplicationSimulator({ startAt: 0 });
    return { sim, ...createReplicationSet(sim) };
  };

  test("yes: whatever time it is, after reads and after what was refused", () => {
    const { sim, source } = world();
    const before = sim.fork();
    sim.advance(3_600_000);
    sim.listInstances();
    expect(sim.try.deleteInstance(source.id).ok).toBe(false);
    expect(sim.fingerprint()).not.toBe(before.fingerprint());
    expect(equalWorlds(before, sim)).toBe(true);
    expect(equalWorlds(before.journal(), sim.journal())).toBe(true);
  });

  test.each<[string, (sim: ReplicationSimulator, id: string) => unknown]>([
    ["a row more", (sim) => sim.createInstance({ flavorId: 2, volumeGb: 1 })],
    [
      "a row less",
      (sim, id) => {
        sim.deleteInstance(sim.listReplicas(id)[0]?.id ?? "");
        sim.settle();
      },
    ],
    ["another field", (sim, id) => sim.renameInstance(id, "other")],
    ["a configuration", (sim) => sim.createConfiguration({ name: "c", values: {} })],
  ])("no: %s", (_, change) => {
    const { sim, source } = world();
    const before = sim.fork();
    change(sim, source.id);
    expect(equalWorlds(before, sim)).toBe(false);
    expect(equalWorlds(sim, before)).toBe(false);
  });

  test("no: other options; and worlds without a past in common are refused", () => {
    expect(
      equalWorlds(new ReplicationSimulator(), new ReplicationSimulator({ region: "DFW" })),
    ).toBe(false);
    const [one, other] = [world().sim, world().sim].map((sim) =>
      ReplicationSimulator.restore(sim.snapshot()),
    );
    other?.createInstance({ flavorId: 2, volumeGb: 1 });
    const third = other && ReplicationSimulator.restore(other.snapshot());
    expect(() => one && third && equalWorlds(one, third)).toThrow(/common origin/);
  });
});

describe("the difference of two worlds", () => {
  test("is nothing between a world and its fork", () => {
    const sim = new ReplicationSimulator();
    createReplicationSet(sim);
    const { divergence, left, right, now, settings, state } = diff(sim, sim.fork());
    expect([divergence, left, right, now, settings]).toEqual([null, [], [], null, {}]);
    expect(state.instances).toEqual({ onlyLeft: [], onlyRight: [], changed: [] });
  });

  test("a name of any length is refused in a message that can be read", () => {
    const name = "x".repeat(100_000);
    expect(() => new ReplicationSimulator().branch({ [name]: 3 as never })).toThrow(
      /^"x{57}\.\.\." must be a function, or an object of options; got 3$/,
    );
  });

  test("names the first line that differs, and what followed from it on each side", () => {
    const sim = new ReplicationSimulator({ seed: 7 });
    const { source, replicas } = createReplicationSet(sim);
    const { calm, crash } = sim.branch({
      calm: {},
      crash: (future) => {
        future.inject({ kind: "crash", instanceId: source.id });
      },
    });
    for (const future of [calm, crash]) future.advance(60_000);
    const found = diff(calm, crash);
    expect(found.divergence?.left).toBeNull();
    expect(found.divergence?.right?.trigger).toMatchObject({
      kind: "command",
      command: { type: "injectFault" },
    });
    expect(found.left).toEqual([]);
    expect(found.right).toHaveLength(1);
    expect(found.state.instances.changed.map(({ id }) => id).sort()).toEqual(
      [source, ...replicas].map(({ id }) => id).sort(),
    );
    expect(found.summary.join("\n")).toContain("injectFault");
    // The same from journals that went through a file.
    const read = (future: ReplicationSimulator) => JSON.parse(JSON.stringify(future.journal()));
    expect(diff(read(calm), read(crash)).summary).toEqual(found.summary);
  });

  test("says times as the time since the start, and durations in their units", () => {
    const sim = new ReplicationSimulator({ seed: 7 });
    const { slow, fast } = sim.branch({ slow: { latency: { build: 191_000 } }, fast: {} });
    for (const future of [slow, fast])
      future.createInstance({ name: "a", flavorId: 2, volumeGb: 1 });
    slow.advance(100_000);
    fast.settle();
    const { summary } = diff(slow, fast);
    expect(summary.slice(0, 3)).toEqual([
      "entry 0 is the first that differs: the command createInstance at 0:00:00, with other facts left and right",
      "virtual time is 0:01:40 left and 0:00:35 right",
      "the option latency.build is 3 min 11 s left and 35 s right",
    ]);
    expect(summary.join("\n")).not.toMatch(/\b17\d{11}\b/);
  });

  test("is a tree: what followed from a line stands below it", () => {
    const sim = new ReplicationSimulator({ seed: 7 });
    const { source } = createReplicationSet(sim, { replicas: 1 });
    const { plain, more } = sim.branch({
      plain: {},
      more: (future) => {
        future.createReplica({ ...size, replicaOf: source.id });
      },
    });
    for (const future of [plain, more]) future.settle();
    const [root] = diff(plain, more).right;
    expect(root?.trigger).toMatchObject({ command: { type: "createReplica" } });
    const tasks = root?.then.map(({ trigger }) => trigger.kind === "task" && trigger.task);
    expect(tasks).toContain("restart");
    expect(tasks).toContain("build");
  });

  test("shows what one of them alone has, and the fields of what both have", () => {
    const sim = new ReplicationSimulator({ startAt: 0 });
    const kept = sim.createInstance({ ...size, name: "kept" });
    const gone = sim.createInstance({ ...size, name: "gone" });
    sim.settle();
    const { one, other } = sim.branch({ one: {}, other: {} });
    other.deleteInstance(gone.id);
    other.renameInstance(kept.id, "renamed");
    const made = other.createInstance({ ...size, name: "made" });
    other.settle();
    const { state, now } = diff(one, other);
    expect(now).toEqual({ left: one.now, right: other.now });
    expect(state.instances.onlyLeft.map(({ id }) => id)).toEqual([gone.id]);
    expect(state.instances.onlyRight.map(({ id }) => id)).toEqual([made.id]);
    expect(state.instances.changed).toEqual([
      {
        key: kept.key,
        id: kept.id,
        name: "kept",
        fields: { name: { left: "kept", right: "renamed" } },
      },
    ]);
    const back = diff(other, one).state.instances;
    expect(back.onlyLeft.map(({ id }) => id)).toEqual([made.id]);
    expect(back.onlyRight.map(({ id }) => id)).toEqual([gone.id]);
  });

  test("is found where each goes on from another moment, and where one has forgotten its past", () => {
    const sim = new ReplicationSimulator({ startAt: 0 });
    const { id } = sim.createInstance({ ...size, name: "a" });
    sim.settle();
    const fork = sim.fork();
    const late = fork.fork();
    late.renameInstance(id, "late");
    sim.history.truncate(sim.history.savepoint());
    sim.renameInstance(id, "b");
    fork.renameInstance(id, "c");
    const seq = fork.history.entries().length - 1;
    for (const [left, right] of [
      [sim, fork],
      [fork, sim],
      [fork, late],
      [late, sim],
    ] as const) {
      const { divergence, state } = diff(left, right);
      expect(divergence?.seq).toBe(seq);
      expect(state.instances.changed.map(({ fields }) => fields["name"])).toEqual([
        { left: left.getInstance(id).name, right: right.getInstance(id).name },
      ]);
    }
    const { divergence, left, right } = diff(sim, sim.fork());
    expect([divergence, left, right]).toEqual([null, [], []]);
  });

  test("begins where one went on that has forgotten its past, and knows what was forgotten", () => {
    const sim = new ReplicationSimulator({ startAt: 0 });
    const { id } = sim.createInstance({ ...size, name: "a" });
    sim.settle();
    for (const name of ["b", "c", "d"]) sim.renameInstance(id, name);
    const { length: seq } = sim.history.entries();
    const whole = sim.fork();
    sim.history.truncate(sim.history.savepoint());
    sim.renameInstance(id, "e");
    const { divergence, left, right } = diff(sim, whole);
    expect(divergence).toMatchObject({ seq, left: { trigger: { command: { name: "e" } } } });
    expect(divergence?.right).toBeNull();
    expect([left.length, right.length]).toEqual([1, 0]);
  });

  test("knows the same happening under other numbers", () => {
    const sim = new ReplicationSimulator({ startAt: 0 });
    const { id } = sim.createInstance({ ...size, name: "a" });
    sim.settle();
    const { one, other } = sim.branch({ one: {}, other: {} });
    other.createConfiguration({ name: "c", values: {} });
    for (const future of [one, other]) {
      future.restartInstance(id);
      future.settle();
    }
    const { left, right } = diff(one, other);
    expect(left).toEqual([]);
    expect(right.map(({ trigger, then }) => [trigger, then.length])).toMatchObject([
      [{ command: { type: "createConfiguration" } }, 0],
    ]);
  });

  test("is refused for worlds that have no past in common", () => {
    const sim = new ReplicationSimulator();
    sim.createInstance(size);
    const restored = ReplicationSimulator.restore(JSON.parse(JSON.stringify(sim.snapshot())));
    expect(() => diff(restored, new ReplicationSimulator())).toThrow(InvalidWorldDataError);
  });
});
