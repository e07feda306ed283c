import type { Fact, ReplicationSimulator } from "replication-simulator";
import { expectNoBrokenInvariants } from "replication-simulator/testing";
import { expect, test } from "vitest";

/*
 * The facts about logs and links, with all figures. Users write 1,000 transactions a second, a
 * replica receives after 1 s and applies after another, and catches up ten times as fast as was written: every figure
 * can be worked out by hand. Times are in seconds since users began to write.
 */

/** What users write in each world. */
export const rate = { transactionsPerSecond: 1000, bytesPerTransaction: 10 } as const;

/** Returns the facts about logs and links from now on. */
function notified(sim: ReplicationSimulator): string[] {
  const lines: string[] = [];
  const start = sim.now;
  const time = (at: number): string => String((at - start) / 1000);
  sim.subscribe(({ at, facts }) => {
    for (const fact of facts) {
      const reported = report(fact, time);
      if (reported !== undefined) lines.push(`${time(at)}: ${reported}`);
    }
  });
  return lines;
}

function report(fact: Fact, time: (at: number) => string): string | undefined {
  switch (fact.type) {
    case "LinkChanged": {
      const { link } = fact;
      if (link === null) return `${fact.id} has no link`;
      const { receives, applies, received, applied, sourceId, failure, condition: line } = link;
      const runs = [receives ? "receives" : "", applies ? "applies" : ""].join(" ").trim();
      const has = `received ${time(received)} applied ${time(applied)}`;
      const { condition, ...how } = line;
      const figures = Object.entries(how).flat().join(" ");
      return [
        `${fact.id} of ${sourceId} ${runs === "" ? "stands" : runs}, ${has}`,
        condition === "normal" ? "" : `, ${condition} ${figures}`.trimEnd(),
        failure === null ? "" : `, error ${String(failure.code)}`,
      ].join("");
    }
    case "LogEnded":
      return `${fact.id} has no log`;
    case "LogStarted":
    case "WorkloadSet":
    case "WorkloadMoved":
    case "WritesInterrupted":
    case "WritesResumed":
    case "AcknowledgementChanged":
    case "SemiSynchronousDegraded":
    case "SemiSynchronousRestored":
    case "CommitsStalled":
    case "CommitStallEnded": {
      const { type, id, row: _, log: writes, ...rest } = fact;
      const pieces = writes.pieces.map(
        ({ at, transactions, bytes, transactionsPerSecond }) =>
          `${String(transactions)}${bytes === 10 * transactions ? "" : ` (${String(bytes)} B)`}+${String(transactionsPerSecond)} at ${time(at)}`,
      );
      const { interruptedAt, semiSynchrony: semi } = writes;
      const due = semi?.due ?? null;
      return [
        `${type} ${id}`,
        ...Object.entries(rest).map(([key, value]) => `, ${key} ${String(value)}`),
        `: ${pieces.join(", ")}`,
        interruptedAt === null ? "" : `; waiting since ${time(interruptedAt)}`,
        semi === null ? "" : `; ${semi.status} ${time(semi.acknowledged)}`,
        semi === null || semi.waitsFrom === null ? "" : ` waits from ${time(semi.waitsFrom)}`,
        due === null ? "" : ` until ${time(due.dueAt)}`,
      ].join("");
    }
    default:
      return undefined;
  }
}

/** A world, what is done in it, and the facts that follow those of the first moment. */
export type FactCase = readonly [
  what: string,
  world: () => ReplicationSimulator,
  action: (sim: ReplicationSimulator) => void,
  reported: readonly string[],
];

/** What is reported as users begin to write: the log of the source, a link for each replica, acknowledgements of a group. */
function firstFacts(sim: ReplicationSimulator): readonly string[] {
  const { replicaIds, groupId } = sim.getInstance("instance-0");
  return [
    "0: WorkloadSet instance-0: 0+1000 at 0",
    ...replicaIds.map((id) => `0: ${id} of instance-0 receives applies, received 0 applied 0`),
    ...(groupId === null ? [] : ["0: AcknowledgementChanged instance-0: 0+1000 at 0; on 0"]),
  ];
}

/** Tests that each world reports exactly these facts. */
export function testFacts(cases: readonly FactCase[]): void {
  test.each(cases)("%s", (_, world, action, reported) => {
    const sim = world();
    const lines = notified(sim);
    const first = firstFacts(sim);
    sim.setWorkload("instance-0", rate);
    action(sim);
    expectNoBrokenInvariants(sim);
    expect(lines).toEqual([...first, ...reported]);
  });
}
