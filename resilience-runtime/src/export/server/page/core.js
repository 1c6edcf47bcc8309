// Elements, numbers and words: what every other part is made of. Names and texts become text nodes and nothing else.

const base = new URL(".", import.meta.url);
const byId = (id) => document.getElementById(id);
const SVG = "http://www.w3.org/2000/svg";

/** An element with attributes and children; strings become text. */
function el(tag, attributes, ...children) {
  return fill(document.createElement(tag), attributes, children);
}

function svg(tag, attributes, ...children) {
  return fill(document.createElementNS(SVG, tag), attributes, children);
}

function fill(node, attributes, children) {
  for (const [name, value] of Object.entries(attributes ?? {})) {
    if (value === true) node.setAttribute(name, "");
    else if (value !== undefined && value !== null && value !== false) node.setAttribute(name, value);
  }
  node.append(...children.filter((child) => child !== null && child !== undefined));
  return node;
}

/** Writing what is there already would cost a layout and make screen readers speak. */
function setText(node, text) {
  if (node.textContent !== text) node.textContent = text;
}

function setAttr(node, name, value) {
  if (value === null || value === undefined || value === false) {
    if (node.hasAttribute(name)) node.removeAttribute(name);
  } else if (node.getAttribute(name) !== String(value)) node.setAttribute(name, value);
}

/** A name from outside with what cannot be seen, or turns the text around, written out: a name must look like itself. */
function shown(name) {
  return String(name).replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Co}]/gu, (one) => {
    const known = { "\n": "\\n", "\r": "\\r", "\t": "\\t" }[one];
    return known ?? `\\u{${one.codePointAt(0).toString(16)}}`;
  });
}

const unknown = "–";
const narrow = "\u202f";

function count(value) {
  if (value === null || value === undefined) return unknown;
  if (value < 10_000) return String(Math.round(value));
  const unit = value < 1e6 ? [1e3, "k"] : value < 1e9 ? [1e6, "M"] : [1e9, "G"];
  return `${three(value / unit[0])}${narrow}${unit[1]}`;
}

function three(value) {
  if (value === 0) return "0";
  return value >= 99.95 ? value.toFixed(0) : value >= 9.995 ? value.toFixed(1) : value.toFixed(2);
}

/** At most three digits, and never 100 % while something failed. */
function percent(share, ceiling = true) {
  if (share === null || share === undefined) return unknown;
  const value = share * 100;
  if (value === 0 || value === 100) return `${value}${narrow}%`;
  const digits = value > 99.9 ? 3 : value >= 99 ? 2 : value >= 9.95 ? 1 : 2;
  let text = value.toFixed(digits);
  if (ceiling && value < 100 && Number(text) === 100) text = "99.999";
  return `${text}${narrow}%`;
}

function rate(value) {
  if (value === null || value === undefined) return unknown;
  return value === 0 ? "0/s" : value < 0.01 ? "<0.01/s" : value < 1000 ? `${three(value)}/s` : `${count(value)}/s`;
}

function time(us) {
  if (us === null || us === undefined) return unknown;
  if (us < 1000) return `${Math.round(us)}${narrow}µs`;
  if (us < 1e6) return `${three(us / 1e3)}${narrow}ms`;
  if (us < 100e6) return `${three(us / 1e6)}${narrow}s`;
  return span(us / 1e6);
}

function span(seconds) {
  const s = Math.max(0, Math.round(seconds));
  if (s < 120) return `${s}${narrow}s`;
  if (s < 7200) return `${Math.floor(s / 60)}${narrow}min${s < 600 && s % 60 ? ` ${s % 60}${narrow}s` : ""}`;
  if (s < 172_800) return `${Math.floor(s / 3600)}${narrow}h${s % 3600 >= 60 ? ` ${Math.floor((s % 3600) / 60)}${narrow}min` : ""}`;
  return `${Math.floor(s / 86_400)}${narrow}d`;
}

const clock = new Intl.DateTimeFormat(undefined, { hour: "2-digit", minute: "2-digit", second: "2-digit", hour12: false });
const day = new Intl.DateTimeFormat(undefined, { month: "short", day: "numeric" });

function moment(ms) {
  const at = new Date(ms);
  const today = at.toDateString() === new Date(now()).toDateString();
  return today ? clock.format(at) : `${day.format(at)}, ${clock.format(at)}`;
}

// Shapes with the colours: who sees no colours sees these. Drawn, since fonts have them in different sizes.
const SHAPES = {
  trouble: "M4.7 1h6.6L15 4.7v6.6L11.3 15H4.7L1 11.3V4.7z",
  strained: "M8 1.2L15.3 14.5H.7z",
  fine: "M8 2a6 6 0 1 0 0 12A6 6 0 1 0 8 2z",
  idle: "M8 2.5a5.5 5.5 0 1 0 0 11A5.5 5.5 0 1 0 8 2.5zM8 5a3 3 0 1 1 0 6A3 3 0 1 1 8 5z",
  closed: "M8 4.5a3.5 3.5 0 1 0 0 7A3.5 3.5 0 1 0 8 4.5z",
  open: "M3 1.5L8 6.5l5-5L14.5 3l-5 5 5 5-1.5 1.5-5-5-5 5L1.5 13l5-5-5-5z",
  half_open: "M8 2a6 6 0 1 0 0 12zM8 2a6 6 0 0 1 0 12v-1.5a4.5 4.5 0 0 0 0-9z",
  forced_open: "M3 2h10v12H3zM7 5v6h2V5z",
  forced_closed: "M3 7h1V5a4 4 0 0 1 8 0v2h1v7H3zM6 7h4V5a2 2 0 0 0-4 0z",
  observed: "M8 3.5C4.5 3.5 1.8 6 1 8c.8 2 3.5 4.5 7 4.5s6.2-2.5 7-4.5c-.8-2-3.5-4.5-7-4.5zM8 5.5a2.5 2.5 0 1 1 0 5 2.5 2.5 0 1 1 0-5z",
  off: "M3 7h10v2H3z",
};

const LEVELS = ["trouble", "strained", "fine", "idle"];
const LEVEL_WORDS = { trouble: "in trouble", strained: "strained", fine: "fine", idle: "idle" };

/** Where calls are not counted, nobody knows whether a service is idle. */
const nameIdle = () => { LEVEL_WORDS.idle = store.process.statistics_off_by ? "not counted" : "idle"; };

/** How bad it is: by the score, whose factors say why. */
function level(service) {
  const { score, reasons } = service.health;
  if (score < 60) return "trouble";
  if (score < 90) return "strained";
  return reasons?.[0] === "no traffic" || (store.process.statistics_off_by && score === 100) ? "idle" : "fine";
}

const STATE_WORDS = {
  closed: "closed",
  open: "open",
  half_open: "half-open",
  forced_open: "forced open",
  forced_closed: "forced closed",
  observed: "observed",
  off: "off",
};
const stateOf = (breaker) => (breaker?.on ? breaker.state : breaker?.state?.startsWith("forced") ? breaker.state : "off");
const STATE_LEVELS = { open: "trouble", forced_open: "trouble", half_open: "strained", forced_closed: "strained" };

const SPANS = { ten_seconds: "10 s", one_minute: "1 min", five_minutes: "5 min" };
const words = (label) => String(label).replaceAll("_", " ");
