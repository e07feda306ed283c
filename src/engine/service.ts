import { evolve } from "../topology/evolve.js";
import { slowdownFactor } from "../topology/faults.js";
import { reactToFact } from "./reactions.js";
import type { ServiceFunctions } from "./transaction.js";

/** The simulated service, as each transaction gets it. */
export const service: ServiceFunctions = { evolve, onFact: reactToFact, slowdownFactor };
