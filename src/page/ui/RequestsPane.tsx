import { plain } from "../../outline/escape.js";
import type { BranchModel } from "./branchModel.js";
import { clock } from "./format.js";

/** A request as the server reports it. */
export interface ShownRequest {
  readonly number: number;
  readonly at: number;
  readonly method: string;
  readonly target: string;
  readonly status: number;
  readonly durationMs: number;
  readonly answer: string | null;
  readonly entries: readonly number[];
}

/** The last requests, newest first: what was asked, what came back, and what it changed. */
export function RequestsPane({
  requests,
  branch,
}: {
  readonly requests: readonly ShownRequest[];
  readonly branch: BranchModel;
}) {
  return (
    <section class="pane requests" aria-label="Requests" tabIndex={0}>
      <h2>
        Requests <small>{requests.length} of the last 200</small>
      </h2>
      {requests.length === 0 && <p class="empty">No request so far.</p>}
      <ol>
        {requests.map(({ number, at, method, target, status, durationMs, answer, entries }) => (
          <li key={number}>
            <details>
              <summary>
                <b>{plain(method)}</b> <span class={status < 400 ? "good" : "bad"}>{status}</span>{" "}
                {named(plain(target), branch)}{" "}
                <small>
                  {clock(at - branch.startAt)}, {durationMs.toFixed(1)} ms
                  {entries.length > 0 && `, wrote #${entries.slice(0, 4).join(" #")}`}
                </small>
              </summary>
              {answer === null ? (
                <p class="empty">no answer is kept</p>
              ) : (
                <pre>{pretty(answer)}</pre>
              )}
              {entries.map((seq) => (
                <p key={seq}>
                  <span class="seq">#{seq}</span>{" "}
                  {branch
                    .view(seq)
                    ?.texts.map(({ name, status: change, text }) =>
                      [name, change, text].filter(Boolean).join(" "),
                    )
                    .join(" · ")}
                </p>
              ))}
            </details>
          </li>
        ))}
      </ol>
    </section>
  );
}

/** Names in the place of ids. */
function named(target: string, branch: BranchModel): string {
  return target.replace(/[0-9a-f]{8}-[0-9a-f-]{27}/g, (id) => branch.nameOf(id));
}

function pretty(answer: string): string {
  try {
    return JSON.stringify(JSON.parse(answer), null, 1).split("\n").map(plain).join("\n");
  } catch {
    return plain(answer);
  }
}
