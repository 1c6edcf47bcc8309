// Drives the dashboard in a real browser: what an operator does, in each state looked at by axe. Without an address it
// brings the stand-in of the server up and down; with one, it does what can be done with any server that has services.
// Usage: node page.mjs MODULES [ADDRESS [TOKEN]]
// MODULES is where playwright-core and axe-core are installed; screenshots go to the folder `shots` beside them.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { mkdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";

const modules = process.argv[2];
const require = createRequire(`${modules}/`);
const { chromium } = require("playwright-core");
const axe = readFileSync(require.resolve("axe-core/axe.min.js"), "utf8");
const shots = `${modules}/shots`;
mkdirSync(shots, { recursive: true });

const TOKEN = "a token of the test";
const TROUBLED = 'claude "api" <script>\n';
const started = new Set();
process.on("exit", () => started.forEach((child) => child.kill("SIGKILL")));

async function serve(port, services) {
  const child = spawn(process.execPath, [fileURLToPath(new URL("mock.mjs", import.meta.url)), String(port), String(services), TOKEN], { stdio: ["ignore", "pipe", "inherit"] });
  started.add(child);
  child.on("exit", () => started.delete(child));
  const line = await new Promise((done, fail) => {
    child.stdout.once("data", (data) => done(String(data)));
    child.once("exit", () => fail(new Error("the server ended")));
  });
  const address = /http:\S+/.exec(line)[0];
  return { address, port: Number(new URL(address).port), stop: (signal = "SIGKILL") => new Promise((done) => { child.once("exit", done); child.kill(signal); }) };
}

const browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium", args: ["--no-sandbox"] });
let passed = 0;

/** A page whose console must stay silent; `lax` is for the time in which the server is away, which browsers write down. */
async function visit(options = {}) {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, reducedMotion: "reduce", ...options });
  const page = await context.newPage();
  page.faults = [];
  page.on("console", (message) => {
    if (!["error", "warning"].includes(message.type())) return;
    if (page.lax && /net::ERR_/.test(message.text())) return;
    page.faults.push(message.text());
  });
  page.on("pageerror", (error) => page.faults.push(String(error.stack)));
  page.on("request", (request) => { if (!/^(http:\/\/127\.0\.0\.1:|data:)/.test(request.url())) page.faults.push(`asks for ${request.url()}`); });
  return page;
}

async function look(page, name) {
  await page.screenshot({ path: `${shots}/${name}.png`, fullPage: name.includes("service") });
  // By the debugger's way, for which the policy of the page makes an exception.
  await page.evaluate(axe);
  const { violations } = await page.evaluate(() => globalThis.axe.run(document, { resultTypes: ["violations"] }));
  const serious = violations.filter(({ impact }) => ["serious", "critical"].includes(impact));
  assert.deepEqual(serious.map(({ id, nodes }) => [id, nodes[0].html, nodes[0].failureSummary]), [], `axe finds faults in ${name}`);
}

async function check(name, run, options) {
  const page = await visit(options);
  try {
    await run(page);
    assert.deepEqual(page.faults, [], "the console is silent");
    assert.equal(await page.evaluate(() => window.__owned), undefined, "a name is no code");
  } catch (error) {
    console.error(`FAILED: ${name}`);
    await page.screenshot({ path: `${shots}/failed.png` });
    throw error;
  }
  passed += 1;
  console.log(`ok: ${name}`);
  await page.context().close();
}

const row = (page, name) => page.locator(`#rows .row:has(a[href="#/services/${encodeURIComponent(name).replaceAll("'", "\\'")}"])`);
const names = (page) => page.locator("#rows .row:not([hidden]) .name").allTextContents();
const ready = async (page, address, path = "/") => {
  await page.goto(address + path);
  await page.locator('#link[data-state="live"]').waitFor();
};
const order = (address, name, state) => fetch(`${address}/test/breaker?${new URLSearchParams({ name, state })}`);

/** What holds for every server; with a token also that an action is seen at once. */
async function anyServer(address, token) {
  for (const [name, options] of [["any-light", {}], ["any-dark", { colorScheme: "dark" }], ["any-phone", { viewport: { width: 390, height: 844 } }]]) {
    await check(`${name}: list and page of the first service`, async (page) => {
      await ready(page, address, token ? `/?token=${encodeURIComponent(token)}` : "/");
      const link = page.locator("#rows .name").first();
      await link.waitFor();
      await look(page, `list-${name}`);
      await link.focus();
      await page.keyboard.press("Enter");
      await page.locator("#detail > .card:last-child tbody tr").first().waitFor();
      await page.locator("#detail .latency, #detail .timeline").first().waitFor();
      await look(page, `service-${name}`);
      await page.keyboard.press("Escape");
      await page.locator("#filter").fill("no such thing");
      await page.locator("#empty", { hasText: "No service is like that." }).waitFor();
    }, options);
  }
  if (!token) return;
  await check("a breaker that is forced open is seen within a second", async (page) => {
    await ready(page, address);
    const [service] = (await (await fetch(`${address}/api/dashboard`, { headers: { Authorization: `Bearer ${token}` } })).json()).services.filter((one) => one.breaker.on && one.breaker.state === "closed");
    const force = (action) => fetch(`${address}/api/services/${encodeURIComponent(service.name)}/breaker`, { method: "POST",
      headers: { Authorization: `Bearer ${token}`, "Content-Type": "application/json" }, body: JSON.stringify({ action, lifetime_seconds: 60 }) });
    // The shortest of three: what else this machine does is not the matter here.
    const times = [];
    for (let round = 0; round < 3; round += 1) {
      const begun = Date.now();
      assert.ok((await force("force_open")).ok);
      await row(page, service.name).locator('.pill[data-state="forced_open"]').waitFor();
      times.push(Date.now() - begun);
      assert.ok((await force("reset")).ok);
      await row(page, service.name).locator('.pill[data-state="closed"]').waitFor();
    }
    assert.ok(Math.min(...times) < 1000, `took ${times} ms`);
  });
}

if (process.argv[3]) {
  await anyServer(process.argv[3].replace(/\/$/, ""), process.argv[4]);
  await browser.close();
  console.log(`${passed} passed, 0 failed`);
  process.exit(0);
}

const server = await serve(0, 30);
const { address } = server;
await check("services are sorted by trouble, and rows say what is wrong", async (page) => {
  await ready(page, address);
  assert.equal((await names(page))[0], 'claude "api" <script>\\n');
  const first = await row(page, TROUBLED).innerText();
  for (const text of ["20", "breaker open", "77.0", "actual 54.0", "380", "1.60", "4.10", "25.0", "open", "2 of 3 partitions open", "1.50 of 10", "4 of 8, 2 wait"]) assert.ok(first.includes(text), `${text} in ${first}`);
  assert.ok((await row(page, TROUBLED).locator(".spark .bad").getAttribute("d")).length > 50);
  await look(page, "list");
});

await check("a breaker that opens is seen within a second, where it stands, and is said aloud", async (page) => {
  await ready(page, address);
  const payments = row(page, "payments");
  await payments.evaluate((node) => { node.mark = "same"; });
  // From the order on: the tick of the server is a second of it at most.
  const times = [];
  for (const state of ["open", "closed", "open"]) {
    await page.evaluate((wanted) => {
      const pill = [...document.querySelectorAll("#rows .row")].find((node) => node.querySelector(".name").textContent === "payments").querySelector(".pill");
      globalThis.seen = new Promise((done) => { new MutationObserver((_, all) => { if (pill.dataset.state === wanted) { all.disconnect(); done(performance.timeOrigin + performance.now()); } }).observe(pill, { attributes: true }); });
    }, state);
    const begun = Date.now();
    await order(address, "payments", state);
    times.push(await page.evaluate(() => globalThis.seen) - begun);
  }
  assert.ok(Math.min(...times) < 1000, `took ${times} ms`);
  assert.equal(await payments.evaluate((node) => node.mark), "same", "the row is the same element");
  await page.waitForFunction(() => document.getElementById("announcer").textContent.includes("payments: breaker open"));
  assert.ok((await names(page)).indexOf("payments") < 2, "it has come to the top");
  assert.match(await page.title(), /^\(2\)/);
  await look(page, "list-open");
});

await check("the page of a service has drawings with tables, settings with their origin, and is reached by its address", async (page) => {
  await ready(page, address);
  await row(page, TROUBLED).locator(".name").click();
  await page.locator("#detail td", { hasText: "resilience.toml:12" }).waitFor();
  assert.equal(await page.evaluate(() => document.activeElement.id), "detail-title");
  const text = await page.locator("#detail").innerText();
  for (const part of ["Overloaded", "529", "tenant-1", "18 of 20", "shop::assistant::answer", "hides 3 (template ai_service)", "breaker.min_calls"]) assert.ok(text.includes(part), part);
  assert.ok(await page.locator(".drawing.latency .bars").count() === 1 && await page.locator(".drawing.timeline .state.open").count() >= 2);
  assert.equal(await page.locator("#detail details table").count(), 3, "each drawing has a table");
  for (const summary of await page.locator("#detail summary").all()) await summary.click();
  assert.equal(await page.locator("#detail details tr", { hasText: "half-open" }).count(), 2);
  await look(page, "service");
  const scrolled = page.locator("#detail .flow tbody tr").first();
  await scrolled.evaluate((node) => { node.mark = "same"; });
  await page.waitForTimeout(2500);
  assert.equal(await scrolled.evaluate((node) => node.mark), "same", "tables keep their rows");
  await page.reload();
  await page.locator("#detail td", { hasText: "resilience.toml:12" }).waitFor();
  await page.keyboard.press("Escape");
  await page.locator("#list").waitFor();
});

await check("the filter, the chips and the keyboard lead to a service", async (page) => {
  await ready(page, address);
  await page.keyboard.press("/");
  await page.keyboard.type("postgres dat");
  await page.waitForFunction(() => document.querySelectorAll("#rows .row:not([hidden])").length === 1);
  assert.deepEqual(await names(page), ["postgres_orders"]);
  await page.waitForFunction(() => document.getElementById("announcer").textContent.includes("1 services shown"));
  await page.locator("#filter").fill("no such thing");
  await page.locator("#empty", { hasText: "No service is like that." }).waitFor();
  await look(page, "list-nothing");
  await page.locator("#filter").fill("");
  await page.locator("#level-strained").click();
  assert.ok((await names(page)).length >= 4 && !(await names(page)).includes("postgres_orders"));
  await page.locator("#level-strained").click();
  // To the header by keys, and sorted by them.
  await page.locator("#filter").focus();
  for (let at = 0; at < 2; at += 1) await page.keyboard.press("Tab");
  assert.equal(await page.evaluate(() => document.activeElement.textContent), "service");
  await page.keyboard.press("Enter");
  const sorted = () => page.locator("#head [aria-sort]").evaluateAll((heads) => heads.map((head) => [head.dataset.id, head.getAttribute("aria-sort")]));
  assert.deepEqual(await sorted(), [["name", "ascending"]]);
  const up = await names(page);
  await page.keyboard.press("Space");
  assert.deepEqual(await sorted(), [["name", "descending"]]);
  assert.deepEqual(await names(page), [...up].reverse());
  await page.locator("#rows .name").nth(2).focus();
  await page.keyboard.press("ArrowDown");
  const wanted = (await names(page))[3];
  assert.equal(await page.evaluate(() => document.activeElement.textContent), wanted);
  await page.keyboard.press("Enter");
  await page.locator("#detail-title", { hasText: wanted }).waitFor();
  await page.keyboard.press("Escape");
  await page.waitForFunction((text) => document.activeElement.textContent === text, wanted);
});

await check("names stay names", async (page) => {
  await ready(page, address);
  const all = await names(page);
  for (const name of ["two\\nlines", "esc\\u{1b}[31mred", "right\\u{202e}to left", "<script>window.__owned = true</script>", "quote\" and 'apostrophe'", "  spaces  "]) assert.ok(all.includes(name), name);
  for (const name of ["right\u202eto left", "two\nlines", "slash/percent%2F?query#hash", "<script>window.__owned = true</script>"]) {
    await page.goto(`${address}/#/services/${encodeURIComponent(name)}`);
    await page.locator("#detail td", { hasText: "resilience.toml:12" }).waitFor();
    assert.equal(await page.locator("#detail .error:visible").count(), 0);
  }
  await look(page, "service-script");
  await page.goto(`${address}/#/services/nobody`);
  await page.locator("#detail .error", { hasText: "no service of this name" }).waitFor();
  assert.equal(await page.locator("#detail .card:visible, #detail .acts:visible").count(), 0);
  await look(page, "service-nobody");
  page.faults = page.faults.filter((fault) => !fault.includes("404"));
});

await check("actions need the token, a confirmation and a lifetime", async (page) => {
  await ready(page, address, `/#/services/${encodeURIComponent("search")}`);
  const force = page.getByRole("button", { name: "Force open" });
  await force.waitFor();
  assert.equal(await force.getAttribute("aria-disabled"), "true");
  await force.focus();
  await page.keyboard.press("Enter");
  await page.waitForFunction(() => document.getElementById("announcer").textContent.includes("?token="));
  assert.equal(await page.locator("dialog[open]").count(), 0);
  await page.goto("about:blank");
  await ready(page, address, `/?token=${encodeURIComponent(TOKEN)}#/services/search`);
  assert.ok(!page.url().includes("token"), page.url());
  await page.locator('[data-act="force_open"]:not([aria-disabled])').click();
  await page.locator("dialog[open]").waitFor();
  assert.equal(await page.locator("#lifetime").inputValue(), "3600");
  await look(page, "confirm");
  await page.locator("#lifetime").selectOption("900");
  await page.locator("dialog .danger").click();
  await page.locator("#detail .words", { hasText: "forced open" }).waitFor();
  await page.locator("#detail td", { hasText: "closed → forced open" }).waitFor();
  await page.locator('[data-act="override"]').click();
  await page.locator("#patch").fill("max_attempts = 0");
  await page.locator("dialog .danger").click();
  await page.locator("dialog .error", { hasText: "has to be at least 1" }).waitFor();
  page.faults = page.faults.filter((fault) => !fault.includes("400"));
  await page.locator("#patch").fill("max_attempts = 2\nbreaker.min_calls = 50\nbase_delay = \"2s\"");
  await page.locator("dialog .danger").click();
  await page.waitForFunction(() => !document.querySelector("dialog[open]"));
  assert.equal(await page.evaluate(() => document.activeElement.dataset.act), "override", "the focus returns");
  const asked = await (await fetch(`${address}/test/asked`)).json();
  assert.deepEqual(asked, [
    { method: "POST", name: "search", what: "breaker", said: { action: "force_open", lifetime_seconds: 900 } },
    { method: "POST", name: "search", what: "override", said: { patch: { max_attempts: 0 }, lifetime_seconds: 3600 } },
    { method: "POST", name: "search", what: "override", said: { patch: { max_attempts: 2, breaker: { min_calls: 50 }, base_delay: "2s" }, lifetime_seconds: 3600 } },
  ]);
});

for (const [name, options] of [["dark", { colorScheme: "dark" }], ["phone", { viewport: { width: 390, height: 844 }, hasTouch: true }], ["phone-dark", { viewport: { width: 390, height: 844 }, colorScheme: "dark" }], ["tablet", { viewport: { width: 900, height: 900 } }]]) {
  await check(`${name}: all is there, nothing sticks out`, async (page) => {
    await ready(page, address);
    const fits = () => page.evaluate(() => document.documentElement.scrollWidth <= document.documentElement.clientWidth);
    assert.ok(await fits(), "no sideways scrolling");
    if (options.colorScheme) assert.ok(await page.evaluate(() => parseInt(/\d+/.exec(getComputedStyle(document.documentElement).backgroundColor)[0], 10) < 40));
    await look(page, `list-${name}`);
    await row(page, TROUBLED).locator(".name").click();
    await page.locator("#detail td", { hasText: "resilience.toml:12" }).waitFor();
    assert.ok(await fits(), "no sideways scrolling on the page of a service");
    await look(page, `service-${name}`);
  }, options);
}

for (const signal of ["SIGKILL", "SIGTERM"]) {
  await check(`the page outlives a server that ends by ${signal}`, async (page) => {
    const own = await serve(0, 12);
    await ready(page, own.address);
    page.lax = true;
    await own.stop(signal);
    await page.locator('#link[data-state="away"]').waitFor({ timeout: 10_000 });
    assert.equal((await names(page)).length, 12, "what is known stays");
    await page.locator("#notices", { hasText: "does not answer" }).waitFor();
    await look(page, `list-away-${signal.toLowerCase()}`);
    const back = await serve(own.port, 14);
    await page.locator('#link[data-state="live"]').waitFor({ timeout: 20_000 });
    await page.waitForFunction(() => document.querySelectorAll("#rows .row").length === 14);
    page.lax = false;
    await order(back.address, "search", "open");
    await row(page, "search").locator('.pill[data-state="open"]').waitFor({ timeout: 3000 });
    page.lax = true;
    await back.stop();
  });
}

{
  const own = await serve(0, 12);
  await anyServer(own.address, TOKEN);
  await own.stop();
}

await check("without a stream the page polls", async (page) => {
  page.lax = true;
  await page.route("**/api/events", (route) => route.abort());
  await page.goto(address);
  await page.locator('#link[data-state="polling"]').waitFor();
  await order(address, "email", "open");
  await row(page, "email").locator('.pill[data-state="open"]').waitFor({ timeout: 4000 });
  await look(page, "list-polling");
  await page.unroute("**/api/events");
  await page.locator('#link[data-state="live"]').waitFor({ timeout: 25_000 });
});

await check("500 services scroll for 10 s, and no task keeps the page for 100 ms", async (page) => {
  const many = await serve(0, 500);
  await ready(page, many.address);
  await page.waitForFunction(() => document.querySelectorAll("#rows .row").length === 500);
  await page.waitForTimeout(1500);
  await browser.startTracing(page, { categories: ["devtools.timeline", "disabled-by-default-devtools.timeline"] });
  await page.mouse.move(700, 500);
  for (let at = 0; at < 100; at += 1) {
    await page.mouse.wheel(0, at < 60 ? 400 : -700);
    await page.waitForTimeout(100);
  }
  const { traceEvents } = JSON.parse(String(await browser.stopTracing()));
  const main = traceEvents.filter((event) => event.name === "thread_name" && event.args.name === "CrRendererMain").map((event) => `${event.pid} ${event.tid}`);
  const tasks = traceEvents.filter((event) => event.name === "RunTask" && event.ph === "X" && main.includes(`${event.pid} ${event.tid}`));
  assert.ok(tasks.length > 500, `${tasks.length} tasks are in the trace`);
  // Judged by the time that the thread had: beside other work on the same machine the clock says how long it had none. Half
  // of the 100 ms leaves room for slower machines.
  const longest = (key) => Math.max(...tasks.map((event) => event[key])) / 1000;
  console.log(`   the longest of ${tasks.length} tasks: ${longest("tdur").toFixed(0)} ms of the processor, ${longest("dur").toFixed(0)} ms by the clock`);
  assert.ok(longest("tdur") <= 50, `a task took ${longest("tdur")} ms`);
  await page.evaluate(() => scrollTo(0, 9000));
  await page.waitForTimeout(500);
  assert.ok(await page.evaluate(() => [...document.querySelectorAll("#rows .row")].filter((node) => { const { top } = node.getBoundingClientRect(); return top > 100 && top < 800; })
    .every((node) => node.querySelector(".all").getAttribute("d"))), "curves in sight are drawn");
  await look(page, "list-500");
  page.lax = true;
  await many.stop();
});

await browser.close();
await server.stop();
console.log(`${passed} passed, 0 failed`);
