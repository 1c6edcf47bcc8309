// A stand-in for the server of the dashboard, for tests: the API by the JSON of the fixture, with services made of it, and
// troubles that a driver orders at `/test/…`. Usage: node mock.mjs PORT SERVICES [TOKEN]
import { readFileSync } from "node:fs";
import { createServer } from "node:http";

const [port, services, token] = [Number(process.argv[2]), Number(process.argv[3] ?? 12), process.argv[4]];
const sources = new URL("../../resilience-runtime/src/", import.meta.url);
const text = (path) => readFileSync(new URL(path, sources), "utf8");

// The script is put together as the server does it, and in its order.
const parts = [...text("export/server/page.rs").matchAll(/include_str!\("(page\/\w+\.js)"\)/g)].map(([, path]) => path);
const ASSETS = {
  "/": ["text/html; charset=utf-8", text("export/server/page/page.html")],
  "/page.css": ["text/css; charset=utf-8", text("export/server/page/page.css")],
  "/page.js": ["text/javascript; charset=utf-8", parts.map((path) => text(`export/server/${path}`)).join("")],
};
const HEADERS = {
  "Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data:; "
    + "base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  "X-Content-Type-Options": "nosniff", "Cache-Control": "no-store", "Referrer-Policy": "no-referrer",
};

const fixture = JSON.parse(text("monitor/snapshot/example.json"));
const shift = Date.now() - fixture.taken_at_ms;
const later = (value, key = "") => {
  if (Array.isArray(value)) return value.map((one) => later(one));
  if (value !== null && typeof value === "object") return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, later(one, name)]));
  return key.endsWith("_ms") && value > 1e12 ? value + shift : value;
};
const data = { ...later(fixture), services: [] };
const [troubled, healthy, idle] = later(fixture).services;

const NAMES = ["payments", "search", "postgres_orders", "redis_sessions", "claude_summaries", "email", "inventory", "geocoding",
  "fraud_score", "recommendations", "kafka_audit", "pdf_render", "tax_rates", "shipping_quotes", "feature_flags", "object_store"];
const KINDS = ["http_api", "microservice", "database", "cache", "ai_service", "message_queue"];
const HOSTILE = ["quote\" and 'apostrophe'", "two\nlines", "esc\u001b[31mred", "right\u202eto left", "<script>window.__owned = true</script>",
  "<img src=x onerror=\"window.__owned = true\">", "slash/percent%2F?query#hash", "  spaces  ", "ünï😀"];
const random = (() => {
  let state = 42;
  return () => { state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0; return state / 2 ** 32; };
})();

function living(name, at) {
  const service = structuredClone(healthy);
  const base = 2 ** (random() * 12) * 1000;
  const window = (length_us) => ({
    ...structuredClone(troubled.windows.one_minute), length_us, calls_per_second: 10 ** (random() * 3 - 0.5), success_rate: 1 - random() ** 3 * 0.004,
    attempt_success_rate: 1 - random() ** 2 * 0.02, retry_rate: random() * 0.02, retries_refused: 0, waiting_share: 0,
    mean_us: Math.round(base), p50_us: Math.round(base * 0.8), p95_us: Math.round(base * 3), p99_us: Math.round(base * 7),
  });
  Object.assign(service, {
    name, kind: KINDS[at % KINDS.length], template: KINDS[at % KINDS.length],
    sparkline: Array.from({ length: 60 }, (_, n) => ({ calls: Math.round(40 + 20 * Math.sin(n / 9 + at) + random() * 15), bad: random() < 0.01 ? 1 : 0 })),
    windows: { since_us: 400_000_000, ten_seconds: window(1e7), one_minute: window(6e7), five_minutes: window(3e8) },
    bulkhead: at % 3 ? { in_flight: Math.floor(random() * 9), limit: 16, queue_depth: 0, adaptive: at % 2 === 0 } : null,
  });
  if (at % 7 === 3) {
    service.health = { score: 72 + (at % 15), reasons: ["callers: 2.1% get no answer", "budget: 12 retries refused"] };
    for (const one of Object.values(service.windows).slice(1)) Object.assign(one, { success_rate: 0.979, attempt_success_rate: 0.91, retry_rate: 0.22, retries_refused: 12 });
    service.budget = { tokens: 0.4, capacity: 10 };
    service.sparkline.forEach((point, n) => { if (n > 20) point.bad = Math.floor(random() * 5); });
  }
  return service;
}

if (services > 0) data.services.push(troubled, idle);
for (let at = 0; data.services.length < services; at += 1) {
  const name = at < NAMES.length ? NAMES[at] : at < NAMES.length + HOSTILE.length ? HOSTILE[at - NAMES.length] : `${NAMES[at % NAMES.length]}_${at}`;
  data.services.push(living(name, at));
}
const find = (name) => data.services.find((service) => service.name === name);

let lastId = 0;
const clients = new Set();
const asked = [];

function emit(service, kind, from, to) {
  lastId += 1;
  const event = { id: lastId, at_ms: Date.now(), kind, service, from, to };
  for (const client of clients) client.write(`id: ${lastId}\nevent: event\ndata: ${JSON.stringify(event)}\n\n`);
}

function setBreaker(service, state) {
  const from = service.breaker.state;
  Object.assign(service.breaker, { on: true, state, retry_after_us: state === "open" ? 30e6 : null });
  service.breaker.timeline.push({ at_ms: Date.now(), from, to: state });
  if (state.endsWith("open")) service.health = { score: 20, reasons: [`breaker ${state.replace("_", " ")}`] };
  else service.health = { score: 100, reasons: [] };
  service.touched = true;
  emit(service.name, "breaker", from, state);
  // As the server does: a rare event is told before the second is over, but not sooner than so long after the tick before.
  setTimeout(tellChanged, Math.max(100, lastTold + 400 - Date.now()));
}

// As the server does: what only the page of a service shows stays at home, and of a row that is known only what changed.
const windowOf = ({ calls, attempts, attempts_failed, waiting_share, mean_us, ...window }) => window;
function rowOf({ name, kind, service_type, template, health, calls, windows, sparkline, breaker, budget, bulkhead, throttle_probability, partitions }) {
  const spans = windows && Object.entries(windows).map(([key, one]) => [key, typeof one === "object" ? windowOf(one) : one]);
  const { on, state, retry_after_us, failure_rate } = breaker;
  return { name, kind, service_type, template, health, calls, windows: spans && Object.fromEntries(spans), budget, bulkhead, throttle_probability,
    curve: { calls: sparkline.map((point) => point.calls), bad: sparkline.map((point) => point.bad) },
    breaker: { on, state, retry_after_us, failure_rate }, partitions: { total: partitions.total, by_state: partitions.by_state } };
}
const isObject = (value) => typeof value === "object" && value !== null && !Array.isArray(value);
const changes = (old, now) => Object.fromEntries(Object.entries(now)
  .filter(([key, value]) => key === "name" || JSON.stringify(value) !== JSON.stringify(old[key]))
  .map(([key, value]) => [key, isObject(value) && isObject(old[key]) ? changes(old[key], value) : value]));

function tell(client, full, services) {
  const rows = services.map((service) => {
    const row = structuredClone(rowOf(service));
    const news = client.known.has(row.name) ? changes(client.known.get(row.name), row) : row;
    client.known.set(row.name, row);
    return news;
  });
  client.write(`event: snapshot\ndata: ${JSON.stringify({ version: 1, full, total: data.services.length, taken_at_ms: data.taken_at_ms, process: data.process, services: rows })}\n\n`);
}

let lastTold = 0;
function tellChanged() {
  data.taken_at_ms = lastTold = Date.now();
  // As many as the server sends one client in a second.
  const changed = data.services.filter((service) => service.touched).slice(0, 90);
  changed.forEach((service) => { service.touched = false; });
  for (const client of clients) tell(client, false, changed);
}

let ticks = 0;
setInterval(() => {
  ticks += 1;
  data.process.uptime_us += 1e6;
  data.services.forEach((service, at) => {
    if (service.windows && service.name !== idle.name && (service.touched || (at + ticks) % 6 === 0)) {
      service.touched = true;
      service.calls.success += 40;
      service.windows.one_minute.calls_per_second *= 0.97 + random() * 0.06;
      if (ticks % 2 === 0) service.sparkline = [...service.sparkline.slice(1), { ...service.sparkline[Math.floor(random() * service.sparkline.length)] }];
    }
    const breaker = service.breaker;
    if (breaker.retry_after_us > 0) breaker.retry_after_us = Math.max(breaker.retry_after_us - 1e6, 0) || 30e6;
  });
  tellChanged();
}, 1000);

const setting = (key, value, source, hides = [], remark = null) => ({ key, value, source, hides, written: remark && value, remark });
const CONFIGURATION = () => ({
  settings: [
    setting("max_attempts", "4", "resilience.toml:12, [services.assistant]", [{ value: "3", source: "template ai_service" }]),
    setting("base_delay", "500ms", "template ai_service"),
    setting("attempt_timeout", "adaptive(p99 * 2)", "attribute at src/assistant.rs:42"),
    setting("breaker", "true", "built-in"),
    setting("breaker.min_calls", "50", "override at run time", [{ value: "20", source: "resilience.toml:14" }]),
    setting("bulkhead.max_queue", "32", "resilience.toml:15", [], "no effect here: the bulkhead has no queue"),
  ],
  sites: [{ function: "shop::assistant::answer", place: "src/assistant.rs:42", settings: [setting("hedge.after", "p95", "attribute")] }],
});

const send = (response, status, body, type = "application/json") => {
  response.writeHead(status, { ...HEADERS, "Content-Type": type }).end(typeof body === "string" ? body : JSON.stringify(body));
};

async function act(request, response, name, what) {
  if (!token) return send(response, 404, { error: "there is nothing here" });
  if (request.headers.authorization !== `Bearer ${token}`) return send(response, 401, { error: "this needs the token of the server" });
  if (request.headers["content-type"] !== "application/json") return send(response, 415, { error: "actions are taken as JSON alone" });
  let body = "";
  for await (const chunk of request) body += chunk;
  const said = body ? JSON.parse(body) : {};
  asked.push({ method: request.method, name, what, said });
  const service = find(name);
  if (what === "breaker") {
    setBreaker(service, { force_open: "forced_open", force_closed: "forced_closed", reset: "closed" }[said.action]);
  } else if (said.patch?.max_attempts === 0) return send(response, 400, { error: "max_attempts = 0: has to be at least 1" });
  return send(response, 200, { ok: true });
}

async function answer(request, response) {
  const { pathname, searchParams } = new URL(request.url, "http://here");
  if (ASSETS[pathname]) return send(response, 200, ASSETS[pathname][1], ASSETS[pathname][0]);
  if (pathname === "/api/session") {
    return send(response, 200, { version: 1, actions: Boolean(token), authorized: Boolean(token) && request.headers.authorization === `Bearer ${token}`, default_lifetime_seconds: 3600, max_lifetime_seconds: 86_400 });
  }
  if (pathname === "/api/dashboard") return send(response, 200, data);
  if (pathname === "/api/events") {
    response.writeHead(200, { ...HEADERS, "Content-Type": "text/event-stream" });
    response.write("retry: 500\n\n");
    response.known = new Map();
    tell(response, true, data.services.slice(0, 150));
    clients.add(response);
    request.on("close", () => clients.delete(response));
    return undefined;
  }
  const [, encoded, what] = /^\/api\/services\/([^/]+)(?:\/(breaker|override))?$/.exec(pathname) ?? [];
  if (encoded) {
    const name = decodeURIComponent(encoded);
    const service = find(name);
    if (!service) return send(response, 404, { error: "no such service" });
    if (what) return act(request, response, name, what);
    return send(response, 200, { version: 1, taken_at_ms: Date.now(), latency_bucket_ends_us: data.latency_bucket_ends_us, service,
      configuration: CONFIGURATION() });
  }
  if (pathname === "/test/breaker") {
    setBreaker(find(searchParams.get("name")), searchParams.get("state"));
    return send(response, 200, {});
  }
  if (pathname === "/test/uncounted") {
    data.process.statistics_off_by = "[global] enable_global_metrics = false";
    for (const service of data.services) {
      Object.assign(service, { windows: null, sparkline: [], touched: true });
      if (service.health.score > 20) service.health = { score: 100, reasons: ["statistics are off: enable_global_metrics = false"] };
    }
    return send(response, 200, {});
  }
  if (pathname === "/test/asked") return send(response, 200, asked);
  return send(response, 404, { error: "there is nothing here" });
}

const server = createServer((request, response) => answer(request, response).catch((error) => send(response, 500, { error: String(error) })));
server.listen(port, "127.0.0.1", () => console.log(`listening on http://127.0.0.1:${server.address().port}`));
process.on("SIGTERM", () => {
  for (const client of clients) client.end("event: closed\ndata: {}\n\n");
  server.close();
  setTimeout(() => process.exit(0), 200);
});
