/** Ids that count the things of each kind: `instance-0`, `fault-1`. */
export const byNumber = (kind: string, ordinal: number): string => `${kind}-${String(ordinal)}`;
