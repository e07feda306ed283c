import { ReplicationSimulator } from "replication-simulator";
import { createHandler, replaceFetch, resetFetch } from "replication-simulator/http";
import { afterEach, describe, expect, test, vi } from "vitest";
import { origin, service } from "./client.js";

const original = globalThis.fetch;
const other = "http://other.test";

afterEach(() => {
  resetFetch();
  globalThis.fetch = original;
});

describe("several handlers behind the global fetch", () => {
  test.each([
    ["in the order of their making", [0, 1]],
    ["in the opposite order", [1, 0]],
  ])("are removed %s, each by itself", async (_, order) => {
    const mounts = [mount(origin), mount(other)];
    expect(await statuses()).toEqual([200, 200]);
    mounts[order[0] as number]?.();
    const left = order[1] === 0 ? origin : other;
    expect((await fetch(`${left}/v1.0`)).status).toBe(200);
    mounts[order[1] as number]?.();
    expect(globalThis.fetch).toBe(original);
  });

  test("answer for one origin by the latest, and by the one before when it is removed", async () => {
    const first = new ReplicationSimulator();
    const second = new ReplicationSimulator();
    replaceFetch(createHandler(first), origin);
    const remove = replaceFetch(createHandler(second), origin);
    await create();
    expect([count(first), count(second)]).toEqual([0, 1]);
    remove();
    remove();
    await create();
    expect([count(first), count(second)]).toEqual([1, 1]);
  });

  test("are all removed by a reset, and by the end of a block", () => {
    mount(origin);
    mount(other);
    resetFetch();
    expect(globalThis.fetch).toBe(original);
    const disposed = mount(origin);
    expect(globalThis.fetch).not.toBe(original);
    disposed[Symbol.dispose]();
    expect(globalThis.fetch).toBe(original);
    resetFetch();
    expect(globalThis.fetch).toBe(original);
  });

  test("leave a wrapper in place that another library has put around them", async () => {
    globalThis.fetch = () => Promise.resolve(new Response("network"));
    const remove = mount(origin);
    const replaced = globalThis.fetch;
    const wrapper: typeof fetch = (input, init) => replaced(input, init);
    globalThis.fetch = wrapper;
    remove();
    expect(globalThis.fetch).toBe(wrapper);
    expect(await (await fetch(`${origin}/v1.0`)).text()).toBe("network");
  });
});

describe("a body that a parser has read before", () => {
  const message = expect.stringContaining("mount the simulator ahead of body parsers") as string;

  test("is a 500 that says what to do, and an error in the log", async () => {
    const errors: unknown[] = [];
    const { handler } = service({ onError: (error) => errors.push(error) });
    const used = post();
    await used.text();
    const answer = await handler(used);
    expect(answer.status).toBe(500);
    expect(await answer.json()).toEqual({ instanceFault: { code: 500, message } });
    expect(errors).toEqual([expect.objectContaining({ name: "BodyConsumedError", message })]);

    const locked = post();
    locked.body?.getReader();
    expect((await handler(locked)).status).toBe(500);
    const drained = post({ "Content-Length": "99" }, "");
    expect((await handler(drained)).status).toBe(500);
    expect(errors).toHaveLength(3);
  });

  test("goes to the console without a listener", async () => {
    const log = vi.spyOn(console, "error").mockImplementation(() => undefined);
    try {
      const used = post();
      await used.text();
      await service().handler(used);
      expect(log.mock.calls).toEqual([[expect.objectContaining({ message })]]);
    } finally {
      log.mockRestore();
    }
  });
});

function mount(at: string) {
  return replaceFetch(createHandler(new ReplicationSimulator()), at);
}

async function statuses(): Promise<number[]> {
  const answers = await Promise.all([fetch(`${origin}/v1.0`), fetch(`${other}/v1.0`)]);
  return answers.map(({ status }) => status);
}

function post(headers: Record<string, string> = {}, body?: string): Request {
  return new Request(`${origin}/v1.0/1234/instances`, {
    method: "POST",
    headers: { "X-Auth-Token": "any", "Content-Type": "application/json", ...headers },
    body: body ?? JSON.stringify({ instance: { flavorRef: "2", volume: { size: 1 } } }),
  });
}

async function create(): Promise<void> {
  await fetch(post());
}

function count(sim: ReplicationSimulator): number {
  return sim.listInstances().items.length;
}
