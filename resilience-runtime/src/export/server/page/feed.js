// The server's data comes in, by stream or by polling, and the store is always whole. The stream is read with `fetch`
// and not with `EventSource`, which cannot send a token.

const store = {
  services: new Map(),
  process: {},
  ends: [],
  takenAt: 0,
  events: [],
  session: { actions: false },
  loaded: false,
};
const feed = { streaming: false, state: "connecting", since: Date.now(), skew: 0, lastId: null, token: takeToken(), pid: null };
const listeners = { data: [], link: [], event: [] };
const tell = (sort, ...what) => listeners[sort].forEach((listener) => listener(...what));
/** The server's time: the two clocks may differ. */
const now = () => Date.now() + feed.skew;
const sleep = (ms) => new Promise((done) => setTimeout(done, ms));

/** Once from the address, which is cleared of it; then it lies where only this tab reads it. */
function takeToken() {
  const address = new URL(location.href);
  const given = address.searchParams.get("token");
  if (given !== null) {
    sessionStorage.setItem("resilience-token", given);
    address.searchParams.delete("token");
    history.replaceState(null, "", address);
  }
  return sessionStorage.getItem("resilience-token");
}

class Refused extends Error {
  constructor(status, text) {
    super(text);
    this.status = status;
  }
}

/** A request to the server, with the token if there is one; fails on every answer but 2xx. */
async function ask(path, { method = "GET", body, signal = AbortSignal.timeout(8000), headers = {} } = {}) {
  const sent = { ...headers };
  if (feed.token) sent.Authorization = `Bearer ${feed.token}`;
  if (body !== undefined || method !== "GET") sent["Content-Type"] = "application/json";
  const answer = await fetch(new URL(path, base), {
    method, headers: sent, signal, cache: "no-store", credentials: "omit",
    body: body === undefined ? undefined : JSON.stringify(body),
  });
  if (!answer.ok) throw new Refused(answer.status, await reasonOf(answer));
  return answer;
}

async function reasonOf(answer) {
  const text = await answer.text().catch(() => "");
  try {
    const said = JSON.parse(text);
    return String(said.error ?? said.message ?? text);
  } catch {
    return text.length > 0 && text.length < 1000 && !text.startsWith("<") ? text : `${answer.status} ${answer.statusText}`;
  }
}

const json = async (path, options) => (await ask(path, options)).json();
const pathOf = (name) => `api/services/${encodeURIComponent(name)}`;

const isObject = (value) => typeof value === "object" && value !== null && !Array.isArray(value);

/** A row of the stream has the fields that changed; objects within it, too. */
function merged(old, row) {
  if (!isObject(old)) return row;
  const all = { ...old };
  for (const [key, value] of Object.entries(row)) all[key] = isObject(value) ? merged(old[key], value) : value;
  return all;
}

/** A row with what is new of it. The stream has the points of the sparkline as one list for each of their fields. */
function updated(old, row) {
  const all = merged(old, row);
  if (row.curve) all.sparkline = all.curve.calls.map((calls, at) => ({ calls, bad: all.curve.bad[at] }));
  else if (row.sparkline) all.curve = { calls: row.sparkline.map((point) => point.calls), bad: row.sparkline.map((point) => point.bad) };
  return all;
}

/** What is new goes over what is known; a whole snapshot also says what is gone. */
function apply(data, full) {
  const changed = new Set();
  const known = new Set();
  for (const row of data.services ?? []) {
    known.add(row.name);
    store.services.set(row.name, updated(store.services.get(row.name), row));
    changed.add(row.name);
  }
  // A stream may spread a whole snapshot over several messages: then what is missing here is yet to come.
  const whole = full && known.size >= (data.total ?? 0);
  const gone = whole ? [...store.services.keys()].filter((name) => !known.has(name)) : [];
  gone.forEach((name) => store.services.delete(name));
  if (data.process) store.process = data.process;
  nameIdle();
  if (data.latency_bucket_ends_us) store.ends = data.latency_bucket_ends_us;
  if (data.taken_at_ms) {
    store.takenAt = data.taken_at_ms;
    // Not for the transport's few milliseconds.
    const skew = data.taken_at_ms - Date.now();
    if (Math.abs(skew - feed.skew) > 1500) feed.skew = skew;
  }
  store.loaded = true;
  tell("data", changed, gone);
}

function setLink(state) {
  if (feed.state === state) return;
  feed.state = state;
  feed.since = Date.now();
  tell("link");
}

async function load() {
  const data = await json("api/dashboard");
  if (data.version !== 1) throw new Refused(0, `this page does not know version ${data.version} of the data: load it anew`);
  // Another process counts from zero, and its events too.
  if (feed.pid !== null && data.process?.pid !== feed.pid) {
    feed.lastId = null;
    store.events = [];
  }
  if (feed.pid === null || data.process?.pid !== feed.pid) {
    json("api/session").then((session) => { store.session = session; tell("data", new Set(), []); }, () => { feed.pid = null; });
  }
  feed.pid = data.process?.pid ?? null;
  // A stream that has begun meanwhile knows better, and tells of a field only when it changes.
  if (feed.streaming) data.services = data.services.filter((row) => !store.services.has(row.name));
  apply(data, !feed.streaming);
}

/** Reads one stream to its end. Ends normally when the server says `closed`. */
async function stream() {
  const stop = new AbortController();
  let quiet;
  const alive = () => {
    clearTimeout(quiet);
    quiet = setTimeout(() => stop.abort(), 20_000);
  };
  alive();
  try {
    const headers = { Accept: "text/event-stream" };
    if (feed.lastId !== null) headers["Last-Event-ID"] = feed.lastId;
    const answer = await ask("api/events", { signal: stop.signal, headers });
    const reader = answer.body.pipeThrough(new TextDecoderStream()).getReader();
    let rest = "";
    for (;;) {
      const { value, done } = await reader.read();
      if (done) return;
      alive();
      const blocks = (rest + value).replaceAll("\r\n", "\n").split("\n\n");
      rest = blocks.pop();
      for (const block of blocks) {
        if (take(block) === "closed") return;
      }
    }
  } finally {
    clearTimeout(quiet);
    stop.abort();
    feed.streaming = false;
  }
}

function take(block) {
  let sort = "message";
  const data = [];
  for (const line of block.split("\n")) {
    const [, field, value] = /^([^:]*):? ?(.*)$/s.exec(line);
    if (field === "event") sort = value;
    else if (field === "data") data.push(value);
    else if (field === "id") feed.lastId = value;
    else if (field === "retry") feed.retry = Math.min(Math.max(Number(value) || 1000, 250), 15_000);
  }
  if (data.length === 0 || sort === "closed") return sort;
  const said = JSON.parse(data.join("\n"));
  if (sort === "snapshot" || sort === "dashboard") {
    feed.streaming = true;
    feed.failures = 0;
    setLink("live");
    apply(said, said.full === true);
  } else if (sort === "event") {
    // A stream that begins anew tells the last ones again.
    if (!store.events.some((known) => known.id === said.id && known.at_ms === said.at_ms)) store.events.unshift(said);
    store.events.length = Math.min(store.events.length, 256);
    tell("event");
  }
  return sort;
}

async function keepStreaming() {
  for (;;) {
    try {
      await stream();
    } catch {
      // A server that is away is no error of the page: polling says how it stands.
    }
    if (feed.state === "live") setLink("polling");
    feed.failures = Math.min((feed.failures ?? 0) + 1, 5);
    await sleep((feed.retry ?? 1000) * 2 ** (feed.failures - 1) * (0.75 + Math.random() / 2));
  }
}

async function keepPolling() {
  for (;;) {
    if (!feed.streaming) {
      try {
        if (!document.hidden || !store.loaded) await load();
        if (!feed.streaming) setLink("polling");
      } catch (error) {
        if (!feed.streaming) setLink(error instanceof Refused && [401, 403].includes(error.status) ? "refused" : "away");
        feed.reason = error instanceof Refused ? error.message : "the server does not answer";
        tell("link");
      }
    }
    await sleep(2000);
  }
}

function start() {
  keepPolling();
  keepStreaming();
}
