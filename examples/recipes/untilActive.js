/** The code under test: polls with the timers of the host. */
export async function untilActive(service, id, everyMs = 5000) {
  while (service.getInstance(id).status !== "ACTIVE") {
    await new Promise((resolve) => setTimeout(resolve, everyMs));
  }
  return "it is up";
}
