import { useEffect, useRef } from "preact/hooks";

const keys: readonly (readonly [string, string])[] = [
  ["← →", "one step back, on"],
  ["⇧ ← →", "ten steps"],
  ["[ ]", "previous fault, next fault"],
  ["Home End", "beginning, end"],
  ["p", "play, pause"],
  ["+ − 0", "zoom in, zoom out, show everything"],
  ["l", "logarithmic time or linear time"],
  ["b", "next branch"],
  ["c", "compare branches"],
  ["/", "search the journal"],
  ["Esc", "close, stop"],
];

/** The keys of the page. */
export function Help({ onClose }: { readonly onClose: () => void }) {
  const ref = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    ref.current?.showModal();
  }, []);
  return (
    <dialog ref={ref} onClose={onClose} aria-labelledby="keys-title">
      <h2 id="keys-title">Keys</h2>
      <dl>
        {keys.map(([key, meaning]) => (
          <>
            <dt>
              <kbd>{key}</kbd>
            </dt>
            <dd>{meaning}</dd>
          </>
        ))}
      </dl>
      <p class="empty">
        In logarithmic time a wait takes space by the logarithm of its length, so that seconds and
        days can be read together. The times on the axis are real.
      </p>
      <form method="dialog">
        <button type="submit">Close</button>
      </form>
    </dialog>
  );
}
