// What is known of one service comes in, the tables of its page are filled.

const OUTCOMES = ["success", "degraded", "declined", "failure", "rejected", "cancelled", "panicked"];
const BAD_OUTCOMES = ["failure", "rejected", "panicked"];
const FAILED = ["retryable", "throttled", "timed_out", "unwanted_ok", "panicked"];
const sum = (counts) => Object.values(counts ?? {}).reduce((all, one) => all + one, 0);

function showLists(parts, row, lists, window) {
  const { buckets } = lists.latency;
  drawLatency(parts.latency, buckets, store.ends, [["p50", window?.p50_us], ["p95", window?.p95_us], ["p99", window?.p99_us]]);
  parts.latencyTable.update(buckets.flatMap((value, at) => (value > 0
    ? [[at, [at < store.ends.length ? time(store.ends[at]) : "longer", count(value), percent(value / lists.latency.count, false)]]] : [])));
  showBreaker(parts, row, lists);
  const lately = lists.windows?.[view.span]?.calls;
  parts.outcomes.update(OUTCOMES.map((outcome) => [outcome, [outcome, count(lately?.[outcome]), count(row.calls[outcome])],
    BAD_OUTCOMES.includes(outcome) && lately?.[outcome] > 0 ? "trouble" : null]));
  const tries = lists.attempts;
  parts.attempts.update(["original", "retry", "hedge"].map((type) => {
    const all = sum(tries[type]);
    const failed = FAILED.reduce((total, outcome) => total + (tries[type][outcome] ?? 0), 0);
    const success = tries[type].success ?? 0;
    return [type, [type, count(all), count(success), count(failed), count(all - failed - success)]];
  }));
  const needed = lists.attempts_needed ?? [];
  const answered = needed.reduce((all, one) => all + one, 0);
  setText(parts.needed, answered > 0 ? `Successes needed ${needed.map((n, at) => `${["one attempt", "two", "three", "four", "five or more"][at]}: ${percent(n / answered, false)}`).join(", ")}.` : "");
  showRefusals(parts, lists);
  parts.patterns.update((lists.error_patterns ?? []).map((one) => [`${one.what}\n${one.status}\n${one.outcome}`,
    [shown(one.what), one.status ?? unknown, words(one.outcome), count(one.count), `${span((now() - one.last_at_ms) / 1000)} ago`]]));
  showPartitions(parts, lists);
  parts.sites.update((lists.sites ?? []).map((site) => {
    const ended = OUTCOMES.reduce((all, outcome) => all + (site.calls[outcome] ?? 0), 0);
    const heard = ended - site.calls.cancelled;
    const good = site.calls.success + site.calls.degraded + site.calls.declined;
    return [`${site.function}\n${site.file}:${site.line}`, [shown(site.function), `${shown(site.file)}:${site.line}`, count(ended),
      heard > 0 ? percent(good / heard) : unknown, ended > 0 ? time(site.total_us / ended) : unknown]];
  }));
  showSettings(parts);
  showEvents(parts);
}

function showBreaker(parts, row, lists) {
  const breaker = { ...lists.breaker, state: row.breaker.state };
  const state = stateOf(row.breaker);
  const rest = row.breaker.retry_after_us;
  setText(parts.breakerWords, [`It is ${STATE_WORDS[state]}${rest ? `, for another ${span(rest / 1e6)}` : ""}`,
    row.breaker.failure_rate !== null && row.breaker.failure_rate !== undefined ? `${percent(row.breaker.failure_rate)} of its window failed` : null,
    breaker.transitions?.open > 0 ? `opened ${breaker.transitions.open} times` : "never opened by itself"].filter(Boolean).join("; "));
  const end = Math.max(now(), breaker.timeline?.at(-1)?.at_ms ?? 0);
  parts.timeline.classList.toggle("off", state === "off");
  drawTimeline(parts.timeline, breaker, end, store.process.uptime_us);
  const changes = breaker.timeline ?? [];
  parts.breakerTable.update(changes.map((change, at) => [`${change.at_ms} ${change.to} ${at}`,
    [moment(change.at_ms), STATE_WORDS[change.from] ?? change.from, STATE_WORDS[change.to] ?? change.to, span(((changes[at + 1]?.at_ms ?? end) - change.at_ms) / 1000)],
    STATE_LEVELS[change.to]]).reverse());
}

function showRefusals(parts, lists) {
  const some = (what, counts, write = count) => Object.entries(counts ?? {}).filter(([, value]) => value > 0)
    .map(([reason, value]) => [`${what} ${reason}`, [shown(words(reason)).replace(/ us$/, ""), what, write(value)]]);
  const { success, failure, skipped } = lists.fallbacks;
  parts.refusals.update([...some("rejected", lists.rejections), ...some("not retried", lists.unretried), ...some("waited", lists.waiting, time),
    ...some("stand-in answered", success), ...some("stand-in had no answer", failure), ...some("stand-ins", { "not asked": skipped }),
    ...some("cache", { "answered before the call": lists.cache_hits }), ...some("idempotency key", lists.idempotency),
    ...some("only observed, would", lists.would),
    ...some("injected on purpose", lists.injections)]);
}

function showPartitions(parts, lists) {
  const { total, by_state: states, shown: list } = lists.partitions;
  const by = Object.entries(states ?? {}).filter(([, n]) => n > 0).map(([state, n]) => `${n} ${STATE_WORDS[state] ?? state}`);
  setText(parts.partitionWords, total > 0 ? `${total} in all: ${by.join(", ")}.${list.length < total ? ` ${list.length} with a label are shown.` : ""}` : "");
  parts.partitions.update((list ?? []).map((one) => [one.label, [shown(one.label),
    STATE_WORDS[one.breaker] + (one.retry_after_us ? ` ${span(one.retry_after_us / 1e6)}` : ""), `${one.failures} of ${one.results}`,
    one.budget ? `${three(one.budget.tokens)} of ${count(one.budget.capacity)}` : "off",
    one.bulkhead ? `${one.bulkhead.in_flight} of ${one.bulkhead.limit}` : "off"], STATE_LEVELS[one.breaker]]));
}

function showSettings(parts) {
  const said = open.data.configuration;
  const line = (site) => (one) => [`${site}\n${one.key}`, [site ? `${one.key}, in ${site}` : one.key, plain(one.value), shown(one.source), shown(remarksOf(one))]];
  const ofSites = (said?.sites ?? []).flatMap((site) => site.settings.map(line(shown(site.function))));
  parts.settings.update([...(said?.settings ?? []).map(line("")), ...ofSites]);
}

const plain = (value) => shown(typeof value === "string" ? value : JSON.stringify(value));

function remarksOf(one) {
  const written = one.written && one.written !== one.value ? `written as ${one.written}` : "";
  const hides = (one.hides ?? []).map((hidden) => `${hidden.value} (${hidden.source})`).join(", ");
  return [written, one.remark, hides && `hides ${hides}`].filter(Boolean).join("; ");
}

/** Those of the service, and those of the process, which concern it too. */
function showEvents(parts) {
  const mine = store.events.filter((event) => event.service === open.name || event.service === null).slice(0, 50);
  parts.events.update(mine.map((event) => [`${event.at_ms} ${event.id}`, [moment(event.at_ms), words(event.kind), eventWords(event)]]));
}

function eventWords({ from, to }) {
  const word = (state) => STATE_WORDS[state] ?? shown(words(state));
  return from && to ? `${word(from)} → ${word(to)}` : to ? word(to) : "";
}
