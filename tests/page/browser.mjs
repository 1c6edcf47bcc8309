// A real browser for the drivers beside this file: pages whose console must stay silent, looked at by axe, with a screenshot
// of each state. The first argument of the driver is where playwright-core and axe-core are installed; screenshots go to the
// folder `shots` there.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { mkdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";

const modules = process.argv[2];
const require = createRequire(`${modules}/`);
const { chromium } = require("playwright-core");
const axe = readFileSync(require.resolve("axe-core/axe.min.js"), "utf8");
const shots = `${modules}/shots`;
mkdirSync(shots, { recursive: true });

const LANDMARKS = ["landmark-one-main", "landmark-unique", "region"];
const started = new Set();
process.on("exit", () => started.forEach((child) => child.kill("SIGKILL")));

/** Runs a program that says where it listens, until it is stopped or the driver ends. */
export async function run(program, args, env = {}) {
  const child = spawn(program, args, { stdio: ["ignore", "pipe", "inherit"], env: { ...process.env, ...env } });
  started.add(child);
  child.on("exit", () => started.delete(child));
  const line = await new Promise((done, fail) => {
    child.stdout.once("data", (data) => done(String(data)));
    child.once("exit", () => fail(new Error("the server ended")));
  });
  child.stdout.resume();
  const address = /http:\/\/[\w.:]+/.exec(line)[0];
  return { address, port: Number(new URL(address).port), stop: (signal = "SIGKILL") => new Promise((done) => { child.once("exit", done); child.kill(signal); }) };
}

export const browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium", args: ["--no-sandbox"] });
let passed = 0;
export const finish = async () => {
  await browser.close();
  console.log(`${passed} passed, 0 failed`);
};

/** A page whose console must stay silent; `lax` is for the time in which the server is away, which browsers write down. */
export async function visit(options = {}) {
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

export async function look(page, name) {
  await page.screenshot({ path: `${shots}/${name}.png`, fullPage: name.includes("service") });
  // By the debugger's way, for which the policy of the page makes an exception.
  await page.evaluate(axe);
  const { violations } = await page.evaluate(() => globalThis.axe.run(document, { resultTypes: ["violations"] }));
  // That all stands in landmarks is moderate to axe; who steps from landmark to landmark does not find what stands outside.
  const serious = violations.filter(({ id, impact }) => ["serious", "critical"].includes(impact) || LANDMARKS.includes(id));
  assert.deepEqual(serious.map(({ id, nodes }) => [id, nodes[0].html, nodes[0].failureSummary]), [], `axe finds faults in ${name}`);
}

/** `options` are those of a new page, or have the page: one that goes on from check to check. */
export async function check(name, run, options) {
  const page = options?.page ?? await visit(options);
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
  if (!options?.page) await page.context().close();
}

/** Has the page note when it shows the breaker of a service in another state: by its clock, which is that of the server. */
export const watch = (page, names) => page.evaluate((wanted) => {
  globalThis.seen = [];
  for (const node of document.querySelectorAll("#rows .row")) {
    const [name, pill] = [node.querySelector(".name").textContent, node.querySelector(".pill")];
    if (!wanted.includes(name)) continue;
    const note = () => globalThis.seen.push({ name, state: pill.dataset.state, at: performance.timeOrigin + performance.now() });
    note();
    new MutationObserver((changes) => { if (changes.some(({ oldValue }) => oldValue !== pill.dataset.state)) note(); })
      .observe(pill, { attributeFilter: ["data-state"], attributeOldValue: true });
  }
}, names);

/**
 * How long it took from each change that was shown to the sight of it, for one service: from the moment that the server wrote
 * down beside the change, so that a machine that is late with an order, or with a look at the page, is not taken for a late page.
 */
export async function delays(page, address, name, headers = {}) {
  const shown = (await page.evaluate(() => globalThis.seen)).filter((one) => one.name === name);
  const { service } = await (await fetch(`${address}/api/services/${encodeURIComponent(name)}`, { headers })).json();
  const changes = service.breaker.timeline;
  // What it was at first may be older than what is kept.
  let at = changes.findLastIndex((change) => change.to === shown[0].state && change.at_ms <= shown[0].at);
  const times = [];
  for (const { state, at: seen } of shown.slice(1)) {
    // The first time that it came into this state since the change that was shown before.
    const next = changes.findIndex((change, n) => n > at && change.to === state);
    assert.ok(next >= 0 && changes[next].at_ms <= seen + 1, `${name} was shown ${state}, and has not been: ${JSON.stringify(changes)}`);
    times.push(seen - changes[next].at_ms);
    at = next;
  }
  return times;
}

/** The middle of five, or of more: one that is late is chance, and one that is quick is no proof. */
export function median(times) {
  assert.ok(times.length >= 5, `${times.length} times are too few`);
  return [...times].sort((a, b) => a - b)[Math.floor(times.length / 2)];
}

export function seenLive(times) {
  console.log(`   seen after ${times.map((time) => time.toFixed(0)).join(", ")} ms`);
  assert.ok(median(times) < 1000, `took ${times} ms`);
}

export const row = (page, name) => page.locator(`#rows .row:has(a[href="#/services/${encodeURIComponent(name).replaceAll("'", "\\'")}"])`);
export const names = (page) => page.locator("#rows .row:not([hidden]) .name").allTextContents();
export const ready = async (page, address, path = "/") => {
  await page.goto(address + path);
  await page.locator('#link[data-state="live"]').waitFor();
};

/**
 * Scrolls through many services for 10 s; no task may keep the page for 100 ms. One that is long by itself is so each time that
 * one scrolls, so the best of three tries counts: a processor whose caches others empty is slower for a moment.
 */
export async function scroll(page) {
  for (let tries = 3, longest = Infinity; longest > 100; tries -= 1) {
    assert.ok(tries > 0, `a task took ${longest} ms in each of three tries`);
    longest = await longestTask(page);
  }
  await page.evaluate(() => scrollTo(0, 9000));
  await page.waitForTimeout(500);
  assert.ok(await page.evaluate(() => [...document.querySelectorAll("#rows .row")].filter((node) => { const { top } = node.getBoundingClientRect(); return top > 100 && top < 800; })
    .every((node) => node.querySelector(".all").getAttribute("d"))), "curves in sight are drawn");
}

/** Scrolls for 10 s. Out: how many milliseconds of the processor the longest task of the page took meanwhile. */
async function longestTask(page) {
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
  // Judged by the time that the thread had: beside other work on the same machine the clock says how long it had none.
  const longest = (key) => Math.max(...tasks.map((event) => event[key])) / 1000;
  console.log(`   the longest of ${tasks.length} tasks: ${longest("tdur").toFixed(0)} ms of the processor, ${longest("dur").toFixed(0)} ms by the clock`);
  return longest("tdur");
}
