import { InvalidWorldDataError, RateLimitError } from "../domain/errors.js";
import { type OperationName, operationPolicies } from "../domain/operations.js";
import { isRecord } from "../domain/plainData.js";
import { documentedRates, type RateLimits, type RateName } from "../domain/rates.js";

/** Whose request, and when. */
export interface Request {
  readonly accountId: string;
  readonly operation: OperationName;
  /** Virtual time, ms since the epoch. */
  readonly now: number;
}

/**
 * How full the bucket of one account and rate was at a moment. A request adds 60,000, and each ms takes as much as
 * the rate gives in a minute: whole numbers, so that no rounding adds up.
 */
export interface RateLimitBucket {
  readonly level: number;
  readonly at: number;
}

/** All buckets that are not empty from the start, as plain data: rates by account. */
export type RateLimitBuckets = Readonly<
  Record<string, Readonly<Partial<Record<RateName, RateLimitBucket>>>>
>;

const minuteMs = 60_000;

/**
 * What speaks against a request whose bucket has no room, by the rule `rate-limit`: a minute's worth may come at once,
 * then one for each share of a minute.
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

/** The buckets after a request that was taken. */
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
 * Buckets from a snapshot.
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

/** How full a bucket is with one more request in it. */
function filled(
  levels: RateLimitBuckets,
  limits: RateLimits,
  { accountId, rate, now }: Request & { readonly rate: RateName },
): number {
  const last = bucketsOf(levels, accountId)?.[rate];
  const left = last === undefined ? 0 : last.level - (now - last.at) * limits[rate];
  return Math.max(0, left) + minuteMs;
}

/** An account may be called `constructor`. */
function bucketsOf(
  levels: RateLimitBuckets,
  accountId: string,
): RateLimitBuckets[string] | undefined {
  return Object.hasOwn(levels, accountId) ? levels[accountId] : undefined;
}
