import fc from "fast-check";
import { type Cause, type JournalEntry, ReplicationSimulator } from "replication-simulator";
import { expectNoBrokenInvariants } from "replication-simulator/testing";
import { beforeAll, describe, expect, test } from "vitest";
import { type StepDrafts } from "../../src/testing/fast-check/stepDrafts.js";
import { draftReporter } from "../drafts/draftReporter.js";
import { type SerializableOptions } from "../drafts/draftsAsTest.js";
import { runs } from "../scenarioGenerators.js";
import { without } from "./counterfactual.js";
import { lossDrafts, lossWorlds, type Takeover, witness } from "./lossScenarios.js";

/*
 * What is lost with a source, under faults at random moments: nothing that was acknowledged while a replica
 * acknowledges and lives; nothing that the journal does not report; and nothing without a fault.
 */

function assertLosses(
  usualRuns: number,
  property: (options: SerializableOptions, draft: StepDrafts) => void,
): void {
  fc.assert(fc.property(lossWorlds, lossDrafts, property), {
    numRuns: runs(usualRuns),
    reporter: draftReporter<[SerializableOptions, StepDrafts]>({
      simulator: ([options]) => options,
    }),
  });
}

test("acknowledged transactions survive while one replica with them survives, and are reported lost otherwise", () => {
  assertLosses(200, (options, draft) => {
    const sim = new ReplicationSimulator(options);
    witness(sim, draft, ({ fact, has, isPlanned, status, acknowledged, ...living }) => {
      const lost = Math.max(0, acknowledged - has);
      // A source that is up goes on for the ms after the witness has looked.
      const more = fact.lostTransactions - lost;
      expect(more).toBeGreaterThanOrEqual(0);
      expect(more).toBeLessThanOrEqual(isPlanned ? 1 : 0);
      const isKept = living.receivedByLiving >= acknowledged;
      if (status === "on" && isKept) expect(fact.lostTransactions).toBe(0);
      if (isPlanned && living.allReceive) expect(fact.lostTransactions).toBe(0);
      expectNoBrokenInvariants(sim);
    });
  });
});

/** A loss, and what is said to have caused it. */
interface Explained {
  readonly takeover: Takeover;
  readonly causes: readonly Cause[];
}

function losses(
  options: SerializableOptions,
  draft: StepDrafts,
): [ReplicationSimulator, Explained[]] {
  const sim = new ReplicationSimulator(options);
  const found: Explained[] = [];
  witness(sim, draft, (takeover) => {
    if (takeover.fact.lostTransactions === 0) return;
    const { line, fact } = takeover;
    // A member that is promoted may read ACTIVE before and after: what has changed is its group.
    const promotion = line.facts.find(({ type }) => type === "SourcePromoted");
    const id = promotion !== undefined && "id" in promotion ? promotion.id : fact.id;
    found.push({ takeover, causes: sim.explain(id) });
  });
  return [sim, found];
}

/** The faults that were ordered, among the causes. */
function faultsAmong(causes: readonly Cause[]): readonly JournalEntry[] {
  return causes
    .map(({ line }) => line)
    .filter(({ facts }) => facts.some(({ type }) => type === "FaultInjected"))
    .filter(({ trigger }) => trigger.kind === "command");
}

test("every loss is explained: by the line in which its source was lost, and back to a fault", () => {
  assertLosses(200, (options, draft) => {
    for (const { takeover, causes } of losses(options, draft)[1]) {
      const { fact, line } = takeover;
      expect(causes[0]?.line).toEqual(line);
      const outages = causes.filter(({ line: { facts } }) =>
        facts.some(
          (one) =>
            (one.type === "InstanceStateEntered" &&
              one.id === fact.replacedId &&
              ["SHUTDOWN", "BLOCKED", "ERROR"].includes(one.status)) ||
            (one.type === "PartitionChanged" &&
              one.id === fact.replacedId &&
              one.partitionId !== null),
        ),
      );
      expect(outages).not.toEqual([]);
      expect(faultsAmong(causes)).not.toEqual([]);
    }
  });
});

test("without the faults that are named, a loss does not happen, unless another fault stands in for them", () => {
  assertLosses(60, (options, draft) => {
    const [sim, found] = losses(options, draft);
    const lines = sim.history.entries();
    for (const { takeover, causes } of found.slice(-2)) {
      const { fact, line } = takeover;
      const named = faultsAmong(causes).map(({ seq }) => seq);
      const isLost = (removed: readonly number[]): boolean =>
        without(options, lines, { removed: new Set(removed), until: sim.now }).some(
          ({ at, fact: one }) =>
            at === line.at &&
            one.type === "LogStarted" &&
            one.id === fact.id &&
            one.lostTransactions > 0,
        );
      expect(isLost([])).toBe(true);
      if (!isLost(named)) continue;
      const others = lines
        .filter(({ facts }) => facts.some(({ type }) => type === "FaultInjected"))
        .map(({ seq }) => seq)
        .filter((seq) => !named.includes(seq));
      expect(others.filter((seq) => !isLost([...named, seq]))).not.toEqual([]);
    }
  });
});

describe("the scenarios of these properties", () => {
  const seen = new Map<string, number>();

  beforeAll(() => {
    const reported = fc.sample(fc.tuple(lossWorlds, lossDrafts), { numRuns: 1_200, seed: 7 });
    const saw = (what: string): void => {
      seen.set(what, (seen.get(what) ?? 0) + 1);
    };
    for (const [options, draft] of reported) {
      const sim = new ReplicationSimulator(options);
      witness(
        sim,
        draft,
        ({ fact, isInGroup, isPlanned, isCutOff, status, acknowledged, ...rest }) => {
          const isLost = fact.lostTransactions > 0;
          if (isPlanned) saw("users who move from a source that is up");
          if (!isInGroup && isLost) saw("a loss in a plain set");
          if (isInGroup && isCutOff && isPlanned && isLost)
            saw("a loss of what a cut-off source took");
          if (!isInGroup || isPlanned) return;
          if (status === "degraded" && isLost) saw("a loss in a degraded group");
          if (status !== "on" || acknowledged === 0) return;
          if (isLost) saw("a loss with the replica that had acknowledged");
          else if (rest.receivedByLiving >= acknowledged) saw("a failover that loses nothing");
          const causes = sim.explain(fact.id);
          if (causes.some(({ line: { trigger } }) => trigger.kind === "fault")) {
            saw("a failover after a fault that came by itself");
          }
        },
      );
    }
  }, 180_000);

  test.each([
    "users who move from a source that is up",
    "a loss in a plain set",
    "a loss in a degraded group",
    "a loss with the replica that had acknowledged",
    "a failover that loses nothing",
    "a loss of what a cut-off source took",
    "a failover after a fault that came by itself",
  ])("contain %s", (what) => {
    expect(seen.get(what) ?? 0).toBeGreaterThan(3);
  });
});
