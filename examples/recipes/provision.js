/**
 * The code under test: creates an instance over HTTP and polls until it is up. `request` is what differs from HTTP client
 * to HTTP client: it sends JSON and returns the status and the parsed body.
 */
export async function provision(request, sleep) {
  const instance = { name: "orders", flavorRef: "2", volume: { size: 10 } };
  const created = await request("POST", "/v1.0/1234/instances", { instance });
  if (created.status !== 200) throw new Error(`refused with ${created.status}`);
  let { id, status } = created.body.instance;
  while (status === "BUILD") {
    await sleep(5000);
    ({ status } = (await request("GET", `/v1.0/1234/instances/${id}`)).body.instance);
  }
  return status;
}

/** What every request carries. */
export const headers = { "x-auth-token": "any", "content-type": "application/json" };
