import { InvalidWorldDataError, RateLimitError } from "../../model/errors.js";
import { documentedRates, type RateLimits, type RateName } from "../../model/rates.js";
import { isRecord } from "../../model/schema/plainData.js";
import { type OperationName, operationPolicies } from "../commands/operations.js";

/** Account and time of a request. */
export interface Request {
  readonly accountId: string;
  readonly operation: OperationName;
  /** Virtual time, ms since the epoch. */
  readonly now: number;
}

/**
 * Fill level of the bucket of one account and rate at a time. A request adds 60,000, and each ms removes as many as the
 * rate allows per minute: integers, so that no rounding accumulates.
 */
export interface RateLimitBucket {
  readonly level: number;
  readonly at: number;
}

/** All buckets that are not empty, as plain data: rates by account. */
export type RateLimitBuckets = Readonly<
  Record<string, Readonly<Partial<Record<RateName, RateLimitBucket>>>>
>;

const minuteMs = 60_000;

/**
 * Returns why a request is refused whose bucket is full, by the rule `rate-limit`. A minute's worth of requests may
 * come at once, then one for each share of a minute.
 */
export function rateLimitRefusal(
  levels: RateLimitBuckets,
  limits: RateLimits,
  request: Request,
): RateLimitError | undefined {
  const { rate } = operationPolicies[request.operation];
  if (rate === null) return undefined;
  const perMinute = limits[rate];
  const over = filled(levels, limits, { ...request, rate }) - perMinute * minuteMs;
  if (over <= 0) return undefined;
  const retryAfterMs = Math.ceil(over / perMinute);
  return new RateLimitError(
    {
      code: "overLimit",
      rule: "rate-limit",
      message: `${request.operation} exceeds ${String(perMinute)} requests a minute; retry in ${String(Math.ceil(retryAfterMs / 1000))} s`,
      field: "operation",
      value: request.operation,
      allowed: `${String(perMinute)} ${rate} a minute`,
    },
    retryAfterMs,
  );
}

/** Returns the buckets after an accepted request. */
export function withRequestCounted(
  levels: RateLimitBuckets,
  limits: RateLimits,
  request: Request,
): RateLimitBuckets {
  const { accountId, now: at } = request;
  const { rate } = operationPolicies[request.operation];
  if (rate === null) return levels;
  const level = filled(levels, limits, { ...request, rate });
  return { ...levels, [accountId]: { ...bucketsOf(levels, accountId), [rate]: { level, at } } };
}

/**
 * Returns the buckets of a snapshot.
 * @throws InvalidWorldDataError
 */
export function readRequestLevels(value: unknown): RateLimitBuckets {
  const isLevel = (found: unknown): boolean =>
    isRecord(found) &&
    Number.isSafeInteger(found["level"]) &&
    Number.isSafeInteger(found["at"]) &&
    (found["level"] as number) >= 0;
  const isAccount = (found: unknown): boolean =>
    isRecord(found) &&
    Object.entries(found).every(
      ([rate, level]) => Object.hasOwn(documentedRates, rate) && isLevel(level),
    );
  if (isRecord(value) && Object.values(value).every(isAccount)) return value as RateLimitBuckets;
  throw new InvalidWorldDataError({
    code: "badRequest",
    rule: "snapshot-requests",
    message: "invalid snapshot: the request counters do not match the rate limits",
  });
}

/** Returns the fill level of a bucket after one more request. */
function filled(
  levels: RateLimitBuckets,
  limits: RateLimits,
  { accountId, rate, now }: Request & { readonly rate: RateName },
): number {
  const last = bucketsOf(levels, accountId)?.[rate];
  const left = last === undefined ? 0 : last.level - (now - last.at) * limits[rate];
  return Math.max(0, left) + minuteMs;
}

/** An account may be called `constructor`, hence the own-property check. */
function bucketsOf(
  levels: RateLimitBuckets,
  accountId: string,
): RateLimitBuckets[string] | undefined {
  return Object.hasOwn(levels, accountId) ? levels[accountId] : undefined;
}
