import fc from "fast-check";
import type { ApiModel, ApiService } from "./apiModel.js";
import type { ApiRequest } from "./apiRequest.js";
import { compareAnswers } from "./compareAnswers.js";

/** What the commands may do. */
export interface ApiCommandsOptions {
  /** Commands in one run at most. Default 15. */
  readonly maxCommands?: number;
  /** A run to repeat, as `replayPath` of a failure prints it. */
  readonly replayPath?: string;
}

/** A request or a wait, for `fc.asyncModelRun`. */
export type ApiCommand = fc.AsyncCommand<ApiModel, ApiService>;

/**
 * Generates sequences of requests and waits for model-based testing with fast-check: each request goes to the simulator,
 * which is the model, and to your service, and the first difference in status or body fails the run. A failure shrinks
 * to the fewest commands.
 *
 * @returns an arbitrary for `fc.asyncModelRun(() => apiSetup({ ... }), commands)`
 *
 * @example
 * ```ts
 * import fc from "fast-check";
 * import { ReplicationSimulator } from "replication-simulator";
 * import { apiCommands, apiSetup } from "replication-simulator/exploration";
 * import { createHandler } from "replication-simulator/http";
 *
 * const property = fc.asyncProperty(apiCommands(), async (commands) => {
 *   const fake = new ReplicationSimulator({ seed: 9 }); // in place of your own
 *   const handler = createHandler(fake);
 *   const setup = apiSetup({
 *     fetch: (input, init) => handler(new Request(input, init)),
 *     baseUrl: `https://db.test/v1.0/${fake.accountId}`,
 *     advance: (ms) => fake.advance(ms),
 *   });
 *   await fc.asyncModelRun(() => setup, commands);
 * });
 * await fc.assert(property, { numRuns: 10 });
 * ```
 */
export function apiCommands(options: ApiCommandsOptions = {}): fc.Arbitrary<Iterable<ApiCommand>> {
  const { maxCommands = 15, replayPath } = options;
  const wait = fc.integer({ min: 1, max: 60 }).map((steps) => new Wait(steps * 10_000));
  // Chosen evenly: what other commands need comes more than once.
  return fc.commands<ApiModel, ApiService, false>([...requests(), wait, wait, wait], {
    maxCommands,
    size: "max",
    ...(replayPath === undefined ? {} : { replayPath }),
  });
}

/** What a request may name. */
interface Named {
  /** The id of an earlier resource: the place in the order of creation, modulo their number. */
  readonly idAt: (kind: "instances" | "groups", place: number) => string;
  /** A name that no other group has: members of groups are matched by their names. */
  readonly groupName: string;
}

/** A request, which may name the resource of an earlier one. */
class Send implements ApiCommand {
  readonly #build: (world: Named) => ApiRequest;

  constructor(build: (world: Named) => ApiRequest) {
    this.#build = build;
  }

  check(model: Readonly<ApiModel>): boolean {
    // Pages are ordered by id, and ids differ: only listings of one page can be compared.
    return model.instances().length < model.pageSize;
  }

  async run(model: ApiModel, service: ApiService): Promise<void> {
    const request = this.#build({
      idAt: (kind, place) => {
        const ids = model.ids.of(kind === "instances" ? model.instances() : model.groups());
        return ids[place % Math.max(1, ids.length)] ?? unknownId;
      },
      groupName: `shop-${String(model.groups().length + 1)}`,
    });
    const expected = model.answer(request);
    const actual = await service.answer(model.ids.translated(request));
    compareAnswers({ request: printed(request), expected, actual }, model);
    if (request.method !== "GET") await settled(model, service);
  }

  toString(): string {
    return printed(
      this.#build({
        idAt: (kind, place) => `{${kind}[${String(place)}]}`,
        groupName: "shop",
      }),
    );
  }
}

/** Moves virtual time in both; left out for a service whose time cannot be moved. */
class Wait implements ApiCommand {
  readonly #ms: number;

  constructor(ms: number) {
    this.#ms = ms;
  }

  check({ canAdvance }: Readonly<ApiModel>): boolean {
    return canAdvance;
  }

  async run(model: ApiModel, service: ApiService): Promise<void> {
    model.sim.advance(this.#ms);
    await service.advance?.(this.#ms);
  }

  toString(): string {
    return `wait ${String(this.#ms / 1000)} s`;
  }
}

const unknownId = "00000000-0000-4000-8000-000000000000";

async function settled({ sim }: ApiModel, { settle }: ApiService): Promise<void> {
  if (settle === undefined) return;
  await settle();
  sim.settle();
}

function printed({ method, path, body }: ApiRequest): string {
  return `${method} ${path}${body === undefined ? "" : ` ${JSON.stringify(body)}`}`;
}

function requests(): readonly fc.Arbitrary<ApiCommand>[] {
  const place = fc.nat({ max: 5 });
  const name = fc.constantFrom("orders", "eu", "us", "ap", "");
  const size = fc.constantFrom(10, 20, 30, 0);
  const flavor = fc.constantFrom("2", "3", "4", "1", "none");
  const instance = fc.record({ name, flavorRef: flavor, volume: fc.record({ size }) });
  const node = { flavorRef: "2", volume: { size: 10 } };
  const of = (
    kind: "instances" | "groups",
    build: (id: string) => ApiRequest,
  ): fc.Arbitrary<ApiCommand> => place.map((nth) => new Send(({ idAt }) => build(idAt(kind, nth))));
  const create = instance.map((body) => new Send(() => post("/instances", { instance: body })));
  const createReplica = fc
    .tuple(instance, place)
    .map(
      ([body, nth]) =>
        new Send(({ idAt }) =>
          post("/instances", { instance: { ...body, replica_of: idAt("instances", nth) } }),
        ),
    );
  return [
    create,
    create,
    createReplica,
    createReplica,
    fc.constant(new Send(() => ({ method: "GET", path: "/instances" }))),
    of("instances", (id) => ({ method: "GET", path: `/instances/${id}` })),
    of("instances", (id) => ({ method: "GET", path: `/instances/${id}/replicas` })),
    of("instances", (id) => ({ method: "DELETE", path: `/instances/${id}` })),
    of("instances", (id) => ({
      method: "PATCH",
      path: `/instances/${id}`,
      body: { instance: { replica_of: "" } },
    })),
    fc.tuple(place, name).map(
      ([nth, to]) =>
        new Send(({ idAt }) => ({
          method: "PATCH",
          path: `/instances/${idAt("instances", nth)}`,
          body: { instance: { name: to } },
        })),
    ),
    of("instances", (id) => post(`/instances/${id}/action`, { restart: {} })),
    fc.tuple(place, size).map(
      ([nth, to]) =>
        new Send(({ idAt }) =>
          post(`/instances/${idAt("instances", nth)}/action`, {
            resize: { volume: { size: to } },
          }),
        ),
    ),
    fc.constantFrom(0, 1, 2).map(
      (replicas) =>
        new Send(({ groupName }) =>
          post("/ha", {
            ha: {
              name: groupName,
              datastore: { type: "mysql", version: "5.6" },
              replica_source: [{ name: `${groupName}-source`, ...node }],
              replicas: Array.from({ length: replicas }, (_, index) => ({
                name: `${groupName}-replica-${String(index + 1)}`,
                ...node,
              })),
            },
          }),
        ),
    ),
    fc.constant(new Send(() => ({ method: "GET", path: "/ha" }))),
    of("groups", (id) => ({ method: "GET", path: `/ha/${id}` })),
    of("groups", (id) => post(`/ha/${id}/acls`, { address: "10.0.0.0/8" })),
    of("groups", (id) => ({ method: "GET", path: `/ha/${id}/acls` })),
    of("groups", (id) => post(`/ha/${id}/action`, { restart: {} })),
    of("groups", (id) => ({ method: "DELETE", path: `/ha/${id}` })),
  ];
}

function post(path: string, body: object): ApiRequest {
  return { method: "POST", path, body };
}
