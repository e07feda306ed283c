/**
 * Values of string fields that have a meaning. A field is looked up by its rule first, then by its key; any other
 * string field gets free text. Repeated values are more frequent.
 */
const byRule: Readonly<Record<string, readonly string[]>> = {
  "flavor-id": [...Array<string>(9).fill("2"), "3", "1", "42"],
  "name-length": ["orders", "billing", "Zähler ☂"],
  "database-name": ["orders", "audit_log", "a b"],
  "user-name": ["app", "j.doe"],
  "user-password": ["s3cret", "two words"],
  "user-host": ["%", "10.1.2.3"],
  "acl-cidr": ["10.0.0.0/8", "192.0.2.7/32", "0.0.0.0/0"],
  "backup-name": ["nightly", "before the release"],
  "known-zone": ["zone-1", "zone-2", "zone-3", "zone-9"],
  "known-rack": ["rack-1", "rack-2", "rack-5", "rack-60"],
};

const byKey: Readonly<Record<string, readonly string[]>> = {
  type: ["mysql", "mysql", "mysql", "MySQL", "percona", "oracle"],
  version: ["5.6", "5.6", "8.0", "5.7", "5.1"],
  // The range to delete is compared and not parsed, so this field accepts any string.
  address: ["10.0.0.0/8", "192.0.2.7/32", "0.0.0.0/0"],
};

/** Frequent numbers of fields whose whole range is too wide to hit anything; data in tenths of a GB. */
const numbersByRule: Readonly<Record<string, readonly number[]>> = {
  "volume-size": [10, 10, 10, 10, 10, 10, 20, 20, 30],
  "data-size": [0, 5, 90, 150],
  "fault-count": [0, 1, 1, 2, 2],
  "duration-ms": [0, 1, 1_000, 5_000, 35_000, 60_000, 600_000],
  // The start time of a simulator, and an hour later.
  "fault-at": [1_767_225_600_000, 1_767_229_200_000],
  "slow-factor": [0, 5, 10, 30],
};

/** Maximum of fields that accept more: drafts stay away from the end of time, where tasks never end. */
const greatestByRule: Readonly<Record<string, number>> = { "fault-at": 100_000_000_000_000 };

/** Returns the greatest number for a field, at most the maximum of its range. */
export function greatestFor(rule: string, max: number): number {
  return Math.min(max, greatestByRule[rule] ?? max);
}

/** Parts of an input that few callers send and that cause most refusals of those who do. */
const rare: readonly string[] = ["databases-shape", "users-shape"];

/** Returns how many times as often an optional field is left out as given. */
export function omissionWeight(rule: string): number {
  return rare.includes(rule) ? 8 : 4;
}

/** Returns the values for a string field, or undefined if any string is possible. */
export function likelyStrings(rule: string, key: string): readonly string[] | undefined {
  return byRule[rule] ?? byKey[key];
}

/** Returns the frequent numbers for a field; empty if its range is enough. */
export function likelyNumbers(rule: string): readonly number[] {
  return numbersByRule[rule] ?? [];
}
