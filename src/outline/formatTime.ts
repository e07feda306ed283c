const secondMs = 1000;
const minuteMs = 60 * secondMs;
const hourMs = 60 * minuteMs;
const dayMs = 24 * hourMs;

/**
 * Formats times since a start, all in one form: days only when one of them needs them, milliseconds likewise.
 * `0:01:35`, `1d 02:03:04`, `0:00:00.250`.
 */
export function clockFormat(times: readonly number[]): (ms: number) => string {
  const hasDays = times.some((ms) => ms >= dayMs);
  const hasMs = times.some((ms) => ms % secondMs !== 0);
  return (ms) => {
    const days = Math.floor(ms / dayMs);
    const hours = Math.floor((ms % dayMs) / hourMs);
    const minutes = digits(Math.floor((ms % hourMs) / minuteMs), 2);
    const seconds = digits(Math.floor((ms % minuteMs) / secondMs), 2);
    const clock = `${hasDays ? digits(hours, 2) : String(hours)}:${minutes}:${seconds}`;
    return `${hasDays ? `${String(days)}d ` : ""}${clock}${hasMs ? `.${digits(ms % secondMs, 3)}` : ""}`;
  };
}

/** Formats a duration in its largest units, two by default: `35 s`, `2 min 15 s`, `3 d 4 h`. */
export function formatDuration(ms: number, unitsMax = 2): string {
  const units = [
    { name: "d", ms: dayMs },
    { name: "h", ms: hourMs },
    { name: "min", ms: minuteMs },
    { name: "s", ms: secondMs },
    { name: "ms", ms: 1 },
  ];
  const first = units.findIndex((unit) => ms >= unit.ms);
  if (first === -1) return "0 s";
  const parts: string[] = [];
  let rest = ms;
  for (const unit of units.slice(first, first + unitsMax)) {
    const count = Math.floor(rest / unit.ms);
    rest -= count * unit.ms;
    if (count > 0) parts.push(`${String(count)} ${unit.name}`);
  }
  return parts.join(" ");
}

/** Formats a duration in whole seconds from 10 s on: `20 s`, `3.25 s` is `3 s 250 ms`. */
export function formatRoundDuration(ms: number): string {
  return formatDuration(
    ms >= 10 * secondMs ? Math.round(ms / secondMs) * secondMs : Math.round(ms),
  );
}

function digits(value: number, length: number): string {
  return String(value).padStart(length, "0");
}
