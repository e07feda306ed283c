import fc from "fast-check";

/**
 * The suite asks the same questions each time, so that a red run means a change and not chance. `FC_SEED=new` asks
 * new ones (a failure prints its seed), `FC_SEED=<number>` replays a failure, `FC_RUNS` makes a run longer or shorter.
 * A property that names its own `seed` or `numRuns` keeps them.
 */
const { FC_SEED: seed = "20260101", FC_RUNS: runs } = process.env;

fc.configureGlobal({
  ...(seed === "new" ? {} : { seed: Number(seed) }),
  ...(runs === undefined ? {} : { numRuns: Number(runs) }),
  verbose: 1,
});
