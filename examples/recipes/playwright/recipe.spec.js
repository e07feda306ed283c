import { expect, test } from "@playwright/test";
import { ReplicationSimulator } from "replication-simulator";
import { createHandler } from "replication-simulator/http";

/** The page under test: creates an instance and shows its status each time the button is pressed. */
const page = `<!doctype html><title>Databases</title><button>Refresh</button><p role="status">none</p>
<script type="module">
  const headers = { "x-auth-token": "any", "content-type": "application/json" };
  const ask = async (path, init) => (await fetch("/v1.0/1234" + path, { headers, ...init })).json();
  const show = ({ instance }) => {
    document.querySelector("p").textContent = instance.name + " is " + instance.status;
    return instance.id;
  };
  const body = JSON.stringify({ instance: { name: "orders", flavorRef: "2", volume: { size: 10 } } });
  const id = show(await ask("/instances", { method: "POST", body }));
  document.querySelector("button").onclick = async () => show(await ask("/instances/" + id));
</script>`;

test("the page shows an instance that is built", async ({ page: tab }) => {
  const sim = new ReplicationSimulator();
  const handler = createHandler(sim);
  await tab.route("https://db.test/", (route) =>
    route.fulfill({ contentType: "text/html", body: page }),
  );
  await tab.route("https://db.test/v1.0/**", async (route) => {
    const request = route.request();
    const { status, headers, body } = handler.handleSync({
      method: request.method(),
      url: request.url(),
      headers: request.headers(),
      body: request.postData(),
    });
    await route.fulfill({ status, headers, body });
  });

  await tab.goto("https://db.test/");
  await expect(tab.getByRole("status")).toHaveText("orders is BUILD");
  sim.settle(); // virtual time: the browser does not wait
  await tab.getByRole("button").click();
  await expect(tab.getByRole("status")).toHaveText("orders is ACTIVE");
});
