import { runScenario, type ScenarioInput, scenario } from "replication-simulator/scenario";
import { describe, expect, test } from "vitest";
import { prepareDesign } from "../../src/whatif/future/design.js";
import { runFuture } from "../../src/whatif/future/runFuture.js";

type Steps = NonNullable<ScenarioInput["steps"]>;

const second = 1000;
const minute = 60 * second;
const hour = 60 * minute;

/** A replica receives 1 s after the write, and catches up at ten times the speed. */
const set = {
  scenario: 1,
  topology: { orders: { kind: "set", replicas: 1, writes: { perSecond: 100 } } },
} as const;

/** When an operator acts who is alarmed by a lag, in ms since time 0. */
function alarms(
  input: { readonly steps: Steps; readonly horizon: string },
  when = {},
): readonly number[] {
  const at: number[] = [];
  let start = 0;
  runScenario(
    {
      ...set,
      ...input,
      operators: {
        "on call": {
          when: { condition: "lagAbove", of: "orders", limit: "2m", ...when },
          do: [{ command: "createBackup", name: "now", of: "orders" }],
        },
      },
    },
    {
      onStart: (run) => {
        ({ start } = run);
      },
      onReaction: (_name, _commands, now) => at.push(now - start),
    },
  );
  return at;
}

/** When `never: lagAbove 10m, for: ...` is broken in a scenario, in ms since time 0; undefined where it is not. */
function brokenAt(input: { readonly steps: Steps; readonly horizon: string }, lasting: string) {
  const expectation = { never: "lagAbove", of: "orders", limit: "10m", for: lasting } as const;
  const design = prepareDesign(scenario({ ...set, ...input, expect: { fresh: expectation } }));
  return runFuture(design, 1).violations[0]?.at;
}

describe("an operator who watches the lag", () => {
  test("of a slow line acts when the lag is reached, though nothing else happens", () => {
    const steps: Steps = [{ at: "1h", do: { fault: "slowLink", of: "orders.r1", factor: 4 } }];
    // 1 s at first; after it a quarter of each second arrives: 119 s are reached after 119 / 0.75 s.
    const [at = 0, ...more] = alarms({ steps, horizon: "4h" });
    expect(Math.abs(at - (hour + (119 / 0.75) * second))).toBeLessThanOrEqual(second);
    expect(more).toEqual([]);
  });

  test("of a line with a longer way acts only if that way is longer than the limit", () => {
    const slow = (lag: string): Steps => [
      { at: "1h", do: { fault: "slowLink", of: "orders.r1", lag } },
    ];
    expect(alarms({ steps: slow("119s"), horizon: "4h" })).toEqual([]);
    // What was under way arrives later, so the lag grows with time until the longer way is full.
    expect(alarms({ steps: slow("3m"), horizon: "4h" })).toEqual([hour + 119 * second + 1]);
  });

  test("is not alarmed by a lag that is over before it has lasted so long", () => {
    const steps: Steps = [{ at: "1h", do: { fault: "cutLink", of: "orders.r1", for: "10m" } }];
    // Above 2 min from 119 s on, for 8 min 1 s; then 8 min are caught up with at nine times the speed: 53 s more.
    const lasting = 8 * minute + second + (8 * minute) / 9;
    const within = `${String(Math.floor(lasting / second))}s`;
    const beyond = `${String(Math.ceil(lasting / second))}s`;
    const begin = hour + 119 * second + 1;
    expect(alarms({ steps, horizon: "4h" }, { for: within })).toEqual([
      begin + Math.floor(lasting / second) * second,
    ]);
    expect(alarms({ steps, horizon: "4h" }, { for: beyond })).toEqual([]);
  });
});

describe("an expectation that no lag lasts", () => {
  const steps: Steps = [{ at: "1h", do: { fault: "cutLink", of: "orders.r1", for: "1h" } }];
  const begin = hour + 10 * minute - second + 1;
  /** From 10 min to the end of the cut, and 50 min that are caught up with at nine times the speed. */
  const lasting = 50 * minute + second + (50 * minute) / 9;

  test("is broken when a lag has lasted, counted from its first moment", () => {
    expect(brokenAt({ steps, horizon: "3h" }, "0s")).toBe(begin);
    expect(brokenAt({ steps, horizon: "3h" }, "55m")).toBe(begin + 55 * minute);
  });

  test("is kept by a lag that ends before, though nothing happens then", () => {
    const before = `${String(Math.floor(lasting / second) - 1)}s`;
    const after = `${String(Math.ceil(lasting / second) + 1)}s`;
    expect(brokenAt({ steps, horizon: "12h" }, before)).toBeDefined();
    expect(brokenAt({ steps, horizon: "12h" }, after)).toBeUndefined();
  });

  test("of a slow line is broken when the lag is reached", () => {
    const slow: Steps = [{ at: "1h", do: { fault: "slowLink", of: "orders.r1", factor: 4 } }];
    const at = brokenAt({ steps: slow, horizon: "12h" }, "1h") ?? 0;
    expect(Math.abs(at - (2 * hour + (599 / 0.75) * second))).toBeLessThanOrEqual(second);
  });
});
