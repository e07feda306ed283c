/** What a status is about: pictures color statuses by it. */
export type StatusKind =
  | "active"
  | "building"
  | "restarting"
  | "resizing"
  | "detaching"
  | "converting"
  | "backup"
  | "waiting"
  | "broken"
  | "ending";
