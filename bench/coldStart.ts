import { execFileSync } from "node:child_process";
import { atMost, median, type Row } from "./harness.js";

/** What a process pays once, each measured in processes of their own. */
export function coldStartRows(): readonly Row[] {
  return [
    atMost({
      name: "first simulator of a process, after the import",
      value: median(samples(firstSimulator)),
      unit: "ms",
      goal: 8,
      against: "the clock",
    }),
    atMost({
      name: "transition tables of all machines, first call",
      value: median(samples(firstTables)),
      unit: "ms",
      goal: 8,
      against: "the clock",
    }),
  ];
}

const firstSimulator = `
const { ReplicationSimulator } = await import("replication-simulator");
const began = performance.now();
new ReplicationSimulator();
console.log(performance.now() - began);
`;

const firstTables = `
const { transitionTables } = await import("replication-simulator/lifecycle");
const began = performance.now();
transitionTables();
console.log(performance.now() - began);
`;

function samples(program: string): number[] {
  return Array.from({ length: 9 }, () =>
    Number(
      execFileSync(process.execPath, ["--input-type=module", "--eval", program], {
        encoding: "utf8",
      }),
    ),
  );
}
