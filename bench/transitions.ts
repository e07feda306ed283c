import { tableInterpreter } from "replication-simulator/lifecycle";
import { positionOf } from "../src/simulator/serialization.js";
import { idsOf, worldOf } from "./fixtures.js";
import { atLeast, type Row, timed } from "./harness.js";
import { Kernel } from "./kernel.js";

const instances = 100;
const rounds = 12;

/**
 * Lifecycle transitions a second: 100 instances whose end of work is always the beginning of other work, so that
 * nothing but the pipeline runs: work popped, lifecycle asked, duration drawn, fact evolved, work pushed. The two
 * states that alternate are joined by an interpreter of this file's own; everything else is the simulator's.
 */
export function transitionRows(): readonly Row[] {
  const lifecycle = tableInterpreter();
  let turns = false;
  const sim = worldOf(instances, "in-place", {
    jitter: 0.5,
    interpreter: {
      ...lifecycle,
      nextInstanceState: (state, signal) => {
        if (turns && signal === "task.done") {
          return state === "rebooting" ? "restarting" : "rebooting";
        }
        return lifecycle.nextInstanceState(state, signal);
      },
    },
  });
  for (const id of idsOf(sim, instances)) sim.restartInstance(id);
  turns = true;
  const kernel = new Kernel({ rows: instances, seed: 1 });
  // The best of several rounds: an absolute figure asks what the code does on a core of its own.
  const best = { sim: 0, kernel: 0 };
  for (let round = 0; round < rounds; round++) {
    const before = positionOf(sim.snapshot()).nextTaskSeq;
    const ns = timed(() => sim.advance(15_000_000), 1);
    const transitions = positionOf(sim.snapshot()).nextTaskSeq - before;
    best.sim = Math.max(best.sim, (transitions / ns) * 1e9);
    best.kernel = Math.max(best.kernel, (1e6 / timed(() => kernel.run(1e6), 1)) * 1e9);
  }
  return [
    atLeast({
      name: "lifecycle transitions, in-place store, no journal, 100 instances",
      value: best.sim / 1e6,
      unit: "million/s",
      goal: 4,
      stretch: 6,
      against: `${(best.kernel / best.sim).toFixed(1)} x the time of a bare event kernel`,
    }),
  ];
}
