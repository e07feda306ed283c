/**
 * The service on a port, for tests in any language and for demonstrations: in real or simulated time, with a world that
 * can survive crashes. `npx replication-simulator serve` does the same from the command line.
 *
 * @module replication-simulator/server
 */
export type { CliIo } from "./cli/terminal.js";
export { runCli } from "./commandLine.js";
export { MemoryStore } from "./memoryStore.js";
export {
  type RunningServer,
  type ServerOptions,
  startServer,
} from "./server.js";
export { ServerConfigError } from "./serverConfigError.js";
export type { SqliteDriverName } from "./sqlite/driver.js";
export { openSqliteStore, type SqliteOptions } from "./sqlite/store.js";
export {
  type AppendBatch,
  type StoredWorld,
  StoreError,
  type StoreErrorCode,
  type WorldStore,
} from "./store.js";
