// An operator's intent comes in, a request goes out after a confirmation that says what it does and for how long.

const ACTIONS = {
  force_open: ["Force open", (name) => `Every call to ${name} is rejected, those of all partitions included, until the time is up or the breaker is reset.`],
  force_closed: ["Force closed", (name) => `Every call to ${name} passes, however many fail, until the time is up or the breaker is reset.`],
  reset: ["Reset breaker", (name) => `The breaker of ${name} forgets what it has counted and goes by its own rules again, closed.`],
  override: ["Override settings", (name) => `Replaces settings of ${name} while the process runs, above the file. It ends by itself when the time is up.`],
  clear: ["End override", (name) => `Settings of ${name} come from the file again.`],
};
const LIFETIMES = [["15 minutes", 900], ["1 hour", 3600], ["4 hours", 14_400], ["12 hours", 43_200], ["24 hours", 86_400]];

function buildActs(node, name) {
  for (const [id, [text]] of Object.entries(ACTIONS)) {
    const button = el("button", { type: "button", "data-act": id }, text);
    button.addEventListener("click", () => {
      if (button.getAttribute("aria-disabled") !== "true") confirmAct(id, name, button);
      else announce("Open the page with ?token= and the operator token to act");
    });
    node.append(button);
  }
  node.append(el("small", {}));
  showActs(node);
}

/** Without a token of the server's there are no actions at all; without ours they are there, and say what is missing. */
function showActs(node) {
  node.hidden = !store.session.actions;
  const able = Boolean(feed.token) && store.session.authorized !== false;
  for (const button of node.querySelectorAll("button")) setAttr(button, "aria-disabled", able ? null : "true");
  setText(node.lastChild, able ? "" : "needs ?token= in the address, once");
}

function confirmAct(id, name, opener) {
  const [text, says] = ACTIONS[id];
  const dialog = byId("ask");
  const lasts = id !== "reset" && id !== "clear";
  const lifetime = el("select", { id: "lifetime" }, ...LIFETIMES.map(([word, seconds]) => el("option", { value: seconds, selected: seconds === 3600 }, word)));
  const settings = id === "override" ? el("textarea", { id: "patch", rows: "5", spellcheck: "false", "aria-describedby": "patch-help", placeholder: "max_attempts = 2\nbreaker.min_calls = 50" }) : null;
  const error = el("p", { class: "error", role: "alert", hidden: true });
  const cancel = el("button", { type: "button" }, "Cancel");
  const go = el("button", { type: "submit", class: "danger" }, text);
  const form = el("form", { method: "dialog" }, el("h2", { id: "ask-title" }, text), el("p", {}, says(shown(name))),
    settings ? el("label", { for: "patch" }, "Settings") : null, settings,
    settings ? el("p", { class: "hint", id: "patch-help" }, "One key = value a line, as in the file.") : null,
    lasts ? el("label", { for: "lifetime" }, "It lasts for") : null, lasts ? lifetime : null, error,
    el("div", { class: "choice" }, cancel, go));
  const fail = (said) => { error.hidden = false; setText(error, said); };
  cancel.addEventListener("click", () => dialog.close());
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    if (go.getAttribute("aria-disabled") === "true") return;
    setAttr(go, "aria-disabled", "true");
    try {
      await act(id, name, Number(lifetime.value), settings?.value);
      dialog.close();
      announce(`${text}: done for ${shown(name)}`);
      fetchDetail();
    } catch (problem) {
      fail(problem instanceof Refused && [401, 403].includes(problem.status) ? `The server refuses it: ${problem.message}` : problem.message);
    } finally {
      setAttr(go, "aria-disabled", null);
    }
  });
  dialog.replaceChildren(form);
  dialog.addEventListener("close", () => opener.focus(), { once: true });
  dialog.showModal();
  (settings ?? (lasts ? lifetime : cancel)).focus();
}

async function act(id, name, seconds, text) {
  const path = pathOf(name);
  if (id === "clear") return ask(`${path}/override`, { method: "DELETE" });
  if (id === "override") return ask(`${path}/override`, { method: "POST", body: { patch: patchOf(text), lifetime_seconds: seconds } });
  const body = id === "reset" ? { action: id } : { action: id, lifetime_seconds: seconds };
  return ask(`${path}/breaker`, { method: "POST", body });
}

/** `breaker.min_calls = 50` becomes `{"breaker": {"min_calls": 50}}`; what is no number, list or truth value is a word. */
function patchOf(text) {
  const patch = {};
  for (const line of text.split("\n").map((one) => one.trim()).filter((one) => one && !one.startsWith("#"))) {
    const [, path, value] = /^([a-z0-9_.]+)\s*=\s*(.+)$/.exec(line) ?? [];
    if (!path) throw new Error(`This is no "key = value": ${line}`);
    let at = patch;
    const keys = path.split(".");
    for (const key of keys.slice(0, -1)) at = at[key] = typeof at[key] === "object" ? at[key] : {};
    at[keys.at(-1)] = valueOf(value);
  }
  if (Object.keys(patch).length === 0) throw new Error("No setting is given.");
  return patch;
}

function valueOf(text) {
  try {
    return JSON.parse(text);
  } catch {
    return text.replace(/^'(.*)'$/, "$1");
  }
}
