import type { HaGroupStatus } from "../../lifecycle/groupStates.js";
import type { InstanceStatus } from "../../lifecycle/instanceStates.js";
import { statusWords } from "../../render/laneLayout.js";
import { toneOf } from "../../render/palette.js";

/** A status in its colour. */
export function Pill({ status }: { readonly status: InstanceStatus | HaGroupStatus }) {
  return <em class={`pill t-${toneOf(status)}`}>{statusWords(status)}</em>;
}
