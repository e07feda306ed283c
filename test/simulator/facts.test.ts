import { type Fact, type JournalEntry, ReplicationSimulator } from "replication-simulator";
import { describe, expect, test } from "vitest";
import { documentedLimits } from "../../src/model/limits.js";
import { isAbout } from "../../src/service/factSubjects.js";
import { factDescriptors, firstProblemOfFacts } from "../../src/service/facts.js";
import { formatVersion } from "../service/formatListing.js";

/** A source with a replica, built. */
function journalOfReplica(): readonly JournalEntry[] {
  const sim = new ReplicationSimulator({ seed: 7 });
  const source = sim.createInstance({ flavorId: "2", volumeGb: 10 });
  sim.settle();
  sim.createReplica({ flavorId: "2", volumeGb: 10, replicaOf: source.id });
  sim.settle();
  return [...sim.history.entries()];
}

describe("facts of a journal", () => {
  test("are repeated by a replay as they were recorded", () => {
    const sim = new ReplicationSimulator({ seed: 7 });
    sim.history.replayEntries(journalOfReplica());
    expect([...sim.history.entries()]).toEqual(journalOfReplica());
  });

  test.each([
    ["volumeGb", "ten", "facts[1].instance.volumeGb must be an integer from 1"],
    ["replicaIds", "none", "facts[1].instance.replicaIds must be an array"],
    ["color", "red", "facts[1].instance.color must be one of"],
  ])("name the field %s that cannot have its value", (field, value, message) => {
    const [first, ...rest] = structuredClone(journalOfReplica()) as [JournalEntry];
    const created = first.facts[1] as unknown as { readonly instance: Record<string, unknown> };
    created.instance[field] = value;
    const sim = new ReplicationSimulator({ seed: 7 });
    expect(() => {
      sim.history.replayEntries([first, ...rest]);
    }).toThrow(
      expect.objectContaining({
        rule: "journal-facts",
        message: expect.stringContaining(
          `replay mismatch at journal entry 0: ${message}`,
        ) as string,
      }),
    );
  });

  test("have the version of the format that is listed", () => {
    const sim = new ReplicationSimulator();
    expect(sim.snapshot().toJSON().version).toBe(formatVersion);
    expect(sim.journal().version).toBe(formatVersion);
  });

  test("of an unknown kind are named", () => {
    const problem = firstProblemOfFacts([{ type: "InstanceMoved" }], documentedLimits);
    expect(problem).toMatchObject({ field: "facts[0].type", value: "InstanceMoved" });
  });

  test("are about the rows that their descriptors name", () => {
    const facts = journalOfReplica().flatMap((entry) => entry.facts);
    const started = facts.find(({ type }) => type === "ReplicationStarted") as Fact & {
      readonly type: "ReplicationStarted";
    };
    expect(isAbout(started, started.sourceId)).toBe(true);
    expect(isAbout(started, started.replicaId)).toBe(true);
    expect(isAbout(started, "another")).toBe(false);
    expect(Object.keys(factDescriptors)).toContain("ReplicationStarted");
  });
});
