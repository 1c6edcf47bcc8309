// The parts are put together: which page is shown, what is said aloud, what stands at the top. Starts it all.

const said = { waiting: [], timer: null, soon: null, levels: new Map(), states: new Map() };

/** For state changes only: numbers that change each second would never let a reader finish. */
function announce(text) {
  said.waiting.push(text);
  said.timer ??= setTimeout(() => {
    const [first, second, third, ...more] = said.waiting;
    byId("announcer").textContent = [first, second, third, more.length > 0 ? `and ${more.length} more` : null].filter(Boolean).join("; ");
    said.waiting = [];
    said.timer = null;
  }, 400);
}

function announceSoon(text) {
  clearTimeout(said.soon);
  said.soon = setTimeout(() => announce(text()), 700);
}

function announceChanges(changed) {
  for (const name of changed) {
    const service = store.services.get(name);
    const [at, state] = [level(service), stateOf(service.breaker)];
    const [was, stood] = [said.levels.get(name), said.states.get(name)];
    if (stood !== undefined && stood !== state) announce(`${shown(name)}: breaker ${STATE_WORDS[state]}`);
    else if (was !== undefined && was !== at && (was === "trouble" || at === "trouble")) announce(`${shown(name)} is ${LEVEL_WORDS[at]}`);
    said.levels.set(name, at);
    said.states.set(name, state);
  }
}

const LINKS = { connecting: "connecting", live: "live", polling: "polling every 2 s", refused: "not let in", away: "server away" };

function showLink() {
  const node = byId("link");
  const state = feed.state;
  if (node.dataset.state !== state) {
    if (state === "away" || (node.dataset.state === "away")) announce(state === "away" ? "The server does not answer" : "The server is back");
    node.dataset.state = state;
  }
  const old = store.loaded && state === "away" ? `, data of ${span((Date.now() - feed.since) / 1000)} ago` : "";
  setText(byId("link-text"), LINKS[state] + old);
  document.documentElement.classList.toggle("stale", state === "away" || state === "refused");
  showNotices();
}

function showNotices() {
  const { process } = store;
  const list = [];
  if (feed.state === "refused") list.push(["trouble", `The server refuses: ${feed.reason}. Open this page with ?token= and the operator token.`]);
  if (feed.state === "away") list.push(["trouble", store.loaded ? "The server does not answer. What stands here is its last word; the page comes back by itself." : `Nothing known yet: ${feed.reason ?? ""}. The page tries again.`]);
  if (process.last_reload_refused) list.push(["strained", "The last reload was refused: an older configuration is in force than the file says."]);
  if (process.statistics_off_by) list.push(["strained", `Statistics are off by ${process.statistics_off_by}: what calls do is not known here. Breakers, budgets and bulkheads are.`]);
  if (process.shedding > 0) list.push(["strained", `Load is shed: calls of priority ${process.shedding_level} and below are rejected.`]);
  for (const one of process.stores ?? []) if (!one.up) list.push(["strained", `The store of idempotency keys, ${shown(one.store)}, does not answer.`]);
  if (process.overrides_active > 0) list.push(["idle", `${process.overrides_active} run-time override${process.overrides_active > 1 ? "s" : ""} or forced breaker${process.overrides_active > 1 ? "s" : ""} in force.`]);
  if (process.findings > 0) list.push(["idle", `${process.findings} setting${process.findings > 1 ? "s have" : " has"} no effect where written: see remarks in the configuration.`]);
  byId("notices").hidden = list.length === 0;
  const node = byId("notices").firstElementChild;
  while (node.children.length > list.length) node.lastChild.remove();
  list.forEach(([at, text], n) => {
    if (!node.children[n]) node.append(el("li", {}, svg("svg", { class: "shape", viewBox: "0 0 16 16", "aria-hidden": "true" }, svg("path")), el("span")));
    const item = node.children[n];
    setAttr(item, "data-level", at);
    setAttr(item.querySelector("path"), "d", SHAPES[at]);
    setText(item.lastChild, text);
  });
}

function showFacts() {
  const { process } = store;
  const facts = [["up", span((process.uptime_us ?? 0) / 1e6)], ["process", String(process.pid ?? unknown)], ["version", process.version ?? unknown],
    ["retries in flight", `${process.retries_in_flight ?? 0} of ${count(process.retries_in_flight_limit ?? 0)}`],
    ["configuration", process.config_applied_at_ms ? moment(process.config_applied_at_ms) : "none"]];
  const node = byId("facts");
  facts.forEach(([name, value], n) => {
    if (!node.children[n]) node.append(el("div", {}, el("dt", {}, name), el("dd")));
    setText(node.children[n].lastChild, value);
  });
}

const ICONS = { trouble: "%23d6362b", strained: "%23d08a00", fine: "%232a9d5f" };

/** The tab says it, too: it is seen more often than the page. */
function showTab() {
  const levels = [...store.services.values()].map(level);
  const bad = levels.filter((at) => at === "trouble").length;
  const worst = bad > 0 ? "trouble" : levels.includes("strained") ? "strained" : "fine";
  const title = `${bad > 0 ? `(${bad}) ` : ""}${open.name !== null ? shown(open.name) : "Services"} · resilience`;
  if (document.title !== title) document.title = title;
  const d = SHAPES[worst];
  setAttr(byId("icon"), "href", `data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 16 16'%3E%3Cpath fill='${ICONS[worst]}' d='${d}'/%3E%3C/svg%3E`);
}

function route() {
  const match = /^#\/services\/(.+)$/.exec(location.hash);
  let name = null;
  try {
    name = match ? decodeURIComponent(match[1]) : null;
  } catch {
    // An address that somebody cut short.
  }
  const before = open.name;
  if (name === before) return;
  if (byId("ask").open) byId("ask").close();
  closeDetail();
  byId("list").hidden = name !== null;
  byId("detail").hidden = name === null;
  if (name !== null) {
    if (before === null) said.scroll = scrollY;
    openDetail(name);
    scrollTo(0, 0);
    byId("detail-title").focus({ preventScroll: true });
  } else {
    byId("detail").replaceChildren();
    scrollTo(0, said.scroll ?? 0);
    (rows.get(before)?.link ?? byId("list-title")).focus({ preventScroll: true });
  }
  showTab();
}

const THEMES = { system: "light dark", light: "light", dark: "dark" };

function setTheme(theme) {
  document.documentElement.style.colorScheme = THEMES[theme];
  setText(byId("theme"), `Theme: ${theme}`);
  byId("theme").dataset.theme = theme;
  if (theme === "system") localStorage.removeItem("resilience-theme");
  else localStorage.setItem("resilience-theme", theme);
}

function bindKeys() {
  addEventListener("keydown", (event) => {
    const typing = /^(INPUT|TEXTAREA|SELECT)$/.test(document.activeElement?.tagName ?? "");
    if (event.ctrlKey || event.metaKey || event.altKey || byId("ask").open) return;
    if (event.key === "/" && !typing) {
      event.preventDefault();
      // At once: the next key is already meant for the filter.
      if (open.name !== null) {
        location.hash = "#/";
        route();
      }
      byId("filter").focus();
    } else if (event.key === "Escape" && open.name !== null && !typing) location.hash = "#/";
  });
  byId("skip").addEventListener("click", (event) => {
    event.preventDefault();
    byId("main").focus();
  });
}

const stored = localStorage.getItem("resilience-theme");
setTheme(Object.hasOwn(THEMES, stored ?? "") ? stored : "system");
byId("theme").addEventListener("click", () => {
  const names = Object.keys(THEMES);
  setTheme(names[(names.indexOf(byId("theme").dataset.theme) + 1) % names.length]);
});
buildList();
bindKeys();
addEventListener("hashchange", route);
listeners.link.push(showLink);
listeners.event.push(() => { if (open.data) showEvents(open.parts); });
listeners.data.push((changed, gone) => {
  announceChanges(changed);
  refreshList(changed, gone);
  refreshDetail();
  if (open.parts) showActs(open.parts.acts);
  showFacts();
  showNotices();
  showTab();
});
showLink();
route();
start();
