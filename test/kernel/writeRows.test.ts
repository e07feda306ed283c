import { describe, expect, test } from "vitest";
import { ordinalOf } from "../../src/collections/idIndex.js";
import { rowAt } from "../../src/collections/table.js";
import { accountToWrite, add, enter, existing, remove } from "../../src/kernel/writeRows.js";
import { InvariantViolationError } from "../../src/model/errors.js";
import type { Work } from "../../src/model/rows.js";
import {
  type Account,
  emptyTopology,
  type Mutable,
  type Topology,
} from "../../src/model/topology.js";
import { everyKind } from "./everyKind.js";

const row = { ordinal: 2, accountOrdinal: 2, id: "2", accountId: "1234", label: "third" };

function writableTopology(): Mutable<Topology> {
  return everyKind() as Mutable<Topology>;
}

describe("a topology outside a transaction", () => {
  test("takes a row in, with its id, its label and its counts", () => {
    const topology = writableTopology();
    add(topology, "groups", row, { counted: "born" });
    add(topology, "groups", { ...row, ordinal: 3, id: "3", label: null }, { counted: "born" });
    const account = rowAt(topology.accounts as Topology["accounts"], 0) as Account;
    expect(rowAt(topology.groups as Topology["groups"], 2)).toMatchObject(row);
    expect(account.created.groups).toBe(4);
    expect(["2", "3"].map((id) => ordinalOf(account.groups, id))).toEqual([2, 3]);
    expect(ordinalOf(account.made, "born")).toBe(2);
    expect(ordinalOf(account.labels, "third")).toBeDefined();
    // Nothing publishes changes that are kept apart there.
    for (const index of [account.groups, account.labels, account.made]) {
      expect(index.changes).toBeUndefined();
    }
  });

  test("forgets a removed row and its id, and keeps its label", () => {
    const topology = writableTopology();
    remove(topology, "groups", { id: "0", row: 0, accountId: "1234" });
    const account = rowAt(topology.accounts as Topology["accounts"], 0) as Account;
    expect(rowAt(topology.groups as Topology["groups"], 0)).toBeUndefined();
    expect(ordinalOf(account.groups, "0")).toBeUndefined();
    expect(ordinalOf(account.labels, "orders")).toBeDefined();
  });
});

describe("a fact of another world is refused", () => {
  test.each<readonly [string, (topology: Mutable<Topology>) => unknown]>([
    [
      "row 7 was appended as 2",
      (topology) => {
        add(topology, "groups", { ...row, ordinal: 7 }, { counted: null });
      },
    ],
    ["a fact refers to the missing row 9", ({ groups }) => existing<object>(groups as never, 9)],
    ["a fact refers to the unknown account 9", (topology) => accountToWrite(topology, "9")],
    [
      "a fact refers to the account 1234, which has no row",
      ({ accountIndex }) =>
        accountToWrite({ ...emptyTopology(), accountIndex } as Mutable<Topology>, "1234"),
    ],
  ])("%s", (message, write) => {
    const topology = writableTopology();
    expect(() => write(topology)).toThrow(InvariantViolationError);
    expect(() => write(writableTopology())).toThrow(message);
  });
});

describe("a row that enters a state", () => {
  const work = { task: "restart" } as Work;
  test.each([
    ["counts its task", work, 5],
    ["counts none without a task", null, 4],
  ])("%s", (_, started, tasksStarted) => {
    const lived = {
      state: "a",
      status: "A",
      work: null,
      lastError: null,
      tasksStarted: 4,
      updatedAt: 1,
    };
    const error = { task: "restart", message: "failed", createdAt: 8 } as const;
    enter(lived, { state: "b", status: "B", work: started, lastError: error }, 9);
    expect(lived).toEqual({
      state: "b",
      status: "B",
      work: started,
      lastError: error,
      tasksStarted,
      updatedAt: 9,
    });
  });
});
