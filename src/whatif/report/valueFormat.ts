import { assertAccepted } from "../assertInput.js";

/** Unit of a measure's values: ms of virtual time, hours, or numbers. */
export type ValueUnit = "duration" | "hours" | "number";

/** Digits of a value, where no more are needed to distinguish it from another one. */
const usualDigits = 3;

/** Formats a value with three digits: `1.08 min`, `27.5 s`, `5,040 h`, `3,510`, `0.0123`. */
export function formatValue(value: number, unit: ValueUnit): string {
  const isNumber = typeof value === "number" && !Number.isNaN(value);
  assertAccepted(isNumber, value, { field: "value", expected: "a number" });
  return valueText(value, unit, usualDigits);
}

function valueText(value: number, unit: ValueUnit, digits: number): string {
  if (unit === "duration") return formatMs(value, digits, withDigits);
  return unit === "hours" ? `${withDigits(value, digits)} h` : withDigits(value, digits);
}

/**
 * Returns how to print values beside limits: with as many digits as it takes that no value looks like a limit from which
 * it differs.
 */
export function formatBeside(
  values: readonly number[],
  limits: readonly number[],
  unit: ValueUnit | "share",
): (value: number) => string {
  const text = (value: number, digits: number): string =>
    unit === "share" ? shareText(value, digits) : valueText(value, unit, digits);
  // 1.00 h and 1 h look alike too.
  const seen = (value: number, digits: number): string =>
    text(value, digits).replace(/\.0+(?= |$)/, "");
  const isClear = (digits: number): boolean =>
    values.every((value) =>
      limits.every((limit) => limit === value || seen(limit, digits) !== seen(value, digits)),
    );
  let digits = usualDigits;
  // A double has no more than 17.
  while (digits < 17 && !isClear(digits)) digits += 1;
  return (value) => text(value, digits);
}

/**
 * Formats the value of a tick: as short as it can be said exactly.
 *
 * @param step - distance of the ticks, where they are even: durations then all have the unit of the step
 */
export function formatTick(value: number, unit: ValueUnit, step?: number): string {
  const short = (x: number, digits = tickDigits): string => {
    const rounded = Number(x.toPrecision(digits));
    const isTiny = rounded !== 0 && Math.abs(rounded) < 0.0001;
    return isTiny ? rounded.toExponential() : withSeparators(String(rounded));
  };
  if (unit === "number") return short(value);
  if (unit === "hours") return `${short(value)} h`;
  if (step === undefined || value === 0) return formatMs(value, tickDigits, short);
  const [name, ms] = unitsMs.find(([, each]) => (2 * step) % each === 0) ?? ["ms", 1];
  return `${short(value / ms)} ${name}`;
}

/** Digits of a tick at most. */
const tickDigits = 6;

/**
 * Formats a share as percent, with the digits that matter near 0 and 1; below 0.001 % as a power of ten. Only 1 itself is
 * 100 %.
 */
export function formatShare(share: number): string {
  return shareText(share, usualDigits);
}

/** Decimals of a percentage at most. */
const maxDecimals = 14;

function shareText(share: number, digits: number): string {
  const percent = 100 * share;
  if (percent > 0 && percent < 0.001) return share.toExponential(digits - 1);
  if (share === 0 || share === 1) return `${String(percent)} %`;
  const distance = Math.min(percent, 100 * (1 - share));
  // Two digits at least, so that a share near 1 is not 100 %.
  let decimals = distance >= 10 ? 0 : 1;
  for (let unit = 1; distance < unit && decimals < maxDecimals; unit /= 10) decimals += 1;
  decimals = Math.min(maxDecimals, decimals + digits - usualDigits);
  return `${String(Number(percent.toFixed(decimals)))} %`;
}

/** Formats an interval behind an estimate: `1.01 to 1.15 min`, `more than 27 s`. */
export function formatInterval(
  { low, high }: { readonly low: number | null; readonly high: number | null },
  unit: ValueUnit,
): string {
  return intervalText({ low, high }, (value) => formatValue(value, unit));
}

/** Formats the ends of an interval in a way that is given. A unit that both share stands once. */
export function intervalText(
  { low, high }: { readonly low: number | null; readonly high: number | null },
  format: (value: number) => string,
): string {
  if (low === null && high === null) return "no bound";
  if (high === null) return `more than ${format(low ?? 0)}`;
  if (low === null) return `less than ${format(high)}`;
  const [from, to] = [format(low), format(high)];
  const [, fromUnit] = from.split(" ");
  const short =
    fromUnit !== undefined && to.endsWith(` ${fromUnit}`)
      ? from.slice(0, -fromUnit.length - 1)
      : from;
  return `${short} to ${to}`;
}

/** Formats an elasticity with its interval: `0.98 (0.95 to 1.01)`. */
export function formatElasticity(
  {
    value,
    interval,
  }: {
    readonly value: number;
    readonly interval: { readonly low: number | null; readonly high: number | null } | null;
  },
  unit = "",
): string {
  const format = (x: number): string => x.toFixed(2);
  const range = interval === null ? "" : ` (${intervalText(interval, format)})`;
  return `${format(value)}${unit}${range}`;
}

/** Formats a whole number with separators. */
export function formatCount(count: number): string {
  return withSeparators(String(count));
}

const secondMs = 1000;
const minuteMs = 60 * secondMs;
const hourMs = 60 * minuteMs;
const dayMs = 24 * hourMs;

const unitsMs: readonly (readonly [string, number])[] = [
  ["d", dayMs],
  ["h", hourMs],
  ["min", minuteMs],
  ["s", secondMs],
];

function formatMs(
  ms: number,
  digits: number,
  format: (x: number, digits: number) => string,
): string {
  const size = Math.abs(ms);
  if (size === 0) return "0 s";
  if (size < secondMs) return `${format(ms, digits)} ms`;
  if (size < minuteMs) return `${format(ms / secondMs, digits)} s`;
  if (size < hourMs) return `${format(ms / minuteMs, digits)} min`;
  if (size < dayMs) return `${format(ms / hourMs, digits)} h`;
  return `${format(ms / dayMs, digits)} d`;
}

function withDigits(x: number, digits: number): string {
  const size = Math.abs(x);
  if (size === 0) return "0";
  if (size >= 1e15 || size < 0.0001) return x.toExponential(digits - 1);
  if (Number.isInteger(x) && size < 1000) return String(x);
  // What rounds up to 1,000 has a fourth digit.
  if (Number(size.toPrecision(digits)) < 1000) return x.toPrecision(digits);
  const kept = size < 1_000_000 ? Math.max(4, digits) : digits;
  const value = Number(x.toPrecision(kept));
  return withSeparators(String(digits === usualDigits ? Math.round(value) : value));
}

function withSeparators(text: string): string {
  const [whole = "", ...fraction] = text.split(".");
  return [whole.replace(/\B(?=(\d{3})+$)/g, ","), ...fraction].join(".");
}
