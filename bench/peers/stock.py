"""The stock scenario of the what-if bench, written by hand on SimPy (Debian's python3-simpy3).

Simplifications against replication-simulator, all in favour of this program:
  - no rules, statuses, commands, journal, causes or resource limits;
  - one group that cannot change its size; a replacement is the repaired member under its old name;
  - without positions, a failover promotes the first member that is up;
  - durations: detection 9 s and promotion 11 s, each spread by half; rebuilding 74 s, spread by 0.3;
  - nothing is kept of a future but what is asked for, and futures are neither checked nor put into columns.
The same: one crash process for the group (exponential, 3 days), lognormal repairs (median 20 min, sigma 1), 30 days;
detection, promotion and replacement as events of their own; time without writes, and failovers.

With `positions`, the same question as in the bench: the lag of replicas in receiving (its 0.99 quantile over time and
replicas, to the ms), and lost transactions. Each replica has a lag of its own (1 s, spread by 0.3) and catches up at ten times
the speed; a time in which the source is down is no backlog. A commit waits for one replica, without any for 10 s at most. A failover promotes the member that has received
most. Positions are computed at events alone. Left out: bytes, applied positions, segments of logs, broken lines.

Usage: stock.py DAYS FUTURES [positions]; prints microseconds of CPU a future; then means a future of seconds without
writes, interruptions and failovers; with positions, lost transactions a future and the median of the lag in ms.
"""
import math
import random
import sys
import time

import simpy

DAY = 86400.0
MEMBERS = 3
CATCH_UP = 10.0
WRITES_PER_SECOND = 200
ACKNOWLEDGEMENT_TIMEOUT = 10.0


class Positions:
    """What replicas have received, as times until which they have all writes. It moves only at events."""

    def __init__(self, spread):
        self.spread = spread
        self.lag = [spread(1, 0.3) for _ in range(MEMBERS)]
        self.received = [-lag for lag in self.lag]
        self.receives = [True] * MEMBERS
        self.replicas = [1, 2]
        self.now = 0.0
        self.stopped = None
        self.alone_since = None
        self.lost = 0
        self.stretches = []

    def advance(self, now):
        """Adds the stretches of lag since the last event: duration, and lag at both ends."""
        ms = now - self.now
        if ms <= 0:
            return
        before, self.now = self.now, now
        stopped, add = self.stopped, self.stretches.append
        for k in self.replicas:
            received = self.received[k]
            if not self.receives[k]:
                if stopped is None:
                    add((ms, before - received, now - received))
                else:
                    add((ms, stopped - received, stopped - received))
                continue
            lag = self.lag[k]
            behind = before - received - lag
            if behind > 0:
                caught_up = behind / (CATCH_UP - 1)
                if caught_up >= ms:
                    self.received[k] = received + ms * CATCH_UP
                    add((ms, before - received, now - self.received[k]))
                    continue
                add((caught_up, behind + lag, lag))
                add((ms - caught_up, lag, lag))
            else:
                add((ms, lag, lag))
            self.received[k] = now - lag

    def watch(self, now):
        if any(self.receives[k] for k in self.replicas):
            self.alone_since = None
        elif self.alone_since is None:
            self.alone_since = now

    def replica_down(self, k, now):
        self.advance(now)
        self.receives[k] = False
        self.watch(now)

    def replica_up(self, k, now):
        self.advance(now)
        self.receives[k] = self.stopped is None
        self.watch(now)

    def source_down(self, now):
        self.advance(now)
        self.stopped = now
        for k in self.replicas:
            self.receives[k] = False

    def source_up(self, up, now):
        """Nothing was written since the source stopped, so it is no time that replicas are behind."""
        self.advance(now)
        for k in self.replicas:
            self.received[k] += now - self.stopped
        self.stopped = None
        for k in self.replicas:
            self.receives[k] = up[k]
        self.watch(now)

    def promote(self, source, up, now):
        self.advance(now)
        received = self.received
        degraded = (
            self.alone_since is not None
            and self.stopped - self.alone_since > ACKNOWLEDGEMENT_TIMEOUT
        )
        acknowledged = self.stopped if degraded else max(received[k] for k in self.replicas)
        missing = acknowledged - received[source]
        if missing > 0:
            self.lost += int(missing * WRITES_PER_SECOND)
        self.replicas = [k for k in range(MEMBERS) if k != source and up[k]]
        # Survivors share what they have received: none is further behind than its lag.
        for k in self.replicas:
            received[k] = self.stopped - self.lag[k]
        self.source_up(up, now)

    def join(self, k, now):
        """A new replica begins with all that its source has."""
        self.advance(now)
        self.lag[k] = self.spread(1, 0.3)
        self.received[k] = (now if self.stopped is None else self.stopped) - self.lag[k]
        self.receives[k] = self.stopped is None
        if k not in self.replicas:
            self.replicas.append(k)
        self.watch(now)

    def lag_quantile(self, now, share=0.99):
        """The least whole ms that the lag does not exceed during this share of the time."""
        self.advance(now)
        total = 0.0
        longest_first = []
        for ms, begin, last in self.stretches:
            total += ms
            longest_first.append((last, begin, ms) if begin < last else (begin, last, ms))
        longest_first.sort(reverse=True)
        left = (1 - share) * total
        low, high = 0, math.ceil(longest_first[0][0] * 1000)
        while low < high:
            middle = (low + high) // 2
            level = middle / 1000
            above = 0.0
            for most, least, ms in longest_first:
                if most <= level:
                    break
                above += ms if least >= level else ms * (most - level) / (most - least)
            if above <= left:
                high = middle
            else:
                low = middle + 1
        return high


def future(seed, days, with_positions=False):
    rng = random.Random(seed)
    env = simpy.Environment()
    up = [True] * MEMBERS
    replaced = [False] * MEMBERS
    state = {"source": 0, "down": 0.0, "count": 0, "failovers": 0, "since": None}

    def spread(mean, share):
        return mean * (1 + share * (2 * rng.random() - 1))

    positions = Positions(spread) if with_positions else None

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
            if positions:
                positions.source_up(up, env.now)
        elif positions:
            positions.replica_up(member, env.now)

    def failover(member):
        yield env.timeout(spread(9, 0.5))
        if up[member] or state["source"] != member:
            return
        yield env.timeout(spread(11, 0.5))
        candidates = [k for k in range(MEMBERS) if k != member and up[k]]
        if not candidates:
            return
        if positions:
            state["source"] = max(candidates, key=positions.received.__getitem__)
            positions.promote(state["source"], up, env.now)
        else:
            state["source"] = candidates[0]
        state["failovers"] += 1
        resumed()
        replaced[member] = not up[member]
        yield env.timeout(spread(74, 0.3))
        up[member] = True
        if positions:
            positions.join(member, env.now)

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
                if positions:
                    positions.source_down(env.now)
                env.process(failover(member))
            elif positions:
                positions.replica_down(member, env.now)

    env.process(crashes())
    end = days * DAY
    env.run(until=end)
    if state["since"] is not None:
        state["down"] += end - state["since"]
        state["count"] += 1
    if positions:
        state["lag"] = positions.lag_quantile(end)
        state["lost"] = positions.lost
    return state


if __name__ == "__main__":
    days, futures = float(sys.argv[1]), int(sys.argv[2])
    with_positions = sys.argv[3:] == ["positions"]
    for warm in range(50):
        future(warm, days, with_positions)
    began = time.process_time()
    outcomes = [future(seed, days, with_positions) for seed in range(futures)]
    spent = time.process_time() - began
    means = [sum(one[key] for one in outcomes) / futures for key in ("down", "count", "failovers")]
    text = f"{spent / futures * 1e6:.1f} {means[0]:.3f} {means[1]:.4f} {means[2]:.4f}"
    if with_positions:
        lags = sorted(one["lag"] for one in outcomes)
        text += f" {sum(one['lost'] for one in outcomes) / futures:.4f} {lags[futures // 2]}"
    print(text)
