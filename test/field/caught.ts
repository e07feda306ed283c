/** What a call throws; a call that throws nothing fails the test. */
export function caught<E extends Error = Error>(call: () => unknown): E {
  try {
    call();
  } catch (error) {
    return error as E;
  }
  throw new RangeError("nothing was thrown");
}
