import fc from "fast-check";
import { ReplicationSimulator } from "replication-simulator";
import { journalToScenario, runScenario, type Scenario } from "replication-simulator/scenario";
import { formatScenario, parseScenarioFile } from "replication-simulator/scenario-file";
import { expect, test } from "vitest";
import { draftArbitrary } from "../../src/testing/fast-check/draftArbitrary.js";
import { type StepDrafts } from "../../src/testing/fast-check/stepDrafts.js";
import { type SerializableOptions } from "../drafts/draftsAsTest.js";
import { runDrafts } from "../drafts/runDrafts.js";
import { neighbour, runs, worlds } from "../scenarioGenerators.js";

/*
 * A journal says what happened, a scenario what shall happen. Each of these properties takes the journal of a random
 * draft, so that every command and every fault comes by.
 */

const drafts = draftArbitrary({ lengthMax: 40, outages: true, accounts: [neighbour] });

function worldOf(options: SerializableOptions, draft: StepDrafts): ReplicationSimulator {
  const sim = new ReplicationSimulator(options);
  runDrafts(sim, draft);
  return sim;
}

/** What happened, and when; not in which words it was asked for. */
function factsOf(sim: ReplicationSimulator): readonly unknown[] {
  return sim.history.entries().map(({ seq, at, cause, facts }) => ({ seq, at, cause, facts }));
}

test("a journal as a scenario, run again, gives the same facts; so does its file", () => {
  const commands = new Set<string>();
  const faults = new Set<string>();
  const parts = new Set<string>();
  fc.assert(
    fc.property(worlds, drafts, (options, draft) => {
      const sim = worldOf(options, draft);
      const reported = journalToScenario(sim.journal());
      const again = runScenario(reported);
      expect(again.refusals).toEqual([]);
      expect(factsOf(again.sim)).toEqual(factsOf(sim));
      expect(again.sim.fingerprint()).toBe(sim.fingerprint());
      expect(parseScenarioFile(formatScenario(reported))).toEqual(reported);
      for (const { do: action } of reported.steps ?? []) {
        if (typeof action === "string") parts.add(action);
        else if ("command" in action) commands.add(action.command);
        else if ("fault" in action) faults.add(action.fault);
        if (typeof action === "object" && "of" in action && action.of !== undefined) {
          parts.add(String(action.of).replace(/^.*\./, ".").replaceAll(/\d+/g, "N"));
        }
      }
    }),
    { numRuns: runs(400) },
  );
  // What the drafts reach: nearly every command and fault, and references of each kind.
  expect([...commands].length).toBeGreaterThan(30);
  expect(faults.size).toBeGreaterThan(10);
  expect([...parts]).toEqual(
    expect.arrayContaining(["step", "groupN", "instanceN", "faultN", ".N"]),
  );
}, 300_000);

test("without any one step, every other name still means what its own step creates", () => {
  let isDangling = 0;
  fc.assert(
    fc.property(worlds, drafts, fc.nat(), (options, draft, nth) => {
      const reported = journalToScenario(worldOf(options, draft).journal());
      const { steps = [] } = reported;
      if (steps.length === 0) return;
      const left = nth % steps.length;
      const reduced: Scenario = { ...reported, steps: steps.filter((_, index) => index !== left) };
      const made = new Map<string, unknown>();
      const { names } = runScenario(reduced, {
        afterStep: ({ step, results }) => {
          const [result] = results;
          const name = step.alias ?? step.label;
          if (name === undefined || result?.ok !== true) return;
          const { value } = result;
          made.set(name, typeof value === "string" ? value : (value as { id: string }).id);
        },
      });
      for (const [label, id] of made) expect(names.resolve(label)).toEqual([id]);
      const gone = steps[left]?.alias ?? steps[left]?.label;
      if (gone === undefined) return;
      expect(names.thing(gone)).toBeUndefined();
      if (JSON.stringify(reduced.steps).includes(`"${gone}`)) isDangling += 1;
    }),
    { numRuns: runs(100) },
  );
  expect(isDangling).toBeGreaterThan(5);
}, 300_000);
