import { Ajv2020, type ValidateFunction } from "ajv/dist/2020.js";
import { ReplicationSimulator, type Role, type SimulatorOptions } from "replication-simulator";
import {
  definitions,
  handleRequest,
  matchRoute,
  type WireOptions,
  type WireRequest,
  type WireResponse,
} from "replication-simulator/wire";
import { expect } from "vitest";
import { topologyOf } from "../../src/simulator/clientKernel.js";

const ajv = new Ajv2020({ allErrors: true, allowUnionTypes: true });
const validators = new Map<unknown, ValidateFunction>();

/** Words in an answer that its schema does not know, or none. */
export function strayFrom(schema: unknown, body: unknown): readonly string[] {
  const known = validators.get(schema);
  const validate = known ?? ajv.compile({ ...(schema as object), $defs: definitions });
  if (known === undefined) validators.set(schema, validate);
  return validate(body)
    ? []
    : (validate.errors ?? []).map(({ instancePath, message }) => `${instancePath} ${message}`);
}

/** A request that is written down before the ids in it are known, or not. */
export type Send = (
  method: string,
  path: string,
  body?: unknown,
  query?: Readonly<Record<string, string>>,
) => WireResponse;

/** Asks, and holds every answer against the schema of its operation; a refusal must have changed nothing. */
export function client(
  sim: ReplicationSimulator,
  {
    accountId = "1234",
    role = "admin",
    ...options
  }: WireOptions & { accountId?: string; role?: Role } = {},
): Send {
  return (method, path, body, query = {}) => {
    const request: WireRequest = { method, path, query, body };
    const before = topologyOf(sim);
    const answer = handleRequest(sim.account(accountId, { role }), request, options);
    if (answer.status >= 400) {
      expect(strayFrom({ $ref: "#/$defs/Fault" }, answer.body)).toEqual([]);
      expect(sim.topology).toBe(before);
    } else {
      const { operation } = matchRoute(request);
      expect(answer.status).toBe(operation.success);
      if (operation.response === undefined) expect(answer).not.toHaveProperty("body");
      else expect(strayFrom(operation.response, answer.body)).toEqual([]);
    }
    // What an adapter sends is what was made: plain JSON, with nothing undefined in it.
    expect(JSON.parse(JSON.stringify(answer))).toEqual(answer);
    return answer;
  };
}

/** A world whose ids say what and how many: `instance-0`, `group-0`. */
export function world(options: SimulatorOptions = {}): { sim: ReplicationSimulator; send: Send } {
  const ids = (kind: string, ordinal: number): string => `${kind}-${String(ordinal)}`;
  const sim = new ReplicationSimulator({ createId: ids, ...options });
  return { sim, send: client(sim) };
}

/** What a body has under a name, as an object. */
export function part(answer: WireResponse, ...names: readonly string[]): Record<string, unknown> {
  let found: unknown = answer.body;
  for (const name of names) found = (found as Record<string, unknown> | undefined)?.[name];
  return found as Record<string, unknown>;
}

/** The least that a body of a new instance says. */
export const small = { flavorRef: "2", volume: { size: 10 } } as const;
