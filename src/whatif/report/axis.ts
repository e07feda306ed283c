import { ln } from "../../collections/deterministicMath.js";
import { formatTick, type ValueUnit } from "./valueFormat.js";

/** From values to places on a line of pixels. */
export interface Axis {
  readonly isLog: boolean;
  /** Returns the place of a value, kept within the line. */
  readonly place: (value: number) => number;
  readonly ticks: readonly { readonly value: number; readonly label: string }[];
}

/** Position and content of an axis. */
export interface AxisOptions {
  readonly from: number;
  readonly to: number;
  /** All that must be seen. */
  readonly values: readonly number[];
  readonly unit: ValueUnit;
  /** Default: "log" where the values over 0 span more than a factor of 30. */
  readonly scale?: "linear" | "log";
  /** Whether a linear axis begins at 0. Default true. */
  readonly fromZero?: boolean;
}

/** Room that a tick takes, in pixels. */
const tickWidth = 64;
/** Room for the value 0 before a logarithmic axis begins. */
const zeroWidth = 34;

/** Returns an axis with round ticks; logarithmic where the values span decades. */
export function makeAxis(options: AxisOptions): Axis {
  const finite = options.values.filter(Number.isFinite);
  const positive = finite.filter((value) => value > 0);
  const least = Math.min(...positive);
  const greatest = Math.max(...positive);
  const hasNegative = finite.some((value) => value < 0);
  const spans = positive.length > 0 && !hasNegative && greatest / least > 30;
  const isLog = options.scale === "log" || (options.scale === undefined && spans);
  return isLog && positive.length > 0
    ? logAxis(options, { least, greatest, hasZero: finite.includes(0) })
    : linearAxis(options, finite);
}

function linearAxis(
  { from, to, unit, fromZero = true }: AxisOptions,
  values: readonly number[],
): Axis {
  const all = fromZero ? [0, ...values] : values;
  const low = Math.min(...all);
  const top = Math.max(...all);
  const high = top === low ? low + 1 : top + (fromZero ? 0.04 : 0) * (top - low);
  const place = (value: number): number =>
    Math.min(to, Math.max(from, from + ((value - low) / (high - low)) * (to - from)));
  const count = Math.max(2, Math.floor((to - from) / tickWidth));
  const step = roundSteps(unit).find((each) => (high - low) / each <= count) ?? high - low;
  const ticks = multiplesOf(step, low, high);
  return {
    isLog: false,
    place,
    ticks: ticks.map((value) => ({ value, label: formatTick(value, unit, step) })),
  };
}

function multiplesOf(step: number, low: number, high: number): readonly number[] {
  const first = Math.ceil(low / step - 1e-9);
  const last = Math.floor(high / step + 1e-9);
  return Array.from({ length: Math.max(0, last - first + 1) }, (_, at) => (first + at) * step);
}

function logAxis(
  { from, to, unit }: AxisOptions,
  {
    least,
    greatest,
    hasZero,
  }: { readonly least: number; readonly greatest: number; readonly hasZero: boolean },
): Axis {
  const [low, high] =
    greatest === least ? [least / 2, greatest * 2] : [least / 1.08, greatest * 1.08];
  const begin = hasZero ? from + zeroWidth : from;
  const scale = (to - begin) / ln(high / low);
  const place = (value: number): number =>
    value <= 0 ? from : Math.min(to, Math.max(begin, begin + ln(value / low) * scale));
  const within = (values: readonly number[]): readonly number[] =>
    values.filter((value) => value >= low && value <= high);
  const fits = (values: readonly number[]): boolean =>
    values.every(
      (value, at) => at === 0 || place(value) - place(values[at - 1] as number) >= tickWidth * 0.8,
    );
  // From the finest steps on, the first that leave room for their labels.
  const steps = logSteps(unit).map(within);
  const chosen = steps.find((values) => fits(values)) ?? [];
  // Less than a decade: steps of equal size serve better.
  const count = Math.max(2, Math.floor((to - begin) / (1.5 * tickWidth)));
  const step = roundSteps(unit).find((each) => (high - low) / each <= count) ?? high - low;
  const even = multiplesOf(step, low, high);
  const isEven = chosen.length < 3;
  const values = isEven ? even : chosen;
  const zero = hasZero ? [{ value: 0, label: "0" }] : [];
  return {
    isLog: true,
    place,
    ticks: [
      ...zero,
      ...values.map((value) => ({
        value,
        label: formatTick(value, unit, isEven ? step : undefined),
      })),
    ],
  };
}

const second = 1000;
const minute = 60 * second;
const hour = 60 * minute;
const day = 24 * hour;

function decades(mantissas: readonly number[], from: number, to: number): readonly number[] {
  const values: number[] = [];
  for (let power = from; power <= to; power++)
    for (const mantissa of mantissas) values.push(Number(`${String(mantissa)}e${String(power)}`));
  return values;
}

function roundSteps(unit: ValueUnit): readonly number[] {
  if (unit === "number") return decades([1, 2, 5], -9, 15);
  return [
    ...decades([1, 2, 5], -3, 2),
    ...[1, 2, 5, 10, 15, 30].map((x) => x * second),
    ...[1, 2, 5, 10, 15, 30].map((x) => x * minute),
    ...[1, 2, 3, 6, 12].map((x) => x * hour),
    ...[1, 2, 5, 10, 30, 100, 365, 1000, 3650].map((x) => x * day),
  ];
}

/** Values of ticks on a logarithmic axis, the finest first. */
function logSteps(unit: ValueUnit): readonly (readonly number[])[] {
  if (unit === "number")
    return [
      decades([1, 2, 3, 4, 5, 6, 7, 8, 9], -9, 15),
      decades([1, 2, 5], -9, 15),
      decades([1, 3], -9, 15),
      decades([1], -9, 15),
      decades([1], -9, 15).filter((_, at) => at % 3 === 0),
    ];
  const ms = decades([1, 10, 100], 0, 0);
  return [
    [
      ...decades([1, 2, 5], 0, 2),
      ...[1, 2, 3, 5, 7, 10, 15, 20, 30, 45].flatMap((x) => [x * second, x * minute]),
      ...[1, 2, 3, 6, 12].map((x) => x * hour),
      ...[1, 2, 5, 10, 30, 100, 365].map((x) => x * day),
    ].sort((a, b) => a - b),
    [
      ...ms,
      ...[1, 2, 5, 10, 30].flatMap((x) => [x * second, x * minute]),
      ...[1, 3, 12].map((x) => x * hour),
      ...[1, 3, 10, 30, 100, 365].map((x) => x * day),
    ].sort((a, b) => a - b),
    [
      ...ms,
      ...[1, 10].flatMap((x) => [x * second, x * minute]),
      hour,
      6 * hour,
      ...[1, 10, 100].map((x) => x * day),
    ].sort((a, b) => a - b),
    [1, second, minute, hour, day, 30 * day, 365 * day],
  ];
}
