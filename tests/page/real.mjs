// Drives the dashboard of a program that runs: the example `monitoring`, whose troubles come and go each half minute.
// Usage: node real.mjs MODULES EXAMPLE
import assert from "node:assert/strict";

import { any } from "./any.mjs";
import { check, delays, finish, look, names, ready, row, run, scroll, seenLive, visit, watch } from "./browser.mjs";

const TOKEN = "a token of the test";
const TROUBLED = "postgres_orders";
const start = (port, services = 0) => run(process.argv[3], ["--port", String(port), "--services", String(services)], { RESILIENCE_OPERATOR_TOKEN: TOKEN });

const server = await start(0);
const { address } = server;
const pill = (page, name, state) => row(page, name).locator(`.pill[data-state="${state}"]`);

// The shop has two whose breakers open and close in each of its half minutes. What is shown of them is noted while all the rest is
// checked.
const watched = [TROUBLED, "claude_api"];
const watching = await visit();
await check("a service whose breaker opens comes to the top, and that is said aloud", async (page) => {
  await ready(page, address);
  await pill(page, TROUBLED, "closed").waitFor({ timeout: 40_000 });
  await watch(page, watched);
  await pill(page, TROUBLED, "open").waitFor({ timeout: 40_000 });
  await page.waitForFunction((name) => document.getElementById("announcer").textContent.includes(`${name}: breaker open`), TROUBLED);
  assert.ok((await names(page)).indexOf(TROUBLED) < 3, "it has come to the top");
  await look(page, "real-open");
}, { page: watching });

await check("the page of a troubled service says what happened and by which settings", async (page) => {
  await ready(page, address);
  await row(page, TROUBLED).locator(".name").click();
  await page.locator("#detail .drawing.timeline .state.open").first().waitFor();
  await page.locator("#detail .drawing.latency .bars").waitFor();
  const text = await page.locator("#detail").innerText();
  for (const part of ["closed \u2192 open", "breaker.open_for", "fleet.rs:"]) assert.ok(text.includes(part), part);
  await look(page, "service-real");
  await page.keyboard.press("Escape");
  await row(page, "search").locator(".name").click();
  await page.locator("#detail", { hasText: "8 partitions" }).or(page.locator("#detail td", { hasText: "#1" }).first()).first().waitFor();
  await look(page, "service-real-partitions");
});

await check("the filter finds, the keyboard sorts", async (page) => {
  await ready(page, address);
  await row(page, TROUBLED).waitFor();
  await page.keyboard.press("/");
  await page.keyboard.type("redis");
  await page.waitForFunction(() => document.querySelectorAll("#rows .row:not([hidden])").length === 1);
  assert.deepEqual(await names(page), ["redis_sessions"]);
  await look(page, "real-filter");
  await page.locator("#filter").fill("");
  await page.locator("#filter").focus();
  for (let at = 0; at < 2; at += 1) await page.keyboard.press("Tab");
  await page.keyboard.press("Enter");
  const up = await names(page);
  assert.deepEqual(up, [...up].sort());
  await page.keyboard.press("Space");
  assert.deepEqual(await names(page), up.reverse());
});

await any(address, TOKEN);

await check("a breaker that opens by itself, and one that closes, is seen within a second", async (page) => {
  const seen = () => page.evaluate((services) => globalThis.seen.length - services.length, watched);
  for (const begun = Date.now(); await seen() < 5;) {
    assert.ok(Date.now() - begun < 90_000, `${await seen()} changes were shown`);
    await page.waitForTimeout(500);
  }
  seenLive((await Promise.all(watched.map((name) => delays(page, address, name)))).flat());
}, { page: watching });
await watching.context().close();

for (const signal of ["SIGKILL", "SIGTERM"]) {
  await check(`the page outlives the program that ends by ${signal}`, async (page) => {
    const own = await start(0);
    await ready(page, own.address);
    await row(page, TROUBLED).waitFor();
    const known = (await names(page)).length;
    page.lax = true;
    await own.stop(signal);
    await page.locator('#link[data-state="away"]').waitFor({ timeout: 10_000 });
    assert.equal((await names(page)).length, known, "what is known stays");
    await look(page, `real-away-${signal.toLowerCase()}`);
    const back = await start(own.port, 2);
    await page.locator('#link[data-state="live"]').waitFor({ timeout: 20_000 });
    await row(page, "shelf-001").waitFor({ timeout: 10_000 });
    await look(page, `real-back-${signal.toLowerCase()}`);
    await back.stop();
  });
}
await server.stop();

await check("500 services scroll for 10 s, and no task keeps the page for 100 ms", async (page) => {
  const many = await start(0, 491);
  await ready(page, many.address);
  await page.waitForFunction(() => document.querySelectorAll("#rows .row").length === 500, null, { timeout: 20_000 });
  await page.waitForTimeout(1500);
  await scroll(page);
  await look(page, "real-500");
  page.lax = true;
  await many.stop();
});

await finish();
