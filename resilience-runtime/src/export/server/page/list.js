// The services come in, one row each goes out: updated in place, the ones in trouble first, few at a time per frame.

const COLUMNS = [
  ["health", "health", 1, (s) => [LEVELS.indexOf(level(s)), STATE_LEVELS[stateOf(s.breaker)] === "trouble" ? 0 : 1, Math.floor(s.health.score / 10)]],
  ["name", "service", 1, (s) => [s.name.toLowerCase()]],
  ["spark", "last 2 min", 0, null],
  ["traffic", "traffic", -1, (s) => [windowOf(s)?.calls_per_second ?? 0]],
  ["success", "success", 1, (s) => [windowOf(s)?.success_rate ?? 2]],
  ["latency", "p50 · p95 · p99", -1, (s) => [windowOf(s)?.p95_us ?? 0]],
  ["retry", "retries", -1, (s) => [windowOf(s)?.retry_rate ?? 0]],
  ["breaker", "breaker", 1, (s) => [["open", "forced_open", "half_open", "forced_closed", "closed", "observed", "off"].indexOf(stateOf(s.breaker))]],
  ["budget", "retry budget", 1, (s) => [s.budget ? s.budget.tokens / (s.budget.capacity || 1) : 2]],
  ["bulkhead", "bulkhead", -1, (s) => [s.bulkhead ? s.bulkhead.in_flight / (s.bulkhead.limit || 1) : -1]],
];
const view = { sort: "health", direction: 1, span: "one_minute", levels: new Set(), filter: "" };
const windowOf = (service) => service.windows?.[view.span];

const rows = new Map();
const dirty = new Set();
let framed = false;
let touchedAt = -Infinity;

// Curves of rows that nobody sees are not drawn; a browser that does not tell has all of them drawn.
const tells = "ContentVisibilityAutoStateChangeEvent" in globalThis;

function onSight({ target, skipped }) {
  const { row } = target;
  if (!row) return;
  row.visible = !skipped;
  if (row.visible && row.stale) want(row.name);
}

function makeRow(name) {
  const node = byId("row").content.firstElementChild.cloneNode(true);
  const at = (selector) => node.querySelector(selector);
  const row = {
    name, node, visible: !tells, stale: true, link: at(".name"), level: at(".c-health b"), levelWord: at(".c-health .sr"),
    shape: at(".c-health path"), kind: at(".kind"), reason: at(".reason"), spark: [at(".all"), at(".bad")],
    sparkWords: at(".c-spark .sr"), traffic: at(".c-traffic b"), flight: at(".c-traffic small"), success: at(".c-success b"),
    actual: at(".c-success small"), quantiles: [...at(".c-latency").children], retry: at(".c-retry b"),
    refused: at(".c-retry small"), pill: at(".pill"), pillShape: at(".pill path"), state: at(".pill span"),
    parts: at(".c-breaker small"), budget: at(".c-budget span"), budgetGauge: at(".c-budget .gauge"),
    bulkhead: at(".c-bulkhead span"), bulkheadGauge: at(".c-bulkhead .gauge"),
  };
  node.row = row;
  row.link.textContent = shown(name);
  row.link.href = `#/services/${encodeURIComponent(name)}`;
  rows.set(name, row);
  return row;
}

function gauge(node, share, kind) {
  const full = Math.min(Math.max(share, 0), 1);
  const width = `${(full * 100).toFixed(0)}%`;
  if (node.firstElementChild.style.width !== width) node.firstElementChild.style.width = width;
  setAttr(node, "data-level", kind === "budget" ? (full < 0.1 ? "trouble" : full < 0.4 ? "strained" : "fine") : full >= 1 ? "trouble" : full > 0.8 ? "strained" : "fine");
}

const judged = (share) => (share === null || share === undefined ? "none" : share < 0.95 ? "trouble" : share < 0.99 ? "strained" : "fine");

function updateRow(row) {
  const service = store.services.get(row.name);
  if (!service) return;
  const window = windowOf(service);
  const at = level(service);
  setAttr(row.node, "data-level", at);
  setAttr(row.shape, "d", SHAPES[at]);
  setText(row.level, at === "idle" ? unknown : String(service.health.score));
  setText(row.levelWord, at === "idle" ? ` ${LEVEL_WORDS.idle}` : ` of 100, ${LEVEL_WORDS[at]}`);
  setText(row.kind, words(service.kind));
  const reasons = service.health.reasons ?? [];
  setText(row.reason, reasons.length > 1 ? `${reasons[0]} +${reasons.length - 1}` : reasons[0] ?? "");
  setAttr(row.reason, "title", reasons.join("\n"));
  setText(row.sparkWords, sparkWords(service.sparkline));
  setText(row.traffic, window ? rate(window.calls_per_second) : unknown);
  setText(row.flight, service.calls.in_flight > 0 ? `${count(service.calls.in_flight)} in flight` : "");
  setText(row.success, percent(window?.success_rate));
  setAttr(row.success, "data-level", judged(window?.success_rate));
  setText(row.actual, window?.attempt_success_rate === null || !window ? "" : `actual ${percent(window.attempt_success_rate)}`);
  ["p50_us", "p95_us", "p99_us"].forEach((key, n) => setText(row.quantiles[n], time(window?.[key])));
  setText(row.retry, percent(window?.retry_rate, false));
  setAttr(row.retry, "data-level", window?.retry_rate > 0.2 ? "strained" : "none");
  setText(row.refused, window?.retries_refused > 0 ? `${count(window.retries_refused)} refused` : "");
  const state = stateOf(service.breaker);
  setAttr(row.pill, "data-state", state);
  setAttr(row.pillShape, "d", SHAPES[state]);
  const rest = service.breaker.retry_after_us;
  setText(row.state, STATE_WORDS[state] + (state === "open" && rest ? ` ${span(rest / 1e6)}` : ""));
  setText(row.parts, partitionWords(service.partitions));
  const { budget, bulkhead } = service;
  setText(row.budget, budget ? `${three(budget.tokens)} of ${count(budget.capacity)}` : "off");
  row.budgetGauge.hidden = !budget;
  if (budget) gauge(row.budgetGauge, budget.tokens / (budget.capacity || 1), "budget");
  setText(row.bulkhead, bulkhead ? `${bulkhead.in_flight} of ${bulkhead.limit}${bulkhead.queue_depth ? `, ${count(bulkhead.queue_depth)} wait` : ""}` : "off");
  row.bulkheadGauge.hidden = !bulkhead;
  if (bulkhead) gauge(row.bulkheadGauge, bulkhead.in_flight / (bulkhead.limit || 1), "bulkhead");
  row.stale = !row.visible;
  if (row.visible) drawSpark(row.spark, service.sparkline ?? [], 120, 32);
}

function partitionWords(partitions) {
  if (!partitions?.total) return "";
  const open = (partitions.by_state.open ?? 0) + (partitions.by_state.forced_open ?? 0);
  return open > 0 ? `${open} of ${partitions.total} partitions open` : `${partitions.total} partitions`;
}

function want(name) {
  dirty.add(name);
  if (!framed) {
    framed = true;
    requestAnimationFrame(frame);
  }
}

/** As many rows as fit beside scrolling; what is seen goes first, the rest in the frames after. */
function frame() {
  framed = false;
  const until = performance.now() + 7;
  const inSight = (name) => rows.get(name)?.visible;
  const order = [...dirty].sort((a, b) => (inSight(b) ? 1 : 0) - (inSight(a) ? 1 : 0));
  for (const name of order) {
    dirty.delete(name);
    const row = rows.get(name);
    if (row) updateRow(row);
    if (performance.now() > until) break;
  }
  if (dirty.size > 0) want(dirty.values().next().value);
}

function compare(a, b) {
  const key = COLUMNS.find(([id]) => id === view.sort)[3];
  const [one, other] = [key(a), key(b)];
  for (let at = 0; at < one.length; at += 1) {
    if (one[at] < other[at]) return -view.direction;
    if (one[at] > other[at]) return view.direction;
  }
  return a.name < b.name ? -1 : a.name > b.name ? 1 : 0;
}

/** Puts rows in order by moving only those that stand wrong. Not under somebody's hand, unless they asked for it. */
function arrange(asked = false) {
  const body = byId("rows");
  if (!asked && performance.now() - touchedAt < 4000) return;
  const focused = body.contains(document.activeElement) ? document.activeElement : null;
  let next = body.firstElementChild;
  for (const service of [...store.services.values()].sort(compare)) {
    const { node } = rows.get(service.name) ?? makeRow(service.name);
    if (node === next) next = next.nextElementSibling;
    else body.insertBefore(node, next);
  }
  if (focused && document.activeElement !== focused) focused.focus({ preventScroll: true });
}

function sift() {
  const terms = view.filter.toLowerCase().split(/\s+/).filter(Boolean);
  const numbers = { trouble: 0, strained: 0, fine: 0, idle: 0 };
  let seen = 0;
  for (const service of store.services.values()) {
    const at = level(service);
    numbers[at] += 1;
    const text = [service.name, shown(service.name), service.kind, service.service_type, service.template, LEVEL_WORDS[at],
      STATE_WORDS[stateOf(service.breaker)], ...(service.health.reasons ?? [])].join("\n").toLowerCase();
    const hide = (view.levels.size > 0 && !view.levels.has(at)) || !terms.every((term) => text.includes(term));
    const row = rows.get(service.name);
    if (row && row.node.hidden !== hide) row.node.hidden = hide;
    if (!hide) seen += 1;
  }
  for (const at of LEVELS) {
    setText(byId(`level-${at}`).lastElementChild, String(numbers[at]));
    setText(byId(`level-${at}`).children[1], LEVEL_WORDS[at]);
  }
  const empty = byId("empty");
  empty.hidden = seen > 0 || (!store.loaded && feed.state === "connecting");
  setText(empty, store.services.size > 0 ? "No service is like that." : store.loaded ? "No service has been named yet: the first call of an annotated function does that." : "");
  byId("table").hidden = seen === 0;
  return seen;
}

function setSort(id) {
  view.direction = view.sort === id ? -view.direction : COLUMNS.find(([other]) => other === id)[2];
  view.sort = id;
  showSort();
  arrange(true);
}

function showSort() {
  for (const head of byId("head").children) {
    setAttr(head, "aria-sort", head.dataset.id === view.sort ? (view.direction > 0 ? "ascending" : "descending") : null);
  }
}

function refreshList(changed, gone, asked = false) {
  gone.forEach((name) => {
    const row = rows.get(name);
    row?.node.remove();
    rows.delete(name);
  });
  arrange(asked || rows.size < store.services.size);
  changed.forEach(want);
  return sift();
}

function buildList() {
  for (const [id, text, , key] of COLUMNS) {
    const head = el("div", { role: "columnheader", class: `c-${id}`, "data-id": id }, key ? el("button", { type: "button" }, text) : el("span", {}, text));
    if (key) head.firstChild.addEventListener("click", () => setSort(id));
    byId("head").append(head);
  }
  showSort();
  for (const at of LEVELS) {
    const chip = el("button", { type: "button", id: `level-${at}`, class: "chip", "aria-pressed": "false", "data-level": at },
      svg("svg", { class: "shape", viewBox: "0 0 16 16", "aria-hidden": "true" }, svg("path", { d: SHAPES[at] })), el("span", {}, LEVEL_WORDS[at]), el("b", {}, "0"));
    chip.addEventListener("click", () => {
      if (!view.levels.delete(at)) view.levels.add(at);
      setAttr(chip, "aria-pressed", view.levels.has(at) ? "true" : "false");
      announce(`${sift()} services shown`);
    });
    byId("levels").append(chip);
  }
  for (const [id, text] of Object.entries(SPANS)) {
    const chip = el("button", { type: "button", class: "chip", "aria-pressed": String(view.span === id), "data-span": id }, text);
    chip.addEventListener("click", () => {
      view.span = id;
      for (const other of byId("spans").children) setAttr(other, "aria-pressed", String(other === chip));
      refreshList(store.services.keys(), [], true);
      if (open.name !== null) refreshDetail();
    });
    byId("spans").append(chip);
  }
  byId("filter").addEventListener("input", (event) => {
    view.filter = event.target.value;
    announceSoon(() => `${sift()} services shown`);
    sift();
  });
  const body = byId("rows");
  body.addEventListener("contentvisibilityautostatechange", onSight, true);
  const touched = () => { touchedAt = performance.now(); };
  ["pointermove", "pointerdown", "keydown"].forEach((sort) => body.addEventListener(sort, touched, { passive: true }));
  body.addEventListener("click", (event) => {
    const node = event.target.closest(".row");
    if (node && !event.target.closest("a") && getSelection().isCollapsed) location.hash = node.row.link.hash;
  });
  body.addEventListener("keydown", (event) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (!step) return;
    const links = [...body.children].filter((node) => !node.hidden).map((node) => node.row.link);
    const to = links[links.indexOf(document.activeElement) + step];
    if (to) { to.focus(); event.preventDefault(); }
  });
}
