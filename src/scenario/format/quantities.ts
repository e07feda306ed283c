import { oneOf } from "../../model/schema/compositeFields.js";
import { addIssue, type Field, integer, number, string } from "../../model/schema/fields.js";
import { flavorId } from "../../model/sharedFields.js";
import { maxTime } from "../../model/time.js";

const msByUnit = {
  ms: 1,
  s: 1_000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
  w: 604_800_000,
} as const;
type TimeUnit = keyof typeof msByUnit;

const durationPattern = /^\d+(?:\.\d+)?(?:ms|s|m|h|d|w)(?: \d+(?:\.\d+)?(?:ms|s|m|h|d|w))*$/;
const durationDescription = "a duration: whole ms, or text such as 90s, 15m, 1.5h, 30d, 1d 12h";

/** Returns the duration in ms: whole ms as they are, or text such as `90s`, `1.5h`, `1d 12h`. Undefined for anything else. */
export function parseDuration(value: unknown): number | undefined {
  if (typeof value === "number") return isWholeUpTo(value, maxTime) ? value : undefined;
  if (typeof value !== "string" || !durationPattern.test(value)) return undefined;
  let ms = 0;
  for (const part of value.split(" ")) {
    const unit = part.replace(/[\d.]+/, "") as TimeUnit;
    ms += Number.parseFloat(part) * msByUnit[unit];
  }
  const rounded = Math.round(ms);
  return isWholeUpTo(rounded, maxTime) ? rounded : undefined;
}

/** Formats whole ms exactly, with every unit that it takes: `36h` as `1d 12h`, `90s` as `1m 30s`, `1500` as `1s 500ms`. */
export function formatDuration(ms: number): string {
  if (ms === 0) return "0s";
  const parts: string[] = [];
  let rest = ms;
  for (const unit of ["d", "h", "m", "s"] as const) {
    const count = Math.floor(rest / msByUnit[unit]);
    if (count > 0) parts.push(`${String(count)}${unit}`);
    rest -= count * msByUnit[unit];
  }
  if (rest > 0) parts.push(`${String(rest)}ms`);
  return parts.join(" ");
}

/** A duration of virtual time, parsed into whole ms. */
export const durationField = quantity({
  rule: "scenario-duration",
  description: durationDescription,
  pattern: durationPattern,
  plain: integer({ ...named("scenario-duration"), min: 0, max: maxTime, unit: "ms" }),
  parse: parseDuration,
  near: nearDuration,
});

const unitOfWord: Readonly<Record<string, TimeUnit>> = {
  ms: "ms",
  millisecond: "ms",
  s: "s",
  sec: "s",
  second: "s",
  m: "m",
  min: "m",
  minute: "m",
  h: "h",
  hr: "h",
  hour: "h",
  d: "d",
  day: "d",
  w: "w",
  week: "w",
};

/** Returns the duration that a text such as `90 days`, `2 h` or `20min` probably means, as the format writes it. */
function nearDuration(text: string): string | undefined {
  const words = text.trim().toLowerCase();
  if (words.length > 64 || !/^(?:\d+(?:\.\d+)?\s*[a-z]+,?\s*)+$/.test(words)) return undefined;
  const parts: string[] = [];
  for (const [, amount = "", word = ""] of words.matchAll(/(\d+(?:\.\d+)?)\s*([a-z]+)/g)) {
    const unit = unitOfWord[word] ?? unitOfWord[word.replace(/s$/, "")];
    if (unit === undefined) return undefined;
    parts.push(`${amount}${unit}`);
  }
  return parts.join(" ");
}

const sharePattern = /^\d+(?:\.\d+)? ?%$/;

/** Returns a share from 0 to 1: a number, or text such as `99.95 %`. Undefined for anything else. */
export function parseShare(value: unknown): number | undefined {
  if (typeof value === "number") return value >= 0 && value <= 1 ? value : undefined;
  if (typeof value !== "string" || !sharePattern.test(value)) return undefined;
  const share = Number.parseFloat(value) / 100;
  return share <= 1 ? share : undefined;
}

/** A share, parsed into a number from 0 to 1. */
export const shareField = quantity({
  rule: "scenario-share",
  description: "a share: a number from 0 to 1, or text such as 99.95 %",
  pattern: sharePattern,
  plain: number({ ...named("scenario-share"), min: 0, max: 1 }),
  parse: parseShare,
});

/** The share of a quantile: every value lies above the quantile 0 and under the quantile 1. */
export const quantileShareField = quantity({
  rule: "scenario-share",
  description: "a share over 0 and under 1, such as 0.95 or 99.9 %",
  pattern: /^(?!0+(?:\.0+)? ?%$)\d{1,2}(?:\.\d+)? ?%$/,
  plain: number({ ...named("scenario-share"), min: 1e-9, max: 1 - 1e-9 }),
  parse: (value) => {
    const share = parseShare(value);
    return share === undefined || share < 1e-9 || share > 1 - 1e-9 ? undefined : share;
  },
});

const gbByUnit = { GB: 1, TB: 1024 } as const;

/** A size of data or of a volume, parsed into GB. */
export const sizeGbField = quantity({
  rule: "scenario-size",
  description: "a size: GB as a number, or text such as 10GB or 1TB",
  pattern: /^\d+(?:\.\d+)? ?(?:GB|TB)$/,
  plain: number({ ...named("scenario-size"), min: 0 }),
  parse: (value) => parseSize(value, gbByUnit),
});

const bytesByUnit = { B: 1, kB: 1_000, MB: 1_000_000 } as const;

/** A size of a transaction, parsed into bytes. */
export const bytesField = quantity({
  rule: "scenario-size",
  description: "a size: whole bytes, or text such as 500B, 2kB or 1MB",
  pattern: /^\d+(?:\.\d+)? ?(?:B|kB|MB)$/,
  plain: integer({ ...named("scenario-size"), min: 1, max: 1_000_000 }),
  parse: (value) => parseSize(value, bytesByUnit),
});

/** The id of a flavor: text or a whole number, which the schema says as well. */
export const flavorIdField: Field<string> = {
  ...flavorId,
  shape: {
    kind: "oneOf",
    of: [
      integer({ ...named("scenario-flavor"), min: 1, max: Number.MAX_SAFE_INTEGER }),
      string(named("scenario-flavor")),
    ],
  },
};

/** A rule and its source, for the fields of the format. */
export function named(rule: string): { readonly rule: string; readonly source: string } {
  return { rule, source: "docs/scenarios.md" };
}

function quantity(spec: {
  readonly rule: string;
  readonly description: string;
  readonly pattern: RegExp;
  readonly plain: Field<number>;
  readonly parse: (value: unknown) => number | undefined;
  /** Returns how a text that is not accepted is probably meant. */
  readonly near?: (text: string) => string | undefined;
}): Field<number> {
  const { rule, description, pattern, plain, parse, near } = spec;
  const shaped = oneOf<unknown>({
    ...named(rule),
    description,
    of: [plain, string({ ...named(rule), pattern, description })],
    form: () => undefined,
  });
  return {
    rule,
    source: shaped.source,
    expected: () => description,
    shape: shaped.shape,
    read: (value, path, reading) => {
      const parsed = parse(value);
      if (parsed === undefined) {
        const meant = typeof value === "string" ? near?.(value) : undefined;
        const expected =
          meant === undefined ? description : `${description}; did you mean ${meant}?`;
        addIssue(reading, { field: path, value, expected, rule });
        return undefined;
      }
      // Text has the bounds of the number that it stands for.
      return plain.read(parsed, path, reading);
    },
  };
}

function parseSize(value: unknown, units: Readonly<Record<string, number>>): number | undefined {
  if (typeof value === "number") return value;
  const [, amount, unit = ""] = /^(\d+(?:\.\d+)?) ?([A-Za-z]+)$/.exec(String(value)) ?? [];
  const factor = Object.hasOwn(units, unit) ? units[unit] : undefined;
  if (typeof value !== "string" || amount === undefined || factor === undefined) return undefined;
  return Number.parseFloat(amount) * factor;
}

function isWholeUpTo(value: number, max: number): boolean {
  return Number.isSafeInteger(value) && value >= 0 && value <= max && !Object.is(value, -0);
}
