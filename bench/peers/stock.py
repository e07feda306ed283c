"""The stock scenario of the what-if bench, written by hand on SimPy (Debian's python3-simpy3).

Simplifications against replication-simulator, all in favour of this program:
  - no rules, statuses, commands, journal, causes or resource limits;
  - no data plane: no write positions, lag, acknowledgements or lost transactions;
  - one group that cannot change its size; a replacement is the repaired member under its old name;
  - a failover promotes the first member that is up, since there is no lag to compare;
  - durations: detection 9 s and promotion 11 s, each spread by half; rebuilding 74 s, spread by 0.3.
The same: one crash process for the group (exponential, 3 days), lognormal repairs (median 20 min, sigma 1), 30 days.

Usage: stock.py DAYS FUTURES; prints microseconds of CPU a future, seconds without writes a future, interruptions a future.
"""
import math
import random
import sys
import time

import simpy

DAY = 86400.0
MEMBERS = 3


def future(seed, days):
    rng = random.Random(seed)
    env = simpy.Environment()
    up = [True] * MEMBERS
    replaced = [False] * MEMBERS
    state = {"source": 0, "down": 0.0, "count": 0, "since": None}

    def spread(mean, share):
        return mean * (1 + share * (2 * rng.random() - 1))

    def interrupted():
        if state["since"] is None:
            state["since"] = env.now

    def resumed():
        if state["since"] is not None:
            state["down"] += env.now - state["since"]
            state["count"] += 1
            state["since"] = None

    def repair(member):
        yield env.timeout(rng.lognormvariate(math.log(1200), 1))
        if replaced[member]:
            replaced[member] = False
            return
        up[member] = True
        if member == state["source"]:
            resumed()

    def failover(member):
        yield env.timeout(spread(9, 0.5))
        if up[member] or state["source"] != member:
            return
        yield env.timeout(spread(11, 0.5))
        candidates = [k for k in range(MEMBERS) if k != member and up[k]]
        if not candidates:
            return
        state["source"] = candidates[0]
        resumed()
        replaced[member] = not up[member]
        yield env.timeout(spread(74, 0.3))
        up[member] = True

    def crashes():
        while True:
            yield env.timeout(rng.expovariate(1 / (3 * DAY)))
            candidates = [k for k in range(MEMBERS) if up[k]]
            if not candidates:
                continue
            member = rng.choice(candidates)
            up[member] = False
            env.process(repair(member))
            if member == state["source"]:
                interrupted()
                env.process(failover(member))

    env.process(crashes())
    env.run(until=days * DAY)
    if state["since"] is not None:
        state["down"] += days * DAY - state["since"]
        state["count"] += 1
    return state


if __name__ == "__main__":
    days, futures = float(sys.argv[1]), int(sys.argv[2])
    for warm in range(50):
        future(warm, days)
    began = time.process_time()
    down = count = 0
    for seed in range(futures):
        outcome = future(seed, days)
        down += outcome["down"]
        count += outcome["count"]
    spent = time.process_time() - began
    print(f"{spent / futures * 1e6:.1f} {down / futures:.3f} {count / futures:.4f}")
