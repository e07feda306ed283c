/*
 * The data plane by counting: ms by ms, every transaction counted as it is written, every replica moved by
 * a step at a time. Slow and without formulas, so that it can be believed.
 */

/** The reported state of a replica. */
export interface ReportedReplica {
  readonly lagMs: number;
  readonly applyMs: number;
  isUp: boolean;
  isBroken: boolean;
  line: { readonly isCut?: true; readonly factor?: number; readonly extraLagMs?: number };
  /** Everything written until this ms was received, applied. */
  received: number;
  applied: number;
  /** Ms that a slow line has carried nothing. */
  carried: number;
}

/** One source with its replicas, from the moment of its first workload, which is ms 0. */
export class Oracle {
  now = 0;
  readonly replicas: ReportedReplica[];
  status: "off" | "on" | "degraded" = "off";
  isUp = true;
  /** Since when users want to write and cannot. */
  interruptedAt: number | undefined;
  readonly #timeoutMs: number;
  /** What was written at the end of each ms. */
  readonly #transactions: number[] = [0];
  readonly #bytes: number[] = [0];
  #perSecond = 0;
  #bytesEach = 0;
  /** Whether clients wrote in each ms. */
  readonly #isWritten: boolean[] = [];
  /** Thousandths of a transaction under way. */
  #part = 0;
  #resumedAt = 0;
  /** Everything written until this ms is acknowledged, while commits wait. */
  #acknowledged = 0;
  #waitsFrom: number | undefined;

  constructor(lags: readonly { lagMs: number; applyMs: number }[], timeoutMs: number) {
    this.#timeoutMs = timeoutMs;
    this.replicas = lags.map((lag) => ({
      ...lag,
      isUp: true,
      isBroken: false,
      line: {},
      received: 0,
      applied: 0,
      carried: 0,
    }));
  }

  /** Commits wait from now on for the replicas that have everything. */
  waitForReplicas(): void {
    this.status = this.replicas.some((replica) => this.#receives(replica)) ? "on" : "degraded";
    this.#updateStatus();
  }

  /** What was written until a moment, or is acknowledged now. */
  position(until: number | "acknowledged"): { transactions: number; bytes: number } {
    const at = Math.max(0, until === "acknowledged" ? this.#acknowledgedUntil() : until);
    return { transactions: this.#transactions[at] ?? NaN, bytes: this.#bytes[at] ?? NaN };
  }

  /** Whether clients paused between a write that a moment precedes and another one. */
  hasPauseAhead(moment: number): boolean {
    const text = this.#isWritten.slice(Math.max(0, moment)).map(Number).join("");
    return /10+1/.test(text);
  }

  /** Something happens; what was under way is given up. */
  change(how: (oracle: Oracle) => void): void {
    // An acknowledged transaction stays acknowledged, whichever replica had it.
    if (this.status === "on") this.#acknowledged = this.#acknowledgedUntil();
    const [wasUp, before] = [
      this.isUp,
      this.replicas.map((one) => JSON.stringify(this.#flow(one))),
    ];
    how(this);
    for (const [at, replica] of this.replicas.entries()) {
      if (JSON.stringify(this.#flow(replica)) !== before[at]) replica.carried = 0;
    }
    if (this.isUp !== wasUp) this.#part = 0;
    if (!this.isUp && this.#perSecond > 0) this.interruptedAt ??= this.now;
    if (this.isUp && this.interruptedAt !== undefined) {
      this.interruptedAt = undefined;
      this.#resumedAt = this.now;
    }
    if (this.isUp) this.#waitsFrom = undefined;
    this.#updateStatus();
  }

  write(perSecond: number, bytesEach: number): void {
    this.#perSecond = perSecond;
    this.#bytesEach = bytesEach;
    this.#part = 0;
    if (perSecond === 0) this.interruptedAt = undefined;
  }

  tick(): void {
    this.now += 1;
    const before = this.now - 1;
    this.#isWritten.push(this.isUp && this.#perSecond > 0);
    if (this.isUp) this.#part += this.#perSecond;
    const whole = Math.floor(this.#part / 1000);
    this.#part -= whole * 1000;
    this.#transactions.push((this.#transactions[before] ?? NaN) + whole);
    this.#bytes.push((this.#bytes[before] ?? NaN) + whole * this.#bytesEach);
    for (const replica of this.replicas) this.#move(replica);
    this.#updateStatus();
  }

  #move(replica: ReportedReplica): void {
    const factor = replica.line.factor ?? 1;
    if (this.#receives(replica)) {
      const arrived = this.now - this.#lag(replica);
      replica.received = this.#skip(replica.received, arrived);
      // While nothing new has come, a line carries nothing, and saves nothing up.
      replica.carried = arrived > replica.received ? replica.carried + 1 : 0;
      const steps = factor === 1 ? 10 : replica.carried % factor === 0 ? 1 : 0;
      replica.received = this.#read(replica.received, arrived, steps);
    }
    if (replica.isUp && !replica.isBroken) {
      const arrived = this.now - this.#lag(replica) - replica.applyMs;
      replica.applied = this.#read(replica.applied, Math.min(arrived, replica.received), 10);
    }
  }

  /** Where one is who reads so many ms of the log at most. A ms without a write takes no step. */
  #read(from: number, end: number, steps: number): number {
    let at = this.#skip(from, end);
    for (let left = steps; left > 0 && at < end; left -= 1) at = this.#skip(at + 1, end);
    return at;
  }

  #skip(from: number, end: number): number {
    let at = from;
    while (at < end && this.#isWritten[at] !== true) at += 1;
    return at;
  }

  #receives(replica: ReportedReplica): boolean {
    // An error while applying leaves the other thread alone.
    return this.isUp && replica.isUp && replica.line.isCut !== true;
  }

  #flow(replica: ReportedReplica): unknown {
    return [this.#receives(replica), replica.isUp && !replica.isBroken, replica.line];
  }

  #updateStatus(): void {
    for (let turns = 0; turns < 5 && this.isUp; turns += 1) {
      const before = `${this.status} ${String(this.#waitsFrom)}`;
      if (this.status === "on") this.#degradeOnTimeout();
      else if (this.status === "degraded") this.#restoreWhenCaughtUp();
      if (`${this.status} ${String(this.#waitsFrom)}` === before) return;
    }
  }

  #degradeOnTimeout(): void {
    const from = Math.max(0, this.#acknowledgedUntil());
    const done = this.#transactions[from] ?? NaN;
    let first = from;
    while (first <= this.now && this.#transactions[first] === done) first += 1;
    if (first > this.now) return;
    if (this.now >= Math.max(first, this.#resumedAt) + this.#timeoutMs) {
      this.status = "degraded";
      this.#waitsFrom = undefined;
    }
  }

  #restoreWhenCaughtUp(): void {
    const able = this.replicas.filter(
      (replica) =>
        this.#receives(replica) &&
        (replica.line.factor ?? 1) === 1 &&
        this.#lag(replica) <= this.#timeoutMs,
    );
    if (this.#waitsFrom === undefined) {
      const hasCaughtUp = able.some((one) => {
        const arrived = this.now - this.#lag(one);
        return this.#skip(one.received, arrived) >= arrived;
      });
      if (hasCaughtUp) this.#waitsFrom = this.now;
    }
    const from = this.#waitsFrom;
    if (from === undefined || !able.some(({ received }) => received >= from)) return;
    this.status = "on";
    this.#acknowledged = from;
    this.#waitsFrom = undefined;
  }

  #lag({ lagMs, line }: ReportedReplica): number {
    return lagMs + (line.extraLagMs ?? 0);
  }

  #acknowledgedUntil(): number {
    if (this.status === "off") return this.now;
    if (this.status === "degraded") return Math.min(this.now, this.#waitsFrom ?? this.now);
    return Math.max(this.#acknowledged, ...this.replicas.map(({ received }) => received));
  }
}
