import { parseScenarioFile } from "../src/scenario/file/parseScenarioFile.js";
import { dataScenario } from "../src/whatif/dataScenario.js";
import type { FutureResult, FuturesRequest, WorkerMessage } from "./messages.js";

/** Runs futures that the page asks for, beside it, so that the page stays at hand. */
export function runFutures(): void {
  addEventListener("message", ({ data }: MessageEvent<FuturesRequest>) => {
    const { text, firstSeed, count } = data;
    const post = (message: WorkerMessage): void => {
      postMessage(message);
    };
    try {
      const runnable = dataScenario(parseScenarioFile(text));
      const of = count * runnable.designs.length;
      let done = 0;
      let portion: FutureResult[] = [];
      for (let seed = firstSeed; seed < firstSeed + count; seed++) {
        for (const design of runnable.designs) {
          portion.push({ design, seed, outcome: runnable.simulate(design, seed) });
          done += 1;
          if (portion.length < portionSize && done < of) continue;
          post({ futures: portion, done, of });
          portion = [];
        }
      }
    } catch (error) {
      post({ error: error instanceof Error ? error.message : String(error) });
    }
  });
}

const portionSize = 10;
