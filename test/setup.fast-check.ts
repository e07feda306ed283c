import fc from "fast-check";

/**
 * `FC_SEED` replays a failure that was printed with its seed, `FC_RUNS` makes a run longer or shorter.
 * A property that names its own `seed` or `numRuns` keeps them.
 */
const seed = process.env["FC_SEED"];
const runs = process.env["FC_RUNS"];

fc.configureGlobal({
  ...(seed === undefined ? {} : { seed: Number(seed) }),
  ...(runs === undefined ? {} : { numRuns: Number(runs) }),
  verbose: 1,
});
