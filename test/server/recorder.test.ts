import { ReplicationSimulator } from "replication-simulator";
import { describe, expect, test, vi } from "vitest";
import { Recorder } from "../../src/server/journalWriter.js";
import { openWorld } from "../../src/server/restoreWorld.js";
import { FailingStore } from "./failingStore.js";

/*
 * A recorder reports nothing before it is stored, and undoes changes that could not be stored.
 */

const size = { flavorId: 2, volumeGb: 1 };

describe("a response is sent after it is stored", () => {
  test("a piece of work is answered when the store has it, lines of before and all", async () => {
    const { sim, store, recorder } = await recorded();
    sim.createInstance({ ...size, name: "between requests" });
    const { id } = await recorder.transact(() => sim.createInstance(size));
    expect(store.inner.read("start")?.lines).toEqual(sim.history.entries());
    expect(await restored(store)).toBe(sim.fingerprint());
    expect(sim.getInstance(id).status).toBe("BUILD");
  });

  test("a refusal is sent when what it depends on is stored", async () => {
    const { sim, store, recorder } = await recorded();
    const { id } = sim.createInstance(size);
    await expect(recorder.transact(() => sim.restartInstance(id))).rejects.toThrow(/BUILD/);
    expect(store.inner.read("start")?.lines).toHaveLength(1);
  });

  test("a question about what is stored writes nothing", async () => {
    const { sim, store, recorder } = await recorded();
    await recorder.transact(() => sim.createInstance(size));
    const { appends } = store;
    await recorder.transact(() => sim.listInstances());
    expect(store.appends).toBe(appends);
  });

  test("K7: a clock that is read after a pause is stored before it is reported", async () => {
    const { sim, store, recorder } = await recorded();
    const watch = vi.spyOn(performance, "now");
    const started = performance.now();
    for (const elapsed of [5000, 5500, 7000]) {
      watch.mockReturnValue(started + elapsed);
      sim.advance(300_000);
      const reported = await recorder.transact(() => sim.now);
      // At most what passes in one second of real time goes back after a kill.
      const kept = store.inner.read("latest")?.now;
      expect(kept).toBe(elapsed === 5500 ? reported - 300_000 : reported);
    }
    watch.mockRestore();
  });

  test("K7: a store that is full does not block reads of the clock", async () => {
    const { sim, store, recorder } = await recorded();
    const watch = vi.spyOn(performance, "now").mockReturnValue(performance.now() + 5000);
    store.isFull = true;
    sim.advance(300_000);
    expect(await recorder.transact(() => sim.now)).toBe(sim.now);
    watch.mockRestore();
  });

  test("time that was moved is stored even where nothing happened in it", async () => {
    const { sim, store, recorder } = await recorded();
    await recorder.transact(() => {
      sim.advance(12_345);
    });
    expect(store.inner.read("latest")?.now).toBe(sim.now);
    expect(await restored(store)).toBe(sim.fingerprint());
  });

  test("requests that come together share one write", async () => {
    const { sim, store, recorder } = await recorded();
    store.appends = 0;
    await Promise.all(
      Array.from({ length: 20 }, () => recorder.transact(() => sim.createInstance(size))),
    );
    expect(store.appends).toBe(1);
    expect(await restored(store)).toBe(sim.fingerprint());
  });

  test("with a slow store, work continues and is answered in order", async () => {
    const { sim, store, recorder } = await recorded();
    store.slowMs = 5;
    const reported: number[] = [];
    await Promise.all(
      Array.from({ length: 10 }, async (_, index) => {
        await new Promise((resolve) => setTimeout(resolve, index * 2));
        await recorder.transact(() => sim.createInstance(size));
        reported.push(index);
        expect([...(store.inner.read("start")?.lines ?? [])].length).toBeGreaterThan(index);
      }),
    );
    expect(reported).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
    expect(store.appends).toBeLessThan(10);
    expect(await restored(store)).toBe(sim.fingerprint());
  });

  test("what happens without requests is stored soon afterwards", async () => {
    const { sim, store } = await recorded();
    sim.createInstance(size);
    await expect.poll(() => store.inner.read("start")?.lines, { timeout: 5000 }).toHaveLength(1);
  });

  test("closing stores what is left, the clock too, and a snapshot of it", async () => {
    const { sim, store, recorder } = await recorded();
    sim.createInstance(size);
    sim.advance(5);
    await recorder.close();
    expect(store.inner.read("latest")).toMatchObject({ lines: [], now: sim.now });
    expect(await restored(store)).toBe(sim.fingerprint());
  });
});

describe.each([undefined, 3])("a store that refuses (after %s ms)", (slowMs) => {
  test("refuses every waiting caller, and the world is as the store has it", async () => {
    const { sim, store, recorder, errors } = await recorded();
    const { id } = await recorder.transact(() => sim.createInstance(size));
    const before = JSON.stringify([sim.snapshot(), sim.journal(), sim.listPendingTasks()]);
    Object.assign(store, { isFull: true, slowMs });
    const answers = await Promise.allSettled([
      recorder.transact(() => sim.createInstance(size)),
      recorder.transact(() => sim.deleteInstance(id)),
      recorder.transact(() => {
        sim.advance(1_000_000);
      }),
      // Computed from unstored changes: not reported either, though it is only a read or a refusal.
      recorder.transact(() => sim.listInstances()),
      recorder.transact(() => sim.getInstance("unknown")),
    ]);
    for (const answer of answers) {
      expect(answer).toMatchObject({
        status: "rejected",
        reason: { code: "serviceUnavailable", rule: "store-available" },
      });
    }
    expect(JSON.stringify([sim.snapshot(), sim.journal(), sim.listPendingTasks()])).toBe(before);
    expect(errors).toEqual(["no space left on device"]);

    // Nothing is left over when there is room again, and it goes on as if nothing had been.
    store.isFull = false;
    const straight = ReplicationSimulator.replay(sim.journal());
    await recorder.transact(() => sim.createInstance(size));
    straight.createInstance(size);
    expect(sim.fingerprint()).toBe(straight.fingerprint());
    expect(await restored(store)).toBe(sim.fingerprint());
  });

  test("lets questions through that need no write", async () => {
    const { sim, store, recorder } = await recorded();
    await recorder.transact(() => sim.createInstance(size));
    Object.assign(store, { isFull: true, slowMs });
    await expect(recorder.transact(() => sim.createInstance(size))).rejects.toThrow(
      /persisted and was rolled back/,
    );
    const { items } = await recorder.transact(() => sim.listInstances());
    expect(items).toHaveLength(1);
  });

  test("changes without a waiting caller stay, and are stored when there is room again", async () => {
    const { sim, store, recorder } = await recorded();
    await recorder.transact(() => sim.createInstance(size));
    Object.assign(store, { isFull: true, slowMs });
    sim.settle();
    store.appends = 0;
    await expect.poll(() => store.appends, { timeout: 5000 }).toBeGreaterThan(0);
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(sim.listPendingTasks()).toEqual([]);
    store.isFull = false;
    await recorder.transact(() => sim.createInstance(size));
    expect(await restored(store)).toBe(sim.fingerprint());
    expect(store.inner.read("start")?.lines).toHaveLength(3);
  });
});

describe("another world", () => {
  test("that is loaded takes the place of the stored one", async () => {
    const { sim, store, recorder } = await recorded();
    await recorder.transact(() => sim.createInstance(size));
    const other = new ReplicationSimulator({ seed: 8 });
    other.createInstance(size);
    other.settle();
    await recorder.transact(() => {
      sim.history.loadSnapshot(other.snapshot());
    });
    expect(await restored(store)).toBe(other.fingerprint());
    await recorder.transact(() => sim.createInstance(size));
    expect(store.inner.read("start")).toMatchObject({ snapshot: { seq: 2 } });
    expect(await restored(store)).toBe(sim.fingerprint());
  });

  test("that cannot be stored is not there, and the old one is, with its journal", async () => {
    const { sim, store, recorder } = await recorded();
    await recorder.transact(() => sim.createInstance(size));
    const before = JSON.stringify([sim.snapshot(), sim.journal()]);
    store.isFull = true;
    const other = new ReplicationSimulator({ seed: 8 });
    const loading = recorder.transact(() => {
      sim.history.loadSnapshot(other.snapshot());
    });
    await expect(loading).rejects.toThrow(/persisted and was rolled back/);
    expect(JSON.stringify([sim.snapshot(), sim.journal()])).toBe(before);
    store.isFull = false;
    await recorder.transact(() => sim.createInstance(size));
    expect(await restored(store)).toBe(sim.fingerprint());
  });
});

describe("snapshots", () => {
  test("come every so many lines, and the journal in memory keeps two stretches at most", async () => {
    const { sim, store, recorder } = await recorded({ snapshotEvery: 10 });
    let longest = 0;
    for (let round = 0; round < 60; round++) {
      const { id } = await recorder.transact(() => sim.createInstance(size));
      await recorder.transact(() => {
        sim.settle();
        sim.deleteInstance(id);
        sim.settle();
      });
      longest = Math.max(longest, sim.history.entries().length);
    }
    expect(store.snapshots).toBeGreaterThan(15);
    expect(longest).toBeLessThan(30);
    expect([...(store.inner.read("latest")?.lines ?? [])].length).toBeLessThan(14);
    // The store has everything; what memory has leads to the same world.
    expect(store.inner.read("start")?.lines).toHaveLength(240);
    expect(await restored(store)).toBe(sim.fingerprint());
    expect(ReplicationSimulator.replay(sim.journal()).fingerprint()).toBe(sim.fingerprint());
  });

  test("of a large world come less often: they cost as much as the world has rows", async () => {
    const { sim, store, recorder } = await recorded({ snapshotEvery: 10 });
    for (let round = 0; round < 200; round++) {
      await recorder.transact(() => sim.createInstance(size));
    }
    expect(store.snapshots).toBeLessThan(12);
  });

  test("that fail do no harm", async () => {
    const { sim, store, recorder, errors } = await recorded({ snapshotEvery: 10 });
    store.isShort = true;
    for (let round = 0; round < 40; round++) {
      await recorder.transact(() => sim.createInstance(size));
    }
    expect(errors.length).toBeGreaterThan(0);
    expect(errors.length).toBeLessThan(5);
    expect(await restored(store)).toBe(sim.fingerprint());
  });

  test("count lines that a crashed server left uncovered", async () => {
    const { sim, store, recorder } = await recorded({ snapshotEvery: 10 });
    for (let round = 0; round < 8; round++) await recorder.transact(() => sim.createInstance(size));
    expect(store.snapshots).toBe(0);
    const next = await recorded({ snapshotEvery: 10, store });
    for (let round = 0; round < 4; round++) {
      await next.recorder.transact(() => next.sim.createInstance(size));
    }
    expect(store.snapshots).toBe(1);
  });
});

describe("a stream of what happens", () => {
  test("is held back until it is stored, and ends when the world goes back", async () => {
    const { sim, store, recorder } = await recorded();
    store.slowMs = 20;
    const { stream, write } = reporting(sim);
    const reader = recorder.heldBack(stream).getReader();
    await recorder.transact(() => sim.createInstance(size));
    expect(text((await reader.read()).value)).toBe("line 0");
    expect([...(store.inner.read("start")?.lines ?? [])]).toHaveLength(1);

    sim.createInstance(size);
    const second = await reader.read();
    expect(text(second.value)).toBe("line 1");
    expect([...(store.inner.read("start")?.lines ?? [])]).toHaveLength(2);

    store.isFull = true;
    await expect(recorder.transact(() => sim.createInstance(size))).rejects.toThrow(
      /persisted and was rolled back/,
    );
    expect(await reader.read()).toMatchObject({ done: true });
    await expect.poll(write).toBe("gone");
  });

  test("ends with the recorder, and when its reader goes away", async () => {
    const { sim, recorder } = await recorded();
    const [one, two] = [reporting(sim), reporting(sim)];
    const reader = recorder.heldBack(one.stream).getReader();
    await recorder.heldBack(two.stream).cancel();
    await expect.poll(two.write).toBe("gone");
    expect(one.write()).toBe("there");
    await recorder.close();
    await reader.read();
    expect((await reader.read()).done).toBe(true);
  });
});

interface Given {
  readonly snapshotEvery?: number;
  readonly store?: FailingStore;
}

async function recorded({ snapshotEvery = 1000, store = new FailingStore() }: Given = {}) {
  const { sim, linesSinceSnapshot } = await openWorld(store, {
    limits: { maxInstancesPerAccount: 10_000 },
  });
  const errors: string[] = [];
  const recorder = new Recorder(sim, store, {
    ...{ snapshotEvery, linesSinceSnapshot },
    sync: () => undefined,
    onError: (error) => errors.push((error as Error).message),
  });
  store.appends = 0;
  store.snapshots = 0;
  return { sim, store, recorder, errors };
}

/** The fingerprint of the world that comes out of a store. */
async function restored(store: FailingStore): Promise<string> {
  return (await openWorld(store)).sim.fingerprint();
}

/** A stream of the numbers of lines, and a check whether it is still read. */
function reporting(sim: ReplicationSimulator) {
  let isOver = false;
  let controller: ReadableStreamDefaultController<Uint8Array> | undefined;
  const stream = new ReadableStream<Uint8Array>({
    start: (given) => {
      controller = given;
      sim.subscribe(({ seq }) => {
        if (!isOver) given.enqueue(new TextEncoder().encode(`line ${seq}`));
      });
    },
    cancel: () => {
      isOver = true;
    },
  });
  const write = (): "gone" | "there" => {
    if (isOver) return "gone";
    controller?.enqueue(new TextEncoder().encode("probe"));
    return "there";
  };
  return { stream, write };
}

function text(bytes: Uint8Array | undefined): string {
  return new TextDecoder().decode(bytes);
}
