import { describe, expect, test } from "vitest";
import { putId } from "../../src/collections/idIndex.js";
import { appendRow } from "../../src/collections/table.js";
import {
  type Birth,
  birthByCommand,
  birthByLabel,
  birthOf,
  birthOfNext,
  nextBirthKey,
  nextBirthsOf,
} from "../../src/kernel/lineage.js";
import type { Transaction } from "../../src/kernel/transaction.js";
import { emptyAccount, emptyTopology } from "../../src/model/topology.js";

/* The key of a row decides its id and all its draws, so the keys are a part of "same seed, same bytes". */

const parentKey = "0123456789abcdef0123456789abcdef";

/** A transaction of the account `1234`, which has made something so often under each counter; none: has no account. */
function transactionAfter(made?: Readonly<Record<string, number>>): Transaction {
  const topology = emptyTopology();
  if (made !== undefined) {
    const account = emptyAccount("1234", 0);
    for (const [counted, number] of Object.entries(made)) putId(account.made, counted, number);
    putId(topology.accountIndex, "1234", appendRow(topology.accounts, account));
  }
  // Births read nothing else of a transaction.
  return { context: { topology, accountId: "1234" } } as Transaction;
}

describe("the key of a row", () => {
  const first = transactionAfter();
  const births: Readonly<Record<string, Birth>> = {
    "a command": birthByCommand(first, { label: undefined, kind: "instance", name: "orders" }),
    "a label": birthByLabel(first, "primary"),
    "a parent and a number": birthOf(parentKey, "member", 2),
    "a parent and a counter": birthOfNext(first, parentKey, "failover"),
  };

  test("is the same bytes on every runtime and in every version", () => {
    expect(Object.entries(births).map(([by, { key }]) => [by, key])).toEqual([
      ["a command", "b01f59c129389752eb55e500210caa74"],
      ["a label", "592fcd14ee0b533c9b0e23bcd57eb23c"],
      ["a parent and a number", "6a709d13f142184afaaa6e4d8c17662f"],
      ["a parent and a counter", "7bfde16a4015e4f3281c3fbd7de3894f"],
    ]);
  });

  test("depends on what a row is made by, even of equal strings", () => {
    const keys = [
      birthByLabel(first, "primary"),
      birthOf("1234", "primary"),
      birthOfNext(first, "1234", "primary"),
    ].map(({ key }) => key);
    expect(new Set(keys).size).toBe(3);
  });

  test("of a label does not depend on the kind of row or on a count", () => {
    const birth = birthByLabel(first, "primary");
    expect(birth).toMatchObject({ label: "primary", counted: null });
    expect(birthByCommand(first, { label: "primary", kind: "group", name: "x" })).toEqual(birth);
  });
});

describe("the next row of a parent", () => {
  const counted = nextBirthsOf(parentKey, "failover");

  test.each([
    ["in an account without rows", undefined, 0],
    ["where others have been counted", { [nextBirthsOf("", "failover")]: 2 }, 0],
    ["after three of them", { [counted]: 3 }, 3],
  ] as const)("has its number and counter, %s", (_, made, before) => {
    expect(birthOfNext(transactionAfter(made), parentKey, "failover")).toEqual({
      key: nextBirthKey(parentKey, "failover", before),
      label: null,
      counted,
    });
  });

  test("has another key for each number, parent and purpose", () => {
    const keys = [
      ...[0, 1, 2].map((before) => nextBirthKey(parentKey, "failover", before)),
      nextBirthKey(parentKey, "backup", 0),
      nextBirthKey("", "failover", 0),
    ];
    expect(new Set(keys).size).toBe(keys.length);
  });
});
