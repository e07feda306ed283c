import { assertAccepted } from "../assertInput.js";

/** Unit of a measure's values: ms of virtual time, hours, or numbers. */
export type ValueUnit = "duration" | "hours" | "number";

/** Formats a value with three digits: `1.08 min`, `27.5 s`, `5,040 h`, `3,510`, `0.0123`. */
export function formatValue(value: number, unit: ValueUnit): string {
  const isNumber = typeof value === "number" && !Number.isNaN(value);
  assertAccepted(isNumber, value, { field: "value", expected: "a number" });
  if (unit === "duration") return formatMs(value, threeDigits);
  return unit === "hours" ? `${threeDigits(value)} h` : threeDigits(value);
}

/**
 * Formats the value of a tick: as short as it can be said exactly.
 *
 * @param step - distance of the ticks, where they are even: durations then all have the unit of the step
 */
export function formatTick(value: number, unit: ValueUnit, step?: number): string {
  const short = (x: number): string => {
    const rounded = Number(x.toPrecision(6));
    const isTiny = rounded !== 0 && Math.abs(rounded) < 0.0001;
    return isTiny ? rounded.toExponential() : withSeparators(String(rounded));
  };
  if (unit === "number") return short(value);
  if (unit === "hours") return `${short(value)} h`;
  if (step === undefined || value === 0) return formatMs(value, short);
  const [name, ms] = unitsMs.find(([, each]) => (2 * step) % each === 0) ?? ["ms", 1];
  return `${short(value / ms)} ${name}`;
}

/** Formats a share as percent, with the digits that matter near 0 and 1; below 0.001 % as a power of ten. */
export function formatShare(share: number): string {
  const percent = 100 * share;
  if (percent > 0 && percent < 0.001) return share.toExponential(2);
  if (percent === 0 || percent === 100) return `${String(percent)} %`;
  const distance = Math.min(percent, 100 - percent);
  // Two digits at least, so that a share near 1 is not 100 %.
  let decimals = distance >= 10 ? 0 : 1;
  for (let unit = 1; distance < unit && decimals < 12; unit /= 10) decimals += 1;
  return `${String(Number(percent.toFixed(decimals)))} %`;
}

/** Formats an interval behind an estimate: `1.01 to 1.15 min`, `more than 27 s`. */
export function formatInterval(
  { low, high }: { readonly low: number | null; readonly high: number | null },
  unit: ValueUnit,
): string {
  if (low === null && high === null) return "no bound";
  if (high === null) return `more than ${formatValue(low ?? 0, unit)}`;
  if (low === null) return `less than ${formatValue(high, unit)}`;
  const [from, to] = [formatValue(low, unit), formatValue(high, unit)];
  const [, fromUnit] = from.split(" ");
  // A unit that both share stands once.
  const short =
    fromUnit !== undefined && to.endsWith(` ${fromUnit}`)
      ? from.slice(0, -fromUnit.length - 1)
      : from;
  return `${short} to ${to}`;
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

function formatMs(ms: number, format: (x: number) => string): string {
  const size = Math.abs(ms);
  if (size === 0) return "0 s";
  if (size < secondMs) return `${format(ms)} ms`;
  if (size < minuteMs) return `${format(ms / secondMs)} s`;
  if (size < hourMs) return `${format(ms / minuteMs)} min`;
  if (size < dayMs) return `${format(ms / hourMs)} h`;
  return `${format(ms / dayMs)} d`;
}

function threeDigits(x: number): string {
  const size = Math.abs(x);
  if (size === 0) return "0";
  if (size >= 1e15 || size < 0.0001) return x.toExponential(2);
  // From 999.5 on three digits would be 1.00e+3.
  if (size < 999.5) return Number.isInteger(x) ? String(x) : x.toPrecision(3);
  return withSeparators(String(Math.round(Number(x.toPrecision(size < 1_000_000 ? 4 : 3)))));
}

function withSeparators(text: string): string {
  const [whole = "", ...fraction] = text.split(".");
  return [whole.replace(/\B(?=(\d{3})+$)/g, ","), ...fraction].join(".");
}
