/*
 * The service under test: it knows nothing of a simulator. In production `Databases` is an HTTP client and a timer,
 * in the tests it is a simulated world (simulatedDatabases.ts).
 */

/** What the pool needs of the database service. Refusals are errors with the service's name of the fault. */
export interface Databases {
  createReplica(wish: { readonly name: string; readonly sourceId: string }): Promise<string>;
  replicasOf(
    sourceId: string,
  ): Promise<readonly { readonly id: string; readonly status: string }[]>;
  /** The status of an instance, or undefined when it is gone. */
  statusOf(id: string): Promise<string | undefined>;
  remove(id: string): Promise<void>;
  wait(ms: number): Promise<void>;
}

/** Pages the operator on call. */
export interface Pager {
  page(message: string): void;
}

const pollMs = 10_000;
const patienceMs = 15 * 60_000;
const attemptsMax = 3;

/** Keeps a replica for reports, so that long queries stay away from the source. */
export class ReportingPool {
  readonly #databases: Databases;
  readonly #pager: Pager;

  constructor(databases: Databases, pager: Pager) {
    this.#databases = databases;
    this.#pager = pager;
  }

  /**
   * The id of a replica that is up: one that is there already, or a new one. What fails is cleared away and tried
   * again, three times in all; then an operator is paged, and the answer is undefined.
   */
  async provision(sourceId: string): Promise<string | undefined> {
    for (const { id, status } of await this.#databases.replicasOf(sourceId)) {
      if (status === "ACTIVE") return id;
    }
    for (let attempt = 1; attempt <= attemptsMax; attempt++) {
      const id = await this.#start(sourceId, `reports-${attempt}`);
      if (id === undefined) return undefined;
      const status = await this.#waitWhile(id, "BUILD");
      if (status === "ACTIVE") return id;
      if (status === "BUILD") {
        this.#pager.page(`the replica of ${sourceId} is still being built after 15 minutes`);
        return undefined;
      }
      await this.#databases.remove(id);
      await this.#waitWhile(id, "DELETION_PENDING");
    }
    this.#pager.page(`${attemptsMax} replicas of ${sourceId} failed`);
    return undefined;
  }

  /** Starts a replica; while the source is busy with something else it waits. */
  async #start(sourceId: string, name: string): Promise<string | undefined> {
    for (let waitedMs = 0; waitedMs < patienceMs; waitedMs += pollMs) {
      try {
        return await this.#databases.createReplica({ name, sourceId });
      } catch (error) {
        const { code } = error as { readonly code?: string };
        if (code === "overLimit") {
          this.#pager.page(`${sourceId} has no room for a replica`);
          return undefined;
        }
        if (code !== "unprocessableEntity") throw error;
        await this.#databases.wait(pollMs);
      }
    }
    this.#pager.page(`${sourceId} was busy for 15 minutes`);
    return undefined;
  }

  async #waitWhile(id: string, busy: string): Promise<string | undefined> {
    for (let waitedMs = 0; waitedMs < patienceMs; waitedMs += pollMs) {
      const status = await this.#databases.statusOf(id);
      if (status !== busy) return status;
      await this.#databases.wait(pollMs);
    }
    return await this.#databases.statusOf(id);
  }
}
