// One service comes in, its page goes out: built once, then updated in place, each drawing with its table.

const open = { name: null, data: null, parts: null, timer: null, error: null };

/** A table that keeps its rows: `lines` gives each one's key and cells. A rebuilt table loses a reader's place. */
function tableOf(caption, heads) {
  const body = el("tbody");
  const none = el("p", { class: "none" }, "none");
  const table = el("table", {}, el("caption", { class: "sr" }, caption), el("thead", {}, el("tr", {}, ...heads.map((head) => el("th", { scope: "col" }, head)))), body);
  const known = new Map();
  const update = (lines) => {
    table.hidden = lines.length === 0;
    none.hidden = lines.length > 0;
    const kept = new Set(lines.map(([key]) => key));
    for (const [key, row] of known) if (!kept.has(key)) { row.remove(); known.delete(key); }
    let next = body.firstElementChild;
    for (const [key, cells, at] of lines) {
      let row = known.get(key);
      if (!row) {
        row = el("tr", {}, ...cells.map((_, n) => el(n === 0 ? "th" : "td", n === 0 ? { scope: "row" } : {})));
        known.set(key, row);
      }
      cells.forEach((cell, n) => setText(row.children[n], String(cell)));
      setAttr(row, "data-level", at);
      if (row === next) next = next.nextElementSibling;
      else body.insertBefore(row, next);
    }
  };
  update([]);
  // Wide tables scroll by themselves, and then a keyboard has to reach them. No landmarks: the cards around them are.
  return { node: el("div", { class: "scroll", tabindex: "0", role: "group", "aria-label": caption }, table, none), update };
}

function card(title, ...children) {
  const id = `card-${title.replaceAll(/\W+/g, "-").toLowerCase()}`;
  return el("section", { class: "card", "aria-labelledby": id }, el("h2", { id }, title), ...children);
}

const behind = (table) => el("details", {}, el("summary", {}, "as a table"), table.node);
const drawing = (name) => svg("svg", { class: `drawing ${name}`, "aria-hidden": "true" });

function buildDetail(name) {
  const parts = {
    title: el("h1", { id: "detail-title", tabindex: "-1" }, shown(name)),
    badge: el("span", { class: "badge" }, svg("svg", { class: "shape", viewBox: "0 0 16 16", "aria-hidden": "true" }, svg("path")), el("b"), el("span", { class: "words" })),
    what: el("p", { class: "what" }),
    reasons: el("ul", { class: "reasons", "aria-label": "Why the health is below 100" }),
    error: el("p", { class: "error", role: "alert", hidden: true }),
    tiles: el("dl", { class: "tiles" }),
    curve: drawing("curve"), curveWords: el("p", { class: "words" }), curveTable: tableOf("Calls of the last two minutes", ["when", "calls", "without an answer"]),
    latency: drawing("latency"), latencyTable: tableOf("Calls by how long they took", ["up to", "calls", "share"]),
    timeline: drawing("timeline"), breakerWords: el("p", { class: "words" }), breakerTable: tableOf("Changes of the breaker", ["when", "from", "to", "held for"]),
    outcomes: tableOf("Calls by outcome", ["outcome", "in the window", "since start"]),
    attempts: tableOf("Attempts by type", ["attempts", "all", "success", "failed", "other"]),
    needed: el("p", { class: "words" }),
    refusals: tableOf("What kept calls from an answer or another attempt", ["reason", "what", "count"]),
    patterns: tableOf("Error patterns", ["error", "status", "classified", "count", "last"]),
    partitions: tableOf("Partitions", ["partition", "breaker", "failed", "budget", "bulkhead"]), partitionWords: el("p", { class: "words" }),
    sites: tableOf("Call sites", ["function", "place", "calls", "success", "mean"]),
    settings: tableOf("Effective configuration", ["key", "value", "comes from", "remarks"]),
    events: tableOf("Recent events", ["when", "event", "change"]),
    acts: el("div", { class: "acts", hidden: true }),
  };
  byId("detail").replaceChildren(
    el("p", { class: "back" }, el("a", { href: "#/" }, "‹ All services")),
    el("div", { class: "titles" }, parts.badge, el("div", {}, parts.title, parts.what), parts.acts), parts.reasons, parts.error, parts.tiles,
    el("div", { class: "cards" },
      card("Last two minutes", parts.curve, parts.curveWords, behind(parts.curveTable)),
      card("Latency since start", parts.latency, behind(parts.latencyTable)),
      card("Breaker", parts.timeline, parts.breakerWords, behind(parts.breakerTable))),
    el("div", { class: "flow" },
      card("Error patterns", parts.patterns.node),
      card("Recent events", parts.events.node),
      card("Partitions", parts.partitionWords, parts.partitions.node),
      card("Calls by outcome", parts.outcomes.node),
      card("Attempts", parts.attempts.node, parts.needed),
      card("Rejected, not retried, waiting, stand-ins, keys", parts.refusals.node)),
    card("Call sites", parts.sites.node),
    card("Effective configuration", parts.settings.node));
  buildActs(parts.acts, name);
  return parts;
}

function openDetail(name) {
  Object.assign(open, { name, data: null, error: null, parts: buildDetail(name) });
  refreshDetail();
  fetchDetail();
}

function closeDetail() {
  clearTimeout(open.timer);
  Object.assign(open, { name: null, data: null, parts: null });
}

/** The lists that rows of the stream leave out; the rest of the page is as live as the list. */
async function fetchDetail() {
  const { name } = open;
  clearTimeout(open.timer);
  try {
    const said = await json(pathOf(name));
    if (open.name !== name) return;
    const service = said.service && typeof said.service === "object" ? said.service : said;
    open.data = { ...said, service };
    open.error = null;
    if (said.latency_bucket_ends_us) store.ends = said.latency_bucket_ends_us;
  } catch (error) {
    if (open.name !== name) return;
    open.error = error instanceof Refused && error.status === 404 ? "This process has no service of this name." : open.data ? null : feed.state === "away" ? null : error.message;
  }
  refreshDetail();
  open.timer = setTimeout(fetchDetail, document.hidden || open.error ? 10_000 : 2000);
}

function refreshDetail() {
  const { parts, name } = open;
  if (!parts) return;
  const lists = open.data?.service;
  const row = store.services.get(name) ?? lists;
  parts.error.hidden = !open.error;
  setText(parts.error, open.error ?? "");
  byId("detail").classList.toggle("absent", !row);
  if (!row) return;
  const window = row.windows?.[view.span];
  showHead(parts, row, window);
  const points = row.sparkline ?? [];
  drawCurve(parts.curve, points);
  setText(parts.curveWords, sparkWords(points));
  parts.curveTable.update(points.map((point, at) => [at - points.length, [`${(points.length - at) * 2} s ago`, point.calls, point.bad]]).reverse());
  if (lists) showLists(parts, row, lists, window);
}

function showHead(parts, row, window) {
  const at = level(row);
  setAttr(parts.badge, "data-level", at);
  setAttr(parts.badge.querySelector("path"), "d", SHAPES[at]);
  setText(parts.badge.children[1], at === "idle" ? unknown : String(row.health.score));
  setText(parts.badge.children[2], LEVEL_WORDS[at]);
  setText(parts.what, [words(row.kind), row.service_type && `type ${shown(row.service_type)}`, `template ${shown(row.template)}`].filter(Boolean).join(" · "));
  const reasons = row.health.reasons ?? [];
  parts.reasons.hidden = reasons.length === 0;
  while (parts.reasons.children.length > reasons.length) parts.reasons.lastChild.remove();
  reasons.forEach((reason, n) => (parts.reasons.children[n] ? setText(parts.reasons.children[n], reason) : parts.reasons.append(el("li", {}, reason))));
  const young = window && window.length_us < row.windows.since_us + 1 && window.length_us < { ten_seconds: 1e7, one_minute: 6e7, five_minutes: 3e8 }[view.span] * 0.98;
  const last = young ? `since ${span(window.length_us / 1e6)}` : `last ${SPANS[view.span]}`;
  const { budget, bulkhead } = row;
  showTiles(parts.tiles, [
    ["traffic", rate(window?.calls_per_second), store.process.statistics_off_by ? "not counted" : `${count(row.calls.in_flight)} in flight`],
    ["success", percent(window?.success_rate), `for callers, ${last}`, judged(window?.success_rate)],
    ["actual", percent(window?.attempt_success_rate), "of all attempts", judged(window?.attempt_success_rate)],
    ["p95", time(window?.p95_us), `p50 ${time(window?.p50_us)} · p99 ${time(window?.p99_us)}`],
    ["retries", percent(window?.retry_rate, false), window ? `${count(window.retries_refused)} refused` : ""],
    ["budget", budget ? `${three(budget.tokens)} of ${count(budget.capacity)}` : "off", budget ? "retries it allows now" : ""],
    ["bulkhead", bulkhead ? `${bulkhead.in_flight} of ${bulkhead.limit}` : "off", bulkhead ? `${count(bulkhead.queue_depth)} wait${bulkhead.adaptive ? ", adaptive" : ""}` : ""],
    ["throttle", row.throttle_probability === null || row.throttle_probability === undefined ? "off" : percent(row.throttle_probability), row.throttle_probability > 0 ? "of attempts are held back" : ""],
  ]);
}

function showTiles(node, tiles) {
  tiles.forEach(([name, value, note, at], n) => {
    if (!node.children[n]) node.append(el("div", {}, el("dt", {}, name), el("dd", {}, el("b"), el("small"))));
    const [number, small] = node.children[n].lastChild.children;
    setText(number, value);
    setText(small, note);
    setAttr(number, "data-level", at ?? "none");
  });
}
