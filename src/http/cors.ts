import type { Service } from "./options.js";
import type { Reply } from "./reply.js";
import { controlPrefix } from "./request.js";

/**
 * Adds CORS headers: pages of the allowed origins may send every method and header of the API, and read every header of
 * a response. `"*"` does not apply to `/_simulator`: a page that may change the world must be listed.
 */
export function withCors(
  reply: Reply,
  { method, url, headers }: Pick<Request, "method" | "url" | "headers">,
  { options }: Service,
): Reply {
  const origin = headers.get("origin");
  if (origin === null || options.corsOrigins.length === 0) return reply;
  const isControl = new URL(url).pathname.startsWith(`${options.pathPrefix}${controlPrefix}`);
  const allowed =
    options.corsOrigins.includes(origin) || (!isControl && options.corsOrigins.includes("*"));
  const vary = { ...reply.headers, Vary: "Origin" };
  if (!allowed) return { ...reply, headers: vary };
  const isPreflight = method === "OPTIONS" && headers.has("access-control-request-method");
  const preflight = isPreflight
    ? {
        "Access-Control-Allow-Methods":
          reply.headers?.["Allow"] ?? "GET, POST, PUT, PATCH, DELETE, HEAD, OPTIONS",
        "Access-Control-Allow-Headers":
          headers.get("access-control-request-headers") ?? "content-type, x-auth-token",
        "Access-Control-Max-Age": "600",
      }
    : { "Access-Control-Expose-Headers": "X-Request-Id, Retry-After, Location" };
  return { ...reply, headers: { ...vary, ...preflight, "Access-Control-Allow-Origin": origin } };
}
