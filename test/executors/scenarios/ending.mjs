/* Futures that end their thread, each in its own way. */
let isSecondTry = false;

/** Ends the process of the worker in future 25, always. */
export function exits(sim) {
  if (sim.settings.seed === 25) process.exit(7);
  return { seed: Number(sim.settings.seed) };
}

/** Fills the memory in future 25. */
export function fillsMemory(sim) {
  const kept = [];
  if (sim.settings.seed === 25) for (;;) kept.push(new Array(100_000).fill(kept.length));
  return { seed: Number(sim.settings.seed) };
}

/** Takes its time, so that a thread can be ended in the middle of a shard. */
export function slow(sim) {
  const until = Date.now() + 5;
  while (Date.now() < until) isSecondTry = !isSecondTry;
  return { seed: Number(sim.settings.seed) };
}
