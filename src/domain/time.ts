import { integer } from "./fields.js";

/**
 * The end of virtual time, in ms since the epoch: the last moment of the year 9999, after which no timestamp of the API
 * can be written. What is due later never comes.
 */
export const maxTime = 253_402_300_799_999;

/** A moment of virtual time, or a span of it, in whole ms. */
export const clockTime = integer({
  rule: "clock-time",
  source: "§6",
  min: 0,
  max: maxTime,
  unit: "ms",
});
