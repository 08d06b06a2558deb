import assert from "node:assert/strict";
import { test } from "node:test";
import { apiClient, errorBody } from "./client.js";

interface Paths {
  "/things": {
    get: { responses: { 200: { content: { "application/json": { ok: boolean } } } } };
    post: { responses: { 200: { content: { "application/json": { ok: boolean } } } } };
  };
}

function recording(status: number, body: unknown) {
  const seen: Request[] = [];
  const fetch = async (request: Request) => {
    seen.push(request);
    return new Response(JSON.stringify(body), { status, headers: { "Content-Type": "application/json" } });
  };
  return { seen, fetch };
}

test("a read carries a request id and no CSRF token", async () => {
  const { seen, fetch } = recording(200, { ok: true });
  const client = apiClient<Paths>({ baseUrl: "http://aef.localhost", fetch, csrfToken: () => "t", requestId: () => "r1" });
  const { data } = await client.GET("/things");
  assert.deepEqual(data, { ok: true });
  assert.equal(seen[0]?.headers.get("X-Request-Id"), "r1");
  assert.equal(seen[0]?.headers.get("X-CSRF-Token"), null);
  assert.equal(seen[0]?.credentials, "include");
});

test("a write carries the CSRF token", async () => {
  const { seen, fetch } = recording(200, { ok: true });
  const client = apiClient<Paths>({ baseUrl: "http://aef.localhost", fetch, csrfToken: () => "t" });
  await client.POST("/things");
  assert.equal(seen[0]?.headers.get("X-CSRF-Token"), "t");
  assert.match(seen[0]?.headers.get("X-Request-Id") ?? "", /^[0-9a-f-]{36}$/);
});

test("a failure is read from the envelope, and only from it", async () => {
  const envelope = { error: { code: "RESULTS_HIDDEN", message: "Not yet.", details: {}, request_id: "r" } };
  const { fetch } = recording(403, envelope);
  const { error } = await apiClient<Paths>({ baseUrl: "http://aef.localhost", fetch }).GET("/things");
  assert.equal(errorBody(error)?.code, "RESULTS_HIDDEN");
  for (const other of [undefined, null, "Bad Gateway", {}, { error: "x" }, { error: {} }]) {
    assert.equal(errorBody(other), undefined);
  }
});
