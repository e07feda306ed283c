import fc from "fast-check";
import { nonEmptyString, parseOptions, wholeFrom } from "../model/schema/entryPointOptions.js";
import type { ApiModel, ApiService } from "./apiModel.js";
import type { ApiRequest } from "./apiRequest.js";
import { apiKinds, type RequestOf, requestArbitrary } from "./apiRequests.js";
import { compareAnswers } from "./compareAnswers.js";

/** Options of generated API requests. */
export interface ApiCommandsOptions {
  /** Commands in one run at most, those left out included that name what there is not yet. Default 60. */
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
 * @throws InvalidInputError `api-commands`
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
  const { maxCommands = 60, replayPath } = parseOptions(
    options,
    { maxCommands: wholeFrom(1), replayPath: nonEmptyString },
    { field: "options", rule: "api-commands" },
  );
  const wait = fc.oneof(
    { weight: 6, arbitrary: fc.integer({ min: 1, max: 60 }).map((steps) => steps * 10_000) },
    { weight: 1, arbitrary: fc.constant(86_400_000) }, // a schedule runs
  );
  const command: fc.Arbitrary<ApiCommand> = fc.oneof(
    { weight: 3, arbitrary: requestArbitrary().map((request) => new Send(request)) },
    { weight: 1, arbitrary: wait.map((ms) => new Wait(ms)) },
  );
  return fc.commands<ApiModel, ApiService, false>([command], {
    maxCommands,
    size: "max",
    ...(replayPath === undefined ? {} : { replayPath }),
  });
}

/** A request, which may name the resource of an earlier one. */
class Send implements ApiCommand {
  readonly #request: RequestOf;

  constructor(request: RequestOf) {
    this.#request = request;
  }

  check(model: Readonly<ApiModel>): boolean {
    // Pages are ordered by id, and ids differ: only listings of one page can be compared.
    const { needs } = this.#request;
    const isNamed = needs === undefined || model.ids.of(model.idsOf(needs)).length > 0;
    return isNamed && apiKinds.every((kind) => model.idsOf(kind).length < model.pageSize);
  }

  async run(model: ApiModel, service: ApiService): Promise<void> {
    const request = this.#request.build({
      idAt: (kind, place) => {
        const ids = model.ids.of(model.idsOf(kind));
        return ids[place % Math.max(1, ids.length)] ?? "no-such-resource";
      },
      freshName: `shop-${String(apiKinds.reduce((sum, kind) => sum + model.idsOf(kind).length, 1))}`,
    });
    const expected = model.answer(request);
    const actual = await service.answer(model.ids.translated(request));
    compareAnswers({ request: printed(request), expected, actual }, model);
    if (request.method !== "GET") await settled(model, service);
  }

  toString(): string {
    return printed(
      this.#request.build({
        idAt: (kind, place) => `{${kind}[${String(place)}]}`,
        freshName: "shop",
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

async function settled({ sim }: ApiModel, { settle }: ApiService): Promise<void> {
  if (settle === undefined) return;
  await settle();
  sim.settle();
}

function printed({ method, path, body }: ApiRequest): string {
  return `${method} ${path}${body === undefined ? "" : ` ${JSON.stringify(body)}`}`;
}
