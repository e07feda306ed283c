import { existsSync, rmSync } from "node:fs";
import { join } from "node:path";
import { ReplicationSimulator } from "replication-simulator";
import { afterAll, describe, expect, test } from "vitest";
import { Ledger, type Listed } from "./crash/expectedState.js";
import { torment } from "./crash/rounds.js";
import { builtProgram } from "./crash/serverProcess.js";
import { folder } from "./tempDir.js";

/*
 * A few rounds of what `npm run crash` does in fifty, and what makes sure that it would complain.
 */

const program = builtProgram();

afterAll(() => {
  rmSync(program, { force: true });
});

test("a killed server loses nothing acknowledged, and invents nothing", async () => {
  expect(existsSync(program)).toBe(true);
  const file = join(folder(), "world.db");
  const outcome = await torment({ program, file, rounds: 6, seed: 4, loadMsMax: 400 });
  expect(outcome.complaints).toEqual([]);
  expect(outcome.acknowledged).toBeGreaterThan(0);
  expect(outcome.lines).toBeGreaterThanOrEqual(outcome.reported);
  expect(Object.keys(outcome.ends).sort()).toEqual([
    ...["stopped", "under load", "while starting", "while stopping"],
  ]);
}, 180_000);

describe("the ledger would complain", () => {
  const orders: Listed = { id: "1", name: "orders", status: "ACTIVE" };
  const createLedger = (): Ledger => {
    const ledger = new Ledger();
    ledger.createRequested("orders");
    ledger.created("orders", "1");
    ledger.saw([orders]);
    ledger.createRequested("unknown");
    ledger.sawClock(1000);
    return ledger;
  };

  test.each<[string, readonly Listed[], number, readonly string[]]>([
    ["all is well", [orders], 1000, []],
    ["an unknown instance exists", [orders, { ...orders, name: "unknown" }], 1001, []],
    ["something is lost", [], 1000, ["orders was created and is not there"]],
    [
      "something is invented",
      [orders, { ...orders, name: "other" }],
      1000,
      ["other was never requested"],
    ],
    ["something is there twice", [orders, orders], 1000, ["orders is there twice"]],
    ["something has another id", [{ ...orders, id: "2" }], 1000, ["orders was 1 and is 2"]],
    ["an answer is taken back", [{ ...orders, status: "BUILD" }], 1000, [/was built and is not/]],
    ["time has gone back", [orders], 999, ["it was 1000 and is 999"]],
  ] as [string, readonly Listed[], number, readonly string[]][])(
    "when %s",
    (_, listed, now, complaints) => {
      expect(createLedger().complaints(listed, now)).toEqual(
        complaints.map((each) =>
          (each as unknown) instanceof RegExp ? expect.stringMatching(each) : each,
        ),
      );
    },
  );

  test("when a deletion is taken back, but not when it was never acknowledged", () => {
    const ledger = createLedger();
    ledger.deleteRequested("1");
    expect(ledger.complaints([orders], 1000)).toEqual([]);
    expect(ledger.complaints([], 1000)).toEqual([]);
    ledger.deletionAnswered("1", true);
    expect(ledger.complaints([], 1000)).toEqual([]);
    expect(ledger.complaints([orders], 1000)).toEqual(["orders was deleted and is ACTIVE"]);
  });

  test("when the journal differs from the responses, misses something or has too much", () => {
    const sim = new ReplicationSimulator();
    for (const name of ["orders", "unknown"])
      sim.createInstance({ name, flavorId: 2, volumeGb: 1 });
    const [first, second] = sim.history.entries();
    if (first === undefined || second === undefined) throw new Error("two lines");
    const ledger = createLedger();
    ledger.record(first);
    expect(ledger.journalComplaints([first, second])).toEqual([]);
    expect(ledger.journalComplaints([first])).toEqual([]);
    expect(ledger.journalComplaints([{ ...first, at: 1 }])).toEqual([
      "line 0 was reported differently",
    ]);
    expect(ledger.journalComplaints([])).toEqual([
      "line 0 was reported differently",
      "orders was made 0 times",
    ]);
    expect(ledger.journalComplaints([first, first])).toContain("orders was made 2 times");
    sim.createInstance({ name: "other", flavorId: 2, volumeGb: 1 });
    expect(ledger.journalComplaints(sim.history.entries())).toEqual(["other was never requested"]);
  });
});
