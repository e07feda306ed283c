import { InvalidWorldDataError } from "../model/errors.js";

/** A program of the page with its style sheet, and the hashes that a content security policy allows them by. */
export interface PageProgram {
  readonly script: string;
  readonly scriptHash: string;
  readonly style: string;
  readonly styleHash: string;
}

/**
 * Returns a program that the build has put in.
 * @throws InvalidWorldDataError `page-program` in a run from source
 */
export function builtProgram(program: PageProgram | undefined): PageProgram {
  if (program !== undefined) return program;
  throw new InvalidWorldDataError({
    code: "badRequest",
    rule: "page-program",
    message: "the page's program is not built in; run from dist after npm run build",
  });
}
