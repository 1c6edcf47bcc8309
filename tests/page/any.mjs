// What holds for every server that has services; with a token also that an action is seen at once.
// Usage: node any.mjs MODULES ADDRESS [TOKEN]
import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";

import { check, delays, finish, look, ready, row, seenLive, watch } from "./browser.mjs";

export async function any(address, token) {
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
  await check("a breaker that is forced open, and one that is reset, is seen within a second", async (page) => {
    await ready(page, address);
    const headers = { Authorization: `Bearer ${token}` };
    const [service] = (await (await fetch(`${address}/api/dashboard`, { headers })).json()).services.filter((one) => one.breaker.on && one.breaker.state === "closed");
    const force = (action) => fetch(`${address}/api/services/${encodeURIComponent(service.name)}/breaker`, { method: "POST",
      headers: { ...headers, "Content-Type": "application/json" }, body: JSON.stringify({ action, lifetime_seconds: 60 }) });
    await row(page, service.name).locator('.pill[data-state="closed"]').waitFor();
    await watch(page, [service.name]);
    for (const [action, state] of [["force_open", "forced_open"], ["reset", "closed"], ["force_open", "forced_open"], ["reset", "closed"], ["force_open", "forced_open"], ["reset", "closed"]]) {
      assert.ok((await force(action)).ok);
      await row(page, service.name).locator(`.pill[data-state="${state}"]`).waitFor();
    }
    seenLive(await delays(page, address, service.name, headers));
  });
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  await any(process.argv[3].replace(/\/$/, ""), process.argv[4]);
  await finish();
}
