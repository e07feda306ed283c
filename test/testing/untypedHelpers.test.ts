import { InvalidInputError, ReplicationSimulator } from "replication-simulator";
import * as testing from "replication-simulator/testing";
import { expect, test } from "vitest";

/* F12 and F15: what untyped callers give is refused at once, with an error of the library. */

test("an account id of 1,025 characters starts no simulator, and one of 1,024 does (F12)", () => {
  expect(() => new ReplicationSimulator({ accountId: "a".repeat(1025) })).toThrow(
    InvalidInputError,
  );
  const { accountId } = new ReplicationSimulator({ accountId: "a".repeat(1024) });
  expect(accountId).toHaveLength(1024);
});

const helpers = Object.entries(testing).filter(([name]) => /^(?:create|expect)[A-Z]/.test(name));
const sim = new ReplicationSimulator();
/** What has a part of a simulator: its settings, or some of its methods. */
const others = {
  number: 0,
  journal: sim.journal(),
  snapshot: sim.snapshot(),
  account: sim.account("5678"),
};
const failures = helpers.flatMap(([name, helper]) =>
  Object.entries(others).map(([kind, other]) => {
    try {
      (helper as (value: unknown) => unknown)(other);
      return `${name} of a ${kind}: accepted`;
    } catch (error) {
      return error instanceof TypeError ? `${name} of a ${kind}: ${String(error)}` : "";
    }
  }),
);

test("no fixture and no expectation ends in a TypeError where no simulator is given (F15)", () => {
  expect(helpers.length).toBeGreaterThan(8);
  expect(failures.filter((failure) => failure !== "")).toEqual([]);
});
