import fc from "fast-check";
import { type TaskKind, taskKinds } from "../lifecycle/tasks.js";
import { type Faults, randomFaultKinds } from "../service/faults/fault.model.js";
import { likelyNumber } from "../testing/fast-check/biasedInteger.js";

/**
 * One thing that the service may legally do other than the plain case. `request`, `read` and `sleep` are counted from 0
 * over the client's run: `request` counts all requests, `read` those with GET.
 */
export type ServiceChoice =
  /** Answers 503 and does nothing. */
  | { readonly kind: "unavailable"; readonly request: number }
  /** Carries the request out and answers 503, as a gateway does that has waited too long. */
  | { readonly kind: "unavailableAfter"; readonly request: number }
  /** The request never arrives: the client sees a network error and nothing is done. */
  | { readonly kind: "lostRequest"; readonly request: number }
  /** The request is carried out and its response is lost: the client sees a network error. */
  | { readonly kind: "lostResponse"; readonly request: number }
  /** Answers 413 with `Retry-After` and does nothing, and so every further request of this method until that has passed. */
  | { readonly kind: "rateLimited"; readonly request: number; readonly retryAfterS: number }
  /** A response shows a status that the client does not know, for everything in it. */
  | { readonly kind: "unknownStatus"; readonly read: number }
  /** A read shows the state of some time before, as a service of several nodes may. */
  | { readonly kind: "staleRead"; readonly read: number; readonly ageMs: number }
  /**
   * Operations that begin within `durationMs` (default an hour) take so many times as long. A short time slows down one
   * operation, so that a later one ends before it.
   */
  | {
      readonly kind: "slowTasks";
      readonly request: number;
      readonly factor: number;
      readonly durationMs?: number;
    }
  /** The operation that this request begins takes 1,000 times as long: hours, as when it is stuck. */
  | { readonly kind: "stuckTask"; readonly request: number }
  /** The next operation of a kind fails. */
  | { readonly kind: "taskFails"; readonly request: number; readonly task: TaskKind }
  /** An instance (by order of creation, modulo their number) fails for some time. */
  | {
      readonly kind: "fault";
      readonly request: number;
      readonly fault: Faults["random"]["fault"];
      readonly instance: number;
      readonly durationMs: number;
    }
  /** The client sleeps longer than it asked, and so misses statuses. */
  | { readonly kind: "oversleep"; readonly sleep: number; readonly extraMs: number }
  /** Listings return pages of at most so many items. */
  | { readonly kind: "pageSize"; readonly size: number }
  /** The service gives other ids, by another seed. Listings are ordered by id. */
  | { readonly kind: "otherIds"; readonly seed: number };

/** Kinds of choices. */
export type ServiceChoiceKind = ServiceChoice["kind"];

/** Every kind of choice, in the order in which docs list them. */
export const serviceChoiceKinds: readonly ServiceChoiceKind[] = [
  "unavailable",
  "unavailableAfter",
  "lostRequest",
  "lostResponse",
  "rateLimited",
  "unknownStatus",
  "staleRead",
  "slowTasks",
  "stuckTask",
  "taskFails",
  "fault",
  "oversleep",
  "pageSize",
  "otherIds",
];

/** Number of requests and sleeps of a client that meets no choice: the places where choices can take effect. */
export interface Extent {
  readonly requests: number;
  readonly reads: number;
  readonly sleeps: number;
  /** Which of its requests change something: a lost or late answer to one of these matters most. */
  readonly changes: readonly number[];
}

/**
 * Draws lists of choices. They shrink to fewer choices, and each to earlier places and smaller numbers.
 */
export function choicesArbitrary(
  kinds: readonly ServiceChoiceKind[],
  extent: Extent,
  maxChoices: number,
): fc.Arbitrary<readonly ServiceChoice[]> {
  // A client that meets a choice asks more often than one that meets none, but mostly the first difference matters.
  const within = (count: number): fc.Arbitrary<number> =>
    likelyNumber(
      Array.from({ length: count }, (_, index) => index),
      { min: 0, max: 2 * count + 4 },
    );
  const request = fc.oneof(
    within(extent.requests),
    likelyNumber(extent.changes, { min: 0, max: 2 * extent.requests + 4 }),
  );
  const read = within(extent.reads);
  const sleep = within(extent.sleeps);
  const of: Readonly<Record<ServiceChoiceKind, fc.Arbitrary<ServiceChoice>>> = {
    unavailable: fc.record({ kind: fc.constant("unavailable"), request }),
    unavailableAfter: fc.record({ kind: fc.constant("unavailableAfter"), request }),
    lostRequest: fc.record({ kind: fc.constant("lostRequest"), request }),
    lostResponse: fc.record({ kind: fc.constant("lostResponse"), request }),
    rateLimited: fc.record({
      kind: fc.constant("rateLimited"),
      request,
      retryAfterS: fc.integer({ min: 1, max: 60 }),
    }),
    unknownStatus: fc.record({ kind: fc.constant("unknownStatus"), read }),
    staleRead: fc.record({
      kind: fc.constant("staleRead"),
      read,
      ageMs: fc.integer({ min: 1, max: 300_000 }),
    }),
    slowTasks: fc.record({
      kind: fc.constant("slowTasks"),
      request,
      factor: fc.integer({ min: 2, max: 20 }),
      durationMs: likelyNumber([hourMs], { min: 1, max: hourMs }),
    }),
    stuckTask: fc.record({ kind: fc.constant("stuckTask"), request }),
    taskFails: fc.record({
      kind: fc.constant("taskFails"),
      request,
      task: fc.constantFrom<TaskKind>(...taskKinds, "build", "build", "detach", "delete"),
    }),
    fault: fc.record({
      kind: fc.constant("fault"),
      request,
      fault: fc.constantFrom(...randomFaultKinds),
      instance: fc.nat({ max: 3 }),
      durationMs: fc.integer({ min: 1_000, max: 600_000 }),
    }),
    oversleep: fc.record({
      kind: fc.constant("oversleep"),
      sleep,
      extraMs: fc.integer({ min: 1_000, max: 300_000 }),
    }),
    pageSize: fc.record({ kind: fc.constant("pageSize"), size: fc.integer({ min: 1, max: 3 }) }),
    otherIds: fc.record({ kind: fc.constant("otherIds"), seed: fc.integer({ min: 2, max: 99 }) }),
  };
  const [first, ...rest] = kinds.map((kind) => of[kind]);
  return first === undefined
    ? fc.constant([])
    : fc.array(fc.oneof(first, ...rest), { maxLength: maxChoices, size: "max" });
}

const hourMs = 3_600_000;

/** One choice in words, as reports and diagrams show it. */
export function describeChoice(choice: ServiceChoice): string {
  switch (choice.kind) {
    case "unavailable":
      return `request ${String(choice.request)} is answered 503`;
    case "unavailableAfter":
      return `request ${String(choice.request)} is carried out and answered 503`;
    case "lostRequest":
      return `request ${String(choice.request)} never arrives`;
    case "lostResponse":
      return `the response to request ${String(choice.request)} is lost`;
    case "rateLimited":
      return `request ${String(choice.request)} is answered 413, Retry-After ${String(choice.retryAfterS)} s, and so all of its method until then`;
    case "unknownStatus":
      return `read ${String(choice.read)} shows statuses that are not documented`;
    case "staleRead":
      return `read ${String(choice.read)} shows the state of ${String(choice.ageMs)} ms before`;
    case "slowTasks":
      return `operations that begin within ${String(choice.durationMs ?? hourMs)} ms of request ${String(choice.request)} take ${String(choice.factor)} times as long`;
    case "stuckTask":
      return `the operation that request ${String(choice.request)} begins takes 1000 times as long`;
    case "taskFails":
      return `the next ${choice.task} from request ${String(choice.request)} on fails`;
    case "fault":
      return `${choice.fault} of instance number ${String(choice.instance)} at request ${String(choice.request)}, for ${String(choice.durationMs)} ms`;
    case "oversleep":
      return `sleep ${String(choice.sleep)} takes ${String(choice.extraMs)} ms longer`;
    case "pageSize":
      return `listings return ${String(choice.size)} items a page`;
    case "otherIds":
      return `the service gives other ids, by seed ${String(choice.seed)}`;
  }
}
