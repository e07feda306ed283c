import { useMemo, useState } from "preact/hooks";
import { plain } from "../../outline/escape.js";
import type { FuturesData, MeasureUnit, PageMeasure } from "../pageData.js";
import { count, duration } from "./format.js";

interface FuturesProps {
  readonly futures: FuturesData;
  readonly onOpen: (branch: number) => void;
  /** Runs a future whose journal is not in the page. */
  readonly onSeed?: (seed: string, design: string) => void;
}

const rowsShown = 25;
const bars = 40;

/** Futures of a what-if run: how each measure spreads, and the worst ones, which can be opened. */
export function FuturesPane({ futures: all, onOpen, onSeed }: FuturesProps) {
  const [chosen, setChosen] = useState(0);
  const designs = useMemo(() => [...new Set(all.futures.map(({ design }) => design))], [all]);
  const [shown, setShown] = useState("");
  const design = designs.includes(shown) ? shown : designs[0];
  const futures = useMemo(
    () => ({ ...all, futures: all.futures.filter((each) => each.design === design) }),
    [all, design],
  );
  const { measures } = futures;
  const measure = measures[chosen];
  const ordered = useMemo(() => worstFirst(futures, chosen), [futures, chosen]);
  if (measure === undefined)
    return (
      <section class="pane">
        <p class="empty">Nothing was measured.</p>
      </section>
    );
  return (
    <>
      <section class="pane" aria-label="Measures">
        <h2>
          {futures.futures.length} futures{" "}
          {designs.length > 1 && (
            <span class="segments" role="group" aria-label="Designs">
              {designs.map((each) => (
                <button
                  type="button"
                  key={each}
                  aria-pressed={each === design}
                  onClick={() => {
                    setShown(each);
                  }}
                >
                  {plain(each)}
                </button>
              ))}
            </span>
          )}
        </h2>
        <table>
          <thead>
            <tr>
              <th scope="col">measure</th>
              <th scope="col">worst</th>
              <th scope="col">mean</th>
              <th scope="col">median</th>
              <th scope="col">95 % are within</th>
              <th scope="col">spread</th>
            </tr>
          </thead>
          <tbody>
            {measures.map((each, at) => (
              <MeasureRow
                key={each.name}
                measure={each}
                values={valuesOf(futures, at)}
                isChosen={at === chosen}
                onChoose={() => {
                  setChosen(at);
                }}
              />
            ))}
          </tbody>
        </table>
      </section>
      <section class="pane" aria-label="Worst futures">
        <h2>Worst by {plain(measure.name)}</h2>
        <table>
          <thead>
            <tr>
              <th scope="col">seed</th>
              {measures.map(({ name }) => (
                <th scope="col" key={name}>
                  {plain(name)}
                </th>
              ))}
              <th scope="col">world</th>
            </tr>
          </thead>
          <tbody>
            {ordered.slice(0, rowsShown).map(({ seed, values, branch }) => (
              <tr key={String(seed)}>
                <th scope="row">{plain(String(seed))}</th>
                {measures.map((each, at) => (
                  <td key={each.name} class={at === chosen ? "strong" : ""}>
                    {words(values[at] ?? null, each)}
                  </td>
                ))}
                <td>
                  {branch === null && onSeed === undefined ? (
                    <span class="what">run it with this seed</span>
                  ) : (
                    <button
                      type="button"
                      class="ref"
                      onClick={() => {
                        if (branch === null) onSeed?.(String(seed), design ?? "");
                        else onOpen(branch);
                      }}
                    >
                      open
                    </button>
                  )}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
        {ordered.length > rowsShown && <p class="empty">and {ordered.length - rowsShown} more</p>}
      </section>
    </>
  );
}

function MeasureRow({
  measure,
  values,
  isChosen,
  onChoose,
}: {
  readonly measure: PageMeasure;
  readonly values: readonly number[];
  readonly isChosen: boolean;
  readonly onChoose: () => void;
}) {
  const isLow = measure.worst === "low";
  const at = (share: number): number | null =>
    values[Math.min(values.length - 1, Math.floor(share * values.length))] ?? null;
  const mean =
    values.length === 0 ? null : values.reduce((sum, value) => sum + value, 0) / values.length;
  return (
    <tr class={isChosen ? "is" : ""}>
      <th scope="row">
        <button type="button" class="ref" aria-pressed={isChosen} onClick={onChoose}>
          {plain(measure.name)}
        </button>
      </th>
      <td>{words((isLow ? values[0] : values.at(-1)) ?? null, measure)}</td>
      <td>{words(mean, measure)}</td>
      <td>{words(at(0.5), measure)}</td>
      <td>{words(at(isLow ? 0.05 : 0.95), measure)}</td>
      <td>
        <Histogram values={values} name={measure.name} />
      </td>
    </tr>
  );
}

function Histogram({
  values,
  name,
}: {
  readonly values: readonly number[];
  readonly name: string;
}) {
  const [low, high] = [values[0] ?? 0, values.at(-1) ?? 0];
  const counts = new Array<number>(bars).fill(0);
  for (const value of values) {
    const bar =
      high === low ? 0 : Math.min(bars - 1, Math.floor(((value - low) / (high - low)) * bars));
    counts[bar] = (counts[bar] ?? 0) + 1;
  }
  const most = Math.max(1, ...counts);
  return (
    <svg
      class="histogram"
      width={bars * 5}
      height="34"
      role="img"
      aria-label={`Spread of ${plain(name)}`}
    >
      {counts.map(
        (each, at) =>
          each > 0 && (
            <rect
              key={at}
              x={at * 5}
              y={34 - Math.max(1, (each / most) * 32)}
              width="4"
              height={Math.max(1, (each / most) * 32)}
            />
          ),
      )}
    </svg>
  );
}

function valuesOf({ futures }: FuturesData, measure: number): readonly number[] {
  return futures.flatMap(({ values }) => values[measure] ?? []).sort((a, b) => a - b);
}

function worstFirst({ futures, measures }: FuturesData, measure: number): FuturesData["futures"] {
  const sign = measures[measure]?.worst === "low" ? 1 : -1;
  return [...futures].sort(
    (a, b) => sign * ((a.values[measure] ?? -Infinity) - (b.values[measure] ?? -Infinity)),
  );
}

function words(value: number | null, { unit = "count" }: { readonly unit?: MeasureUnit }): string {
  if (value === null || !Number.isFinite(value)) return "none";
  if (unit === "ms") return duration(value);
  if (unit === "share") return `${String(Math.round(value * 1e5) / 1e3)} %`;
  return Number.isInteger(value) || value >= 1000
    ? count(value)
    : String(Math.round(value * 100) / 100);
}
