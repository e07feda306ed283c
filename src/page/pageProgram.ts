/** A program of the page with its style sheet, and the hashes that a content security policy allows them by. */
export interface PageProgram {
  readonly script: string;
  readonly scriptHash: string;
  readonly style: string;
  readonly styleHash: string;
}

/** The program behind the pages; undefined in a run from source without `scripts/page-program.ts`. */
export const pageProgram: PageProgram | undefined = undefined as PageProgram | undefined;
