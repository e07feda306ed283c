/**
 * Virtual time tied to real time, for servers and demonstrations: a driver that completes tasks when they are due, at
 * any speed, with the host's timers or with your own clock.
 *
 * @module replication-simulator/realtime
 */
export { type Clock, ManualClock, systemClock } from "./clock.js";
export { RealtimeDriver, type RealtimeOptions } from "./driver.js";
export type { RealtimeWaitOptions } from "./pendingWaits.js";
