import { parseScenarioFile } from "../src/scenario/file/parseScenarioFile.js";
import { dataScenario } from "../src/whatif/dataScenario.js";
import type { FuturesRequest, PlayedFuture, WorkerMessage } from "./messages.js";

/** Plays futures that the page asks for, beside it, so that the page stays at hand. */
export function playFutures(): void {
  addEventListener("message", ({ data }: MessageEvent<FuturesRequest>) => {
    const { text, firstSeed, count } = data;
    const say = (message: WorkerMessage): void => {
      postMessage(message);
    };
    try {
      const playable = dataScenario(parseScenarioFile(text));
      const of = count * playable.designs.length;
      let done = 0;
      let portion: PlayedFuture[] = [];
      for (let seed = firstSeed; seed < firstSeed + count; seed++) {
        for (const design of playable.designs) {
          portion.push({ design, seed, outcome: playable.play(design, seed) });
          done += 1;
          if (portion.length < portionSize && done < of) continue;
          say({ futures: portion, done, of });
          portion = [];
        }
      }
    } catch (error) {
      say({ error: error instanceof Error ? error.message : String(error) });
    }
  });
}

const portionSize = 10;
