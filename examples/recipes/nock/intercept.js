import nock from "nock";

/** Lets a handler of the simulator answer every request of `node:http` and `fetch` to an origin. */
export function intercept(origin, handler) {
  nock.disableNetConnect();
  for (const method of ["GET", "POST", "PUT", "PATCH", "DELETE"]) {
    nock(origin)
      .persist()
      .intercept(/.*/, method)
      .reply(function (path, body) {
        const answer = handler.handleSync({
          method,
          url: `${origin}${path}`,
          headers: this.req.headers,
          body: typeof body === "string" ? body : JSON.stringify(body),
        });
        return [answer.status, answer.body, answer.headers];
      });
  }
  return () => {
    nock.cleanAll();
    nock.enableNetConnect();
  };
}
