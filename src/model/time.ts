import { integer } from "./schema/fields.js";

/**
 * The end of virtual time, in ms since the epoch: the last ms of the year 9999, after which the API cannot format a
 * timestamp. Items that are due later never become due.
 */
export const maxTime = 253_402_300_799_999;

/** A point in virtual time, or a duration, in integer ms. */
export const clockTime = integer({
  rule: "clock-time",
  source: "§6",
  min: 0,
  max: maxTime,
  unit: "ms",
});
