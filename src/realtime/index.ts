/**
 * Virtual time tied to real time, for authors of servers and demonstrations: a driver that ends work when its moment
 * comes, at any speed, with the host's timers or with a clock of yours.
 *
 * @module replication-simulator/realtime
 */
export { type Clock, ManualClock, systemClock } from "./clock.js";
export { RealtimeDriver, type RealtimeOptions } from "./driver.js";
export type { RealtimeWaitOptions } from "./pendingWaits.js";
