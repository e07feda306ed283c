import { type HaGroupStatus, haGroupStatusKinds } from "../lifecycle/groupStates.js";
import { type InstanceStatus, instanceStatusKinds } from "../lifecycle/instanceStates.js";
import type { StatusKind } from "../lifecycle/statusKind.js";

/** A group of statuses with the same colour. */
export type Tone = StatusKind;

/** Colours of a tone: a surface, its edge, and text that is readable on it. */
export interface Shades {
  readonly fill: string;
  readonly edge: string;
  readonly ink: string;
}

/** The colours of each tone on a light and on a dark background. */
export const colours: Readonly<Record<Tone, { readonly light: Shades; readonly dark: Shades }>> = {
  active: both(["#d7f5e1", "#2e9e5b", "#14532d"], ["#123d28", "#43c47c", "#d5f7e2"]),
  building: both(["#d6e6fe", "#3674e0", "#1b3a86"], ["#1a3560", "#6ba6fb", "#dbe9fe"]),
  restarting: both(["#fde9b8", "#d07c0a", "#6f3209"], ["#4b330c", "#f6b73c", "#fdeec8"]),
  resizing: both(["#c9f4ec", "#0f8f83", "#124b46"], ["#103f3b", "#35c9b8", "#ccf7ef"]),
  detaching: both(["#fbdcea", "#cf2f79", "#7d1743"], ["#4a1935", "#f17ab3", "#fce4f0"]),
  converting: both(["#e6dffd", "#7540e0", "#43209a"], ["#33235c", "#a990fa", "#ebe5fe"]),
  backup: both(["#d5effc", "#1480b8", "#0d4667"], ["#0f3750", "#48b5ec", "#dbf1fd"]),
  waiting: both(["#f8f0b5", "#a88508", "#5f460a"], ["#403609", "#e2c52f", "#faf4cf"]),
  broken: both(["#fddcdc", "#d52f2f", "#7c1a1a"], ["#541b1b", "#f57f7f", "#fee4e4"]),
  ending: both(["#e6eaf0", "#66758a", "#333f50"], ["#2b3442", "#97a5b9", "#e3e9f1"]),
};

/** All tones, in the order in which a legend names them. */
export const tones = Object.keys(colours) as readonly Tone[];

/** The tone of a status. */
export function toneOf(status: InstanceStatus | HaGroupStatus): Tone {
  return toneOfStatus[status];
}

const toneOfStatus: Readonly<Record<InstanceStatus | HaGroupStatus, Tone>> = {
  ...instanceStatusKinds,
  ...haGroupStatusKinds,
};

function both(
  light: readonly [string, string, string],
  dark: readonly [string, string, string],
): { readonly light: Shades; readonly dark: Shades } {
  return { light: shades(light), dark: shades(dark) };
}

function shades([fill, edge, ink]: readonly [string, string, string]): Shades {
  return { fill, edge, ink };
}
