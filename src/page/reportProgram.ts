import type { PageProgram } from "./pageProgram.js";

/** The program of a page to send. Undefined in a run from source without `scripts/page-program.ts`. */
export const reportProgram: PageProgram | undefined = undefined as PageProgram | undefined;
