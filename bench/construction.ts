import { ReplicationSimulator } from "replication-simulator";
import { atMost, median, type Row, timed } from "./harness.js";

/** One simulator for each test costs nothing. */
export function constructionRows(): readonly Row[] {
  const times: number[] = [];
  for (let i = 0; i < 200; i++) times.push(timed(() => new ReplicationSimulator(), 20));
  return [
    atMost({
      name: "new ReplicationSimulator()",
      value: median(times.slice(50)) / 1000,
      unit: "us",
      goal: 50,
      against: "the clock",
    }),
  ];
}
