/** The code under test: polls every 5 s with the timers of the host. */
export async function untilActive(service, id) {
  while (service.getInstance(id).status !== "ACTIVE") {
    await new Promise((resolve) => setTimeout(resolve, 5000));
  }
  return "it is up";
}
