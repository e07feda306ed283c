/** A program of the page with its style sheet, and the hashes that a content security policy allows them by. */
export interface PageProgram {
  readonly script: string;
  readonly scriptHash: string;
  readonly style: string;
  readonly styleHash: string;
}

/** The programs behind the pages: one that shows, and one that also acts on a server. */
export interface PagePrograms {
  readonly report: PageProgram;
  readonly inspector: PageProgram;
}

/** Undefined in a run from source without `scripts/page-program.ts`. */
export const pagePrograms: PagePrograms | undefined = undefined as PagePrograms | undefined;
