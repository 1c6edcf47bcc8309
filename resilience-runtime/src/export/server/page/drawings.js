// Numbers come in, SVG goes out. Each drawing has its numbers as text or as a table beside it: a screen reader, a copy and
// a doubt need those.

/** Columns of calls, and the bad ones among them, as two paths: 500 rows must stay cheap. The newest is at the right. */
function drawSpark(paths, points, width, height, columns = 60, top = 1) {
  const most = Math.max(1, ...points.map((point) => point.calls));
  const step = width / columns;
  let [all, bad] = ["", ""];
  points.forEach((point, at) => {
    const x = ((at + columns - points.length) * step).toFixed(1);
    const bar = (share) => `M${x} ${height}v-${Math.max(share * (height - top), 1).toFixed(1)}h${(step * 0.75).toFixed(1)}V${height}z`;
    if (point.calls > 0) all += bar(point.calls / most);
    if (point.bad > 0) bad += bar(Math.max(point.bad / most, 0.1));
  });
  setAttr(paths[0], "d", all);
  setAttr(paths[1], "d", bad);
}

function sparkWords(points) {
  if (!points?.length) return "no curve yet";
  const calls = points.reduce((sum, point) => sum + point.calls, 0);
  const bad = points.reduce((sum, point) => sum + point.bad, 0);
  return `last ${span(points.length * 2)}: ${count(calls)} calls, ${count(bad)} without an answer`;
}

/** One unit is one pixel, so that text keeps its size in a narrow window. */
function measure(node, height) {
  const width = Math.max(Math.round(node.clientWidth), 240) || 440;
  setAttr(node, "viewBox", `0 0 ${width} ${height}`);
  return width;
}

/** The last two minutes with an axis. */
function drawCurve(node, points) {
  const [top, height] = [18, 132];
  const width = measure(node, height + 20);
  const [all, bad] = [svg("path", { class: "all" }), svg("path", { class: "bad" })];
  drawSpark([all, bad], points, width, height, 60, top);
  const most = Math.max(0, ...points.map((point) => point.calls)) / 2;
  node.replaceChildren(svg("path", { class: "grid", d: `M0 ${top + 0.5}H${width}M0 ${(top + height) / 2}H${width}M0 ${height}H${width}` }), all, bad,
    svg("text", { x: 0, y: 12 }, rate(most)), ...[[0, "2 min ago", "start"], [width / 2, "1 min", "middle"], [width, "now", "end"]]
      .map(([x, text, anchor]) => svg("text", { x, y: height + 16, "text-anchor": anchor }, text)));
}

/** Calls by how long they took. Each column is twice as long as the one before; the marks are of the window. */
function drawLatency(node, buckets, ends, marks) {
  const [height, top] = [92, 44];
  const width = measure(node, top + height + 20);
  const used = buckets.flatMap((value, at) => (value > 0 ? [at] : []));
  node.replaceChildren(svg("path", { class: "grid", d: `M0 ${top + height}H${width}` }));
  if (used.length === 0) {
    node.append(svg("text", { x: 0, y: top + height - 10 }, "no call has been measured yet"));
    return;
  }
  let first = Math.max(0, used[0] - 1);
  let last = Math.min(buckets.length - 1, used.at(-1) + 1);
  if (last - first < 7) [first, last] = [Math.max(0, first - 2), Math.min(buckets.length - 1, last + 3)];
  const most = Math.max(...buckets);
  const step = width / (last - first + 1);
  let bars = "";
  for (let at = first; at <= last; at += 1) {
    const tall = buckets[at] > 0 ? Math.max((buckets[at] / most) * height, 2) : 0;
    bars += `M${((at - first) * step + 2).toFixed(1)} ${top + height}v-${tall.toFixed(1)}h${(step - 4).toFixed(1)}v${tall.toFixed(1)}z`;
    if (at < ends.length && at < last && (last - first < 9 || (at - first) % 2 === 0)) {
      node.append(svg("text", { x: ((at - first + 1) * step).toFixed(1), y: top + height + 17, "text-anchor": "middle" }, time(ends[at])));
    }
  }
  node.append(svg("path", { class: "bars", d: bars }));
  marks.forEach(([name, us], row) => {
    if (us === null || us === undefined) return;
    const x = Math.min(Math.max((Math.log2(Math.max(us, 1) / ends[0]) + 1 - first) * step, 0), width);
    const y = 11 + row * 14;
    const left = x > width - 78;
    node.append(svg("path", { class: `mark ${name}`, d: `M${x.toFixed(1)} ${y - 9}V${top + height}` }),
      svg("text", { x: (left ? x - 4 : x + 4).toFixed(1), y, class: "label", "text-anchor": left ? "end" : "start" }, `${name} ${time(us)}`));
  });
}

const HEIGHTS = { closed: 6, forced_closed: 14, half_open: 22, open: 38, forced_open: 38 };

/** What the breaker was, from the left to now. Height tells the states apart as well as colour does. */
function drawTimeline(node, breaker, end, uptimeUs) {
  const height = 40;
  const width = measure(node, height + 20);
  const changes = breaker.timeline ?? [];
  const born = end - (uptimeUs ?? 0) / 1000;
  const first = changes[0]?.at_ms ?? end;
  const start = Math.max(Math.min(first - (end - first) * 0.06, end - 600_000), Math.min(born, first - 1));
  const x = (ms) => ((ms - start) / (end - start)) * width;
  node.replaceChildren(svg("path", { class: "grid", d: `M0 ${height}H${width}` }));
  let [state, from] = [changes[0]?.from ?? breaker.state, start];
  for (const change of [...changes, { at_ms: end, to: null }]) {
    const tall = HEIGHTS[state] ?? 6;
    const wide = Math.max(x(change.at_ms) - x(from), 2);
    node.append(svg("rect", { class: `state ${state}`, x: Math.min(x(from), width - 2).toFixed(1), y: height - tall, width: wide.toFixed(1), height: tall }));
    [state, from] = [change.to, change.at_ms];
  }
  node.append(svg("text", { x: 0, y: height + 17 }, `${span((end - start) / 1000)} ago`),
    svg("text", { x: width, y: height + 17, "text-anchor": "end" }, "now"));
}
