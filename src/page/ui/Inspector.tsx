import { useMemo, useState } from "preact/hooks";
import { Connection } from "./connection.js";
import { LivePage } from "./LivePage.js";
import type { LiveOptions } from "./liveOptions.js";

const storageKey = "replication-simulator-token";

/** The page of a server: asks for a token where one is needed, and keeps it until the tab is closed. */
export function Inspector({
  needsToken,
  ...options
}: LiveOptions & { readonly needsToken: boolean }) {
  const [token, setToken] = useState(() =>
    needsToken ? (sessionStorage.getItem(storageKey) ?? "") : "any",
  );
  const [refused, setRefused] = useState("");
  const connection = useMemo(
    () =>
      new Connection({
        transport: (request) => fetch(request),
        origin: location.origin + location.pathname.replace(/\/_simulator\/$/, ""),
        token,
      }),
    [token],
  );
  if (token === "") {
    return (
      <TokenForm
        title={options.title}
        refused={refused}
        onToken={(given) => {
          sessionStorage.setItem(storageKey, given);
          setToken(given);
        }}
      />
    );
  }
  return (
    <LivePage
      {...options}
      connection={connection}
      onRefused={(message) => {
        sessionStorage.removeItem(storageKey);
        setRefused(message);
        if (needsToken) setToken("");
      }}
    />
  );
}

function TokenForm({
  title,
  refused,
  onToken,
}: {
  readonly title: string;
  readonly refused: string;
  readonly onToken: (token: string) => void;
}) {
  const [given, setGiven] = useState("");
  return (
    <main class="single">
      <form
        class="pane token"
        onSubmit={(event) => {
          event.preventDefault();
          onToken(given);
        }}
      >
        <h1>{title}</h1>
        <label for="token">Token of an administrator</label>
        <input
          id="token"
          type="password"
          autocomplete="off"
          required
          value={given}
          onInput={(event) => {
            setGiven(event.currentTarget.value);
          }}
        />
        <button type="submit">Open</button>
        {refused !== "" && (
          <p class="bad" role="alert">
            {refused}
          </p>
        )}
        <p class="empty">The token stays in this tab until it is closed.</p>
      </form>
    </main>
  );
}
