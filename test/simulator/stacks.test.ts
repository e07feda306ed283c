import {
  InvalidInputError,
  ReplicationError,
  ReplicationSimulator,
  RuleViolationError,
} from "replication-simulator";
import { RealtimeDriver } from "replication-simulator/realtime";
import { describe, expect, test } from "vitest";

/* S18: the stack of a refusal starts at the line that made the call. */

function stackOf(call: () => unknown): readonly string[] {
  try {
    call();
  } catch (error) {
    if (!(error instanceof ReplicationError)) throw error;
    return framesOf(error);
  }
  throw new RangeError("it was not refused");
}

function framesOf({ stack = "" }: Error): readonly string[] {
  return stack.split("\n").filter((line) => /^\s+at /.test(line));
}

const here = "stacks.test.ts";
const sim = () => new ReplicationSimulator({ seed: 3 });

describe("the stack of a refusal starts at its caller", () => {
  const calls: Readonly<Record<string, () => unknown>> = {
    "a method that changes something": () => sim().deleteInstance("unknown"),
    "a method that reads": () => sim().getInstance("unknown"),
    "malformed input": () => sim().createInstance({ flavorId: 2, volumeGb: -1 }),
    "a command as data": () => sim().execute({ type: "deleteInstance", instanceId: "unknown" }),
    "a method of an account": () => sim().account("1").restartInstance("unknown"),
    "a method on top of another": () =>
      sim().injectRandom({ fault: "crash", target: "all" } as never),
    "a subscription by type": () => sim().on("WritesResumed", 1 as never),
    "a move of time": () => sim().advance(-1),
    "the constructor": () => new ReplicationSimulator({ seed: {} as never }),
    "a snapshot that is none": () => ReplicationSimulator.restore({} as never),
    "a journal that is none": () => ReplicationSimulator.replay({} as never),
    "a driver": () => {
      const driver = new RealtimeDriver(sim());
      try {
        driver.sim.deleteInstance("unknown");
      } finally {
        driver.stop();
      }
    },
    "an account of a driver": () => {
      const driver = new RealtimeDriver(sim());
      try {
        driver.sim.account("1").deleteInstance("unknown");
      } finally {
        driver.stop();
      }
    },
  };

  test.each(Object.entries(calls))("%s", (_, call) => {
    const [first] = stackOf(call);
    expect(first).toContain(here);
  });

  test("as does that of one that `try` returns", () => {
    const result = sim().try.deleteInstance("unknown");
    if (result.ok) throw new RangeError("it was not refused");
    expect(framesOf(result.error)[0]).toContain(here);
  });

  test("with its name and message above", () => {
    const result = sim().try.deleteInstance("unknown");
    if (result.ok) throw new RangeError("it was not refused");
    expect(result.error.stack).toMatch(/^NotFoundError: instance unknown not found\n/);
  });

  test("inside a listener at the line of the listener, not at what made the change", () => {
    const world = sim();
    world.subscribe(function listener() {
      world.deleteInstance("unknown");
    });
    const [first] = stackOf(function outer() {
      world.createInstance({ flavorId: 2, volumeGb: 1 });
    });
    expect(first).toContain("listener");
  });

  test("and one that a listener makes itself keeps its own", () => {
    const world = sim();
    world.subscribe(function ownRefusal() {
      throw new RuleViolationError({ code: "badRequest", rule: "mine", message: "no" });
    });
    const [first] = stackOf(() => world.createInstance({ flavorId: 2, volumeGb: 1 }));
    expect(first).toContain("ownRefusal");
  });

  test("methods keep their names and how many arguments they take", () => {
    const { createInstance, moveClients } = ReplicationSimulator.prototype;
    expect([createInstance.name, createInstance.length]).toEqual(["createInstance", 1]);
    expect([moveClients.name, moveClients.length]).toEqual(["moveClients", 2]);
  });

  test("where the engine cannot cut stacks, a refusal is still the same", () => {
    const errors = Error as { captureStackTrace?: unknown };
    const { captureStackTrace } = errors;
    errors.captureStackTrace = undefined;
    try {
      expect(() => sim().advance(-1)).toThrow(InvalidInputError);
    } finally {
      errors.captureStackTrace = captureStackTrace;
    }
  });
});
