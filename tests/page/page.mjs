// Drives the dashboard in a real browser: what an operator does, in each state looked at by axe. It brings the stand-in of the
// server up and down. Usage: node page.mjs MODULES
import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";

import { any } from "./any.mjs";
import { check, delays, finish, look, names, ready, row, run, scroll, seenLive, watch } from "./browser.mjs";

const TOKEN = "a token of the test";
const TROUBLED = 'claude "api" <script>\n';

const serve = (port, services) => run(process.execPath, [fileURLToPath(new URL("mock.mjs", import.meta.url)), String(port), String(services), TOKEN]);
const order = (address, name, state) => fetch(`${address}/test/breaker?${new URLSearchParams({ name, state })}`);

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
  await watch(page, ["payments"]);
  for (const state of ["open", "closed", "open", "closed", "open"]) {
    await order(address, "payments", state);
    await payments.locator(`.pill[data-state="${state}"]`).waitFor();
  }
  seenLive(await delays(page, address, "payments"));
  assert.equal(await payments.evaluate((node) => node.mark), "same", "the row is the same element");
  await page.waitForFunction(() => document.getElementById("announcer").textContent.includes("payments: breaker open"));
  assert.ok((await names(page)).indexOf("payments") < 2, "it has come to the top");
  assert.match(await page.title(), /^\(2\)/);
  await look(page, "list-open");
});

await check("only changes of state are said aloud: seconds in which numbers change leave the announcer alone", async (page) => {
  await ready(page, address);
  await page.locator("#rows .row").first().waitFor();
  // What the first sight of things had to say is over.
  await page.waitForTimeout(800);
  await page.evaluate(() => {
    globalThis.said = 0;
    globalThis.numbers = 0;
    new MutationObserver(() => { globalThis.said += 1; }).observe(document.getElementById("announcer"), { childList: true, characterData: true, subtree: true });
    new MutationObserver((changes) => { globalThis.numbers += changes.length; }).observe(document.getElementById("rows"), { childList: true, characterData: true, subtree: true });
  });
  await page.waitForTimeout(3000);
  const counts = () => page.evaluate(() => [globalThis.said, globalThis.numbers]);
  const [said, numbers] = await counts();
  assert.equal(said, 0, await page.locator("#announcer").textContent());
  assert.ok(numbers > 10, `${numbers} numbers changed meanwhile`);
  await order(address, "search", "open");
  await page.waitForFunction(() => document.getElementById("announcer").textContent.includes("search: breaker open"));
  assert.ok((await counts())[0] > 0, "it would have been noticed");
  await order(address, "search", "closed");
  await row(page, "search").locator('.pill[data-state="closed"]').waitFor();
});

await check("the page of a service has drawings with tables, settings with their origin, and is reached by its address", async (page) => {
  await ready(page, address);
  await row(page, TROUBLED).locator(".name").click();
  await page.locator("#detail td", { hasText: "resilience.toml:12" }).waitFor();
  assert.equal(await page.evaluate(() => document.activeElement.id), "detail-title");
  const text = await page.locator("#detail").innerText();
  for (const part of ["Overloaded", "529", "tenant-1", "18 of 20", "shop::assistant::answer", "replayed", "hides 3 (template ai_service)", "breaker.min_calls"]) assert.ok(text.includes(part), part);
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
  const kept = () => page.evaluate(() => [sessionStorage, localStorage].map((store) => JSON.stringify({ ...store }).includes("a token of the test")));
  assert.deepEqual([...await kept(), await page.evaluate(() => document.cookie)], [true, false, ""], "this tab alone has it");
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

for (const [name, options] of [["dark", { colorScheme: "dark" }], ["phone", { viewport: { width: 390, height: 844 }, hasTouch: true }], ["phone-dark", { viewport: { width: 390, height: 844 }, colorScheme: "dark" }], ["tablet", { viewport: { width: 900, height: 900 } }], ["laptop", { viewport: { width: 1200, height: 800 } }], ["narrow", { viewport: { width: 1182, height: 800 } }], ["desktop", { viewport: { width: 1302, height: 900 } }]]) {
  await check(`${name}: all is there, nothing sticks out`, async (page) => {
    await ready(page, address);
    const fits = () => page.evaluate(() => document.documentElement.scrollWidth <= document.documentElement.clientWidth
      && [...document.querySelectorAll("#rows .row > *")].every((cell) => cell.getBoundingClientRect().right <= cell.parentElement.getBoundingClientRect().right + 1));
    assert.ok(await fits(), "no sideways scrolling");
    // The longest word of a breaker stands beside numbers of any length.
    await order(address, "email", "forced_closed");
    await row(page, "email").locator('.pill[data-state="forced_closed"]').waitFor();
    assert.deepEqual(await page.evaluate(() => [...document.querySelectorAll("#rows .row")].flatMap((line) => [
      ...[...line.querySelectorAll(".c-latency > *")].filter((node) => node.scrollWidth > node.clientWidth),
      ...[...line.querySelectorAll(".pill")].filter((node) => node.getBoundingClientRect().right > node.parentElement.getBoundingClientRect().right + 1),
    ].map((node) => node.textContent))), [], "nothing lies upon its neighbour");
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
  await any(own.address, TOKEN);
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
  await scroll(page);
  await look(page, "list-500");
  page.lax = true;
  await many.stop();
});

await check("a program that has named no service yet says so, and one that was never reached that the page tries again", async (page) => {
  const bare = await serve(0, 0);
  await ready(page, bare.address);
  await page.locator("#empty", { hasText: "No service has been named yet" }).waitFor();
  await look(page, "list-empty");
  page.lax = true;
  await bare.stop();
  await page.route("**/api/**", (route) => route.abort());
  await page.goto(address);
  await page.locator("#notices", { hasText: "Nothing known yet" }).waitFor();
  assert.equal(await page.locator("#table").isVisible(), false, "no head without rows");
  await look(page, "list-unreached");
});

await check("where calls are not counted the page says so, and by which setting, instead of no traffic", async (page) => {
  await ready(page, address);
  await row(page, "payments").locator(".c-traffic b", { hasText: "/s" }).waitFor();
  await fetch(`${address}/test/uncounted`);
  await page.locator("#notices li", { hasText: "Statistics are off by [global] enable_global_metrics = false" }).waitFor();
  const inventory = row(page, "inventory");
  await inventory.locator(".reason", { hasText: "statistics are off: enable_global_metrics = false" }).waitFor();
  for (const cell of [".c-health b", ".c-traffic b", ".c-success b", ".c-retry b"]) assert.equal(await inventory.locator(cell).innerText(), "–", cell);
  assert.ok((await page.locator("#level-idle").innerText()).startsWith("not counted"));
  assert.equal(await row(page, TROUBLED).locator(".pill").getAttribute("data-state"), "open", "a breaker is known all the same");
  await look(page, "list-uncounted");
  await inventory.locator(".name").click();
  await page.locator("#detail dd small", { hasText: "not counted" }).waitFor();
  assert.ok(!(await page.locator("#detail").innerText()).includes("no traffic"));
  await look(page, "service-uncounted");
});

await server.stop();
await finish();
