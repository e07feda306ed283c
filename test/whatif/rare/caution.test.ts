import { expect, test } from "vitest";
import type { ScenarioInput } from "../../../src/scenario/format/scenario.js";
import { estimateRare, type RareAnswer } from "../../../src/whatif/rare/estimateRare.js";
import { rareText } from "../../../src/whatif/rare/rareText.js";
import { rareReportHtml } from "../../../src/whatif/report/rareReport.js";

const group: ScenarioInput = {
  scenario: 1,
  topology: { orders: { kind: "group", replicas: 1, writes: { perSecond: 200 } } },
  random: {
    crashes: { fault: "crash", of: "orders.any", every: { exponential: "5d" }, timeToRepair: "1h" },
  },
  horizon: "30d",
  measures: { lost: { measure: "lostTransactions", of: "orders" } },
  expect: {
    "data lost": { share: "lost", above: 0, atMost: "1 %" },
    "no copy": { never: "noCopy", of: "orders" },
  },
};

const outputsOf = (answer: RareAnswer): readonly string[] => [
  rareText(answer).replaceAll(/\s+/g, " "),
  rareReportHtml({ title: "a loss", answers: [answer], scenario: "", command: "" }),
];

const caution = "Caution: a replica that catches up counts as a copy";
const few = { roots: 5, until: null } as const;

test("a loss at the level of copies is printed with what no guard sees", async () => {
  const answer = await estimateRare(group, { ...few, event: "data lost" });
  for (const output of outputsOf(answer)) expect(output).toContain(caution);
});

test.each([
  { ...few, event: "no copy" },
  { ...few, event: "data lost", level: [{ condition: "lagAbove", of: "orders", limit: 10_000 }] },
] as const)("nothing is known to be missed by %j", async (options) => {
  const answer = await estimateRare(group, options);
  for (const output of outputsOf(answer)) expect(output).not.toContain("Caution");
});
