import type { PageProgram } from "./pageProgram.js";

/** The program of the page of a server. Undefined in a run from source without `scripts/page-program.ts`. */
export const inspectorProgram: PageProgram | undefined = undefined as PageProgram | undefined;
