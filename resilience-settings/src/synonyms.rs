//! What other libraries and other notations call a key goes in, our key comes out: no likeness of letters finds these.

/// Words of others, letters and digits only, each with ours; where a word has several meanings, the first that has a
/// place where it was written.
const SYNONYMS: &[(&str, &[&str])] = &[
    ("attempts", &["max_attempts"]),
    ("maxretries", &["max_attempts"]),
    ("maxretry", &["max_attempts"]),
    ("maxtries", &["max_attempts"]),
    ("retries", &["max_attempts"]),
    ("retrycount", &["max_attempts"]),
    ("tries", &["max_attempts"]),
    ("calltimeout", &["attempt_timeout"]),
    ("requesttimeout", &["attempt_timeout"]),
    ("timeout", &["attempt_timeout"]),
    ("timeouts", &["attempt_timeout"]),
    ("overalltimeout", &["deadline"]),
    ("totaltimeout", &["deadline"]),
    ("delay", &["base_delay"]),
    ("initialbackoff", &["base_delay"]),
    ("initialdelay", &["base_delay"]),
    ("initialinterval", &["base_delay"]),
    ("retrydelay", &["base_delay"]),
    ("maxbackoff", &["max_delay"]),
    ("maxinterval", &["max_delay"]),
    ("backoff", &["strategy"]),
    ("backoffstrategy", &["strategy"]),
    ("retrystrategy", &["strategy"]),
    ("backofffactor", &["multiplier"]),
    ("backoffmultiplier", &["multiplier"]),
    ("name", &["service"]),
    ("servicename", &["service"]),
    ("servicekind", &["kind"]),
    ("servicetype", &["kind"]),
    ("type", &["kind"]),
    ("circuitbreaker", &["breaker"]),
    ("enablecircuitbreaker", &["circuit_breaker_enabled"]),
    ("enableretrybudget", &["retry_budget_enabled", "budget"]),
    ("retrybudget", &["budget"]),
    ("ratelimiter", &["rate_limit"]),
    ("ratelimiting", &["rate_limit"]),
    ("concurrency", &["bulkhead", "max_concurrent"]),
    ("concurrencylimit", &["bulkhead", "max_concurrent"]),
    ("semaphore", &["bulkhead"]),
    ("hedging", &["hedge"]),
    ("statuscodes", &["retryable_status_codes"]),
    ("retryonstatus", &["retryable_status_codes"]),
    ("fallbackfunc", &["fallback"]),
    ("defaultvalue", &["static_response"]),
    ("errorrate", &["failure_rate"]),
    ("errorthreshold", &["failure_rate"]),
    ("failureratethreshold", &["failure_rate"]),
    ("failurethreshold", &["failure_rate"]),
    ("breakduration", &["open_for"]),
    ("recoverytimeout", &["open_for"]),
    ("resettimeout", &["open_for"]),
    ("sleepwindow", &["open_for"]),
    ("waitdurationinopenstate", &["open_for"]),
    ("minimumcalls", &["min_calls"]),
    ("minimumnumberofcalls", &["min_calls"]),
    ("minimumthroughput", &["min_calls"]),
    ("volumethreshold", &["min_calls"]),
    ("slidingwindow", &["window"]),
    ("slidingwindowsize", &["window"]),
    ("windowsize", &["window"]),
    ("slowcallrate", &["slow_rate"]),
    ("slowcallthreshold", &["slow_call"]),
    ("halfopenmaxcalls", &["half_open_calls"]),
    ("permittednumberofcallsinhalfopenstate", &["half_open_calls"]),
    ("maxconcurrentcalls", &["max_concurrent"]),
    ("maxconcurrency", &["max_concurrent"]),
    ("queuesize", &["max_queue"]),
    ("requestspersecond", &["per_second"]),
    ("rps", &["per_second"]),
    ("timetolive", &["ttl"]),
    ("maxsize", &["capacity"]),
];

/// What stands in a clause elsewhere and beside the service here.
const NO_CLAUSES: &[&str] = &["retry", "retrypolicy", "retryconfig", "resilience"];

/// The accepted word that the written one means.
pub fn by_meaning<'a>(written: &str, accepted: &[&'a str]) -> Option<&'a str> {
    let plain = plain(written);
    let (_, meant) = SYNONYMS.iter().find(|(other, _)| *other == plain)?;
    meant.iter().find_map(|meant| accepted.iter().copied().find(|word| word == meant))
}

/// Whether somebody wrote a clause for what has none: attempts, delays and rules of retries.
pub fn is_no_clause(written: &str) -> bool {
    NO_CLAUSES.contains(&&*plain(written))
}

fn plain(word: &str) -> String {
    word.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_means_what_has_a_place_where_it_stands() {
        let top = ["kind", "strategy", "attempt_timeout", "breaker", "bulkhead"];
        for (written, meant) in [
            ("circuit_breaker", Some("breaker")),
            ("CircuitBreaker", Some("breaker")),
            ("circuit-breaker", Some("breaker")),
            ("backoff", Some("strategy")),
            ("service_type", Some("kind")),
            ("timeout", Some("attempt_timeout")),
            ("concurrency", Some("bulkhead")),
            ("reset_timeout", None),
            ("kind", None),
        ] {
            assert_eq!(by_meaning(written, &top), meant, "{written}");
        }
        assert_eq!(by_meaning("concurrency", &["max_concurrent"]), Some("max_concurrent"));
        assert!(is_no_clause("retry") && !is_no_clause("breaker"));
    }

    #[test]
    fn words_are_plain_and_there_once() {
        for (at, (word, meant)) in SYNONYMS.iter().enumerate() {
            assert_eq!(*word, plain(word));
            assert!(!meant.is_empty() && SYNONYMS[at + 1..].iter().all(|(other, _)| other != word), "{word}");
        }
    }
}
