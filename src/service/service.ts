import type { ServiceFunctions } from "../kernel/transaction.js";
import { evolve } from "./evolve.js";
import { slowdownFactor } from "./faults/activeFaults.js";
import { reactToFact } from "./reactions.js";

/** The simulated service, as each transaction gets it. */
export const service: ServiceFunctions = { evolve, onFact: reactToFact, slowdownFactor };
