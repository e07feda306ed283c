import { applyPatches, enablePatches } from "immer";
import { describe, expect, test } from "vitest";
import { dropId, ordinalOf, overIndex, putId, setId } from "../../src/collections/idIndex.js";
import {
  appendRow,
  dropRow,
  ownRow,
  rowAt,
  type Table,
  writableRow,
} from "../../src/collections/table.js";
import { nextVersion, writeInPlace } from "../../src/kernel/nextVersion.js";
import { TopologyOverlay } from "../../src/kernel/overlay.js";
import { immutableStore, inPlaceStore, type Published } from "../../src/kernel/store.js";
import { type Account, indexNames, type Mutable, type Topology } from "../../src/model/topology.js";
import { everyKind, tableNames, topIndexNames } from "./everyKind.js";

/* What a store makes of the writes of a transaction: all of them, and nothing else. */

enablePatches();

const [immutable, inPlace] = [immutableStore(), inPlaceStore()];

type Publish = (base: Topology, touched: Topology) => Published;

/** The ways that leave the version before as it was. */
const versioned: readonly (readonly [string, Publish])[] = [
  ["the immutable store", (base, touched) => immutable.publish(base, touched, { patches: false })],
  [
    "the immutable store with patches",
    (base, touched) => immutable.publish(base, touched, { patches: true }),
  ],
];

const publishInPlace: Publish = (base, touched) =>
  inPlace.publish(base, touched, { patches: false });

const every: readonly (readonly [string, Publish])[] = [
  ...versioned,
  ["the in-place store", publishInPlace],
];

/** Returns what one transaction leads to. */
function published(
  publish: Publish,
  base: Topology,
  write: (topology: Mutable<Topology>) => void,
): Topology {
  const overlay = new TopologyOverlay(base);
  overlay.begin(base);
  write(overlay.topology);
  return publish(base, overlay.topology).topology;
}

/** The ways in which a transaction writes into a table. An account is never removed. */
function writesOf(
  name: (typeof tableNames)[number],
): readonly (readonly [string, (table: Table<object>) => unknown])[] {
  const added = name === "accounts" ? firstAccount(everyKind()) : {};
  return [
    ["changed", (table) => writableRow(table, 0)],
    ["added", (table) => appendRow(table, added)],
    ...(name === "accounts"
      ? []
      : [["removed", (table: Table<object>) => dropRow(table, 1)] as const]),
  ];
}

/** Returns an index of the first account, to write into. */
function ownIndex(
  topology: Mutable<Topology>,
  name: (typeof indexNames)[number],
): Account["labels"] {
  const account = ownRow(topology.accounts as Table<Account>, 0) as Mutable<Account>;
  return (account[name] = overIndex(account[name]));
}

function firstAccount({ accounts }: Topology): Account {
  return rowAt(accounts, 0) as Account;
}

describe.each(every)("%s", (_, publish) => {
  test.each(tableNames)("publishes changed, added and removed rows of the %s", (name) => {
    const base = everyKind();
    const { size, count } = base[name];
    const after: Table<object> = published(publish, base, (topology) => {
      const table: Table<object> = topology[name];
      Object.assign(writableRow(table, 0) ?? {}, { id: "changed" });
      // An account is never removed.
      if (name !== "accounts") dropRow(table, 1);
      appendRow(
        table,
        name === "accounts" ? { ...firstAccount(base), id: "added" } : { id: "added" },
      );
    })[name];
    expect(rowAt(after, 0)).toMatchObject({ id: "changed" });
    expect(rowAt(after, size)).toMatchObject({ id: "added" });
    expect(after.size).toBe(size + 1);
    if (name === "accounts") return;
    expect(rowAt(after, 1)).toBeUndefined();
    expect(after.count).toBe(count);
  });

  test.each(indexNames)(
    "publishes the %s of an account, without the changes of the transaction",
    (name) => {
      const base = everyKind();
      const first = { ...firstAccount(base) };
      const { count } = first[name];
      const after = published(publish, base, (topology) => {
        putId(ownIndex(topology, name), "added", 7);
      });
      const account = firstAccount(after);
      expect(ordinalOf(account[name], "added")).toBe(7);
      expect(account[name]).toEqual({ count: count + 1, root: expect.any(Array) as unknown });
      for (const other of indexNames) if (other !== name) expect(account[other]).toBe(first[other]);
    },
  );

  test.each(topIndexNames)("publishes added, changed and removed ids of the %s", (name) => {
    const base = everyKind();
    putId(base[name], "known", 1);
    putId(base[name], "old", 2);
    const { count } = base[name];
    const after = published(publish, base, (topology) => {
      putId(topology[name], "added", 3);
      setId(topology[name], "known", 4);
      dropId(topology[name], "old");
    })[name];
    expect(["added", "known", "old"].map((id) => ordinalOf(after, id))).toEqual([3, 4, undefined]);
    expect(after.count).toBe(count);
  });

  test.each([
    ["one instance", (): void => undefined],
    [
      "rows of several tables",
      (topology: Mutable<Topology>) => writableRow(topology.groups as Table<object>, 0),
    ],
  ])("publishes the counts and the watched faults with %s", (_, alsoWrite) => {
    const after = published(publish, everyKind(), (topology) => {
      writableRow(topology.instances as Table<object>, 0);
      alsoWrite(topology);
      topology.streams = 77;
      topology.watchedFaults = [0, 1];
    });
    expect(after).toMatchObject({ streams: 77, watchedFaults: [0, 1] });
  });

  test("does not freeze what it publishes: V8 reads frozen arrays slowly", () => {
    const after = published(publish, everyKind(), (topology) => {
      writableRow(topology.instances as Table<object>, 0);
      putId(topology.accountIndex, "added", 1);
    });
    for (const part of [after, after.instances, after.instances.root, after.accountIndex.root]) {
      expect(Object.isFrozen(part)).toBe(false);
    }
  });
});

describe.each(versioned)("%s", (_, publish) => {
  describe.each(tableNames)("leaves the version before as it was", (name) => {
    test.each(writesOf(name))(`when ${name} are %s`, (_, write) => {
      const base = everyKind();
      const text = JSON.stringify(base);
      published(publish, base, (topology) => {
        write(topology[name]);
      });
      expect(JSON.stringify(base)).toBe(text);
    });
  });

  test.each(indexNames)(
    "leaves the version before as it was when the %s of an account change",
    (name) => {
      const base = everyKind();
      const text = JSON.stringify(base);
      published(publish, base, (topology) => {
        putId(ownIndex(topology, name), "added", 7);
      });
      expect(JSON.stringify(base)).toBe(text);
    },
  );

  test.each(topIndexNames)("leaves the version before as it was when the %s changes", (name) => {
    const base = everyKind();
    const text = JSON.stringify(base);
    published(publish, base, (topology) => {
      putId(topology[name], "added", 7);
    });
    expect(JSON.stringify(base)).toBe(text);
  });

  test.each(tableNames)("shares all tables but the %s when only these change", (changed) => {
    const base = everyKind();
    const after = published(publish, base, (topology) => {
      appendRow<object>(topology[changed], changed === "accounts" ? { ...firstAccount(base) } : {});
    });
    for (const name of tableNames) expect(after[name] === base[name]).toBe(name !== changed);
    for (const name of topIndexNames) expect(after[name]).toBe(base[name]);
  });

  test.each(topIndexNames)("shares all tables when only the %s changes", (changed) => {
    const base = everyKind();
    const after = published(publish, base, (topology) => {
      putId(topology[changed], "added", 1);
    });
    for (const name of tableNames) expect(after[name]).toBe(base[name]);
    for (const name of topIndexNames) expect(after[name] === base[name]).toBe(name !== changed);
  });
});

describe("the in-place store", () => {
  describe.each(tableNames)("keeps the topology, its tables and their nodes", (name) => {
    test.each(writesOf(name))(`when ${name} are %s`, (_, write) => {
      const base = everyKind();
      const { [name]: table } = base;
      const { root } = table;
      const after = published(publishInPlace, base, (topology) => {
        write(topology[name]);
      });
      expect(after).toBe(base);
      expect(after[name]).toBe(table);
      expect(after[name].root).toBe(root);
    });
  });

  test("keeps the nodes of indexes", () => {
    const base = everyKind();
    const account = firstAccount(base);
    const roots = [account.labels.root, base.accountIndex.root];
    const after = published(publishInPlace, base, (topology) => {
      putId(ownIndex(topology, "labels"), "added", 1);
      putId(topology.accountIndex, "added", 1);
    });
    expect(firstAccount(after).labels.root).toBe(roots[0]);
    expect(after.accountIndex.root).toBe(roots[1]);
  });
});

describe("patches", () => {
  test("are there when they are asked for, with the fields that differ", () => {
    const base = everyKind();
    const overlay = new TopologyOverlay(base);
    Object.assign(writableRow<object>(overlay.topology.groups, 1) ?? {}, { name: "renamed" });
    const { topology, patches } = immutable.publish(base, overlay.topology, { patches: true });
    expect(patches).toContainEqual({
      op: "add",
      path: ["groups", "root", 1, "name"],
      value: "renamed",
    });
    expect(applyPatches(base, [...(patches ?? [])])).toEqual(topology);
  });

  test.each([
    ["immutable", immutable],
    ["in-place", inPlace],
  ])("are absent otherwise, on the %s store", (_, store) => {
    const base = everyKind();
    const { topology } = new TopologyOverlay(base);
    expect(store.publish(base, topology, { patches: false })).not.toHaveProperty("patches");
  });

  test.each([
    ["immutable", immutable],
    ["in-place", inPlace],
  ])("come from the %s store exactly if it says so", (_, store) => {
    const base = everyKind();
    const { topology } = new TopologyOverlay(base);
    const { patches } = store.publish(base, topology, { patches: true });
    expect(patches !== undefined).toBe(store.givesPatches);
  });
});

test("a topology that no transaction has written into changes nothing", () => {
  const base = everyKind();
  expect(nextVersion(base, everyKind())).toEqual(base);
  const text = JSON.stringify(base);
  writeInPlace(base as Mutable<Topology>, everyKind());
  expect(JSON.stringify(base)).toBe(text);
});
