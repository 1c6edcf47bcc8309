//! The list of synonyms: what other libraries and other notations call a key. Our key comes out: no likeness of letters finds
//! these.

use crate::duration::takes_time;
use crate::unit_in_name::{split_unit, unit_hint};

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
    ("maxretryattempts", &["max_attempts"]),
    ("numretries", &["max_attempts"]),
    ("retrylimit", &["max_attempts"]),
    ("retrymax", &["max_attempts"]),
    ("retryattempts", &["max_attempts"]),
    ("calltimeout", &["attempt_timeout"]),
    ("requesttimeout", &["attempt_timeout"]),
    ("timeout", &["attempt_timeout", "open_for", "max_wait"]),
    ("timeouts", &["attempt_timeout"]),
    ("executiontimeout", &["attempt_timeout"]),
    ("perattempttimeout", &["attempt_timeout"]),
    ("pertrytimeout", &["attempt_timeout"]),
    ("readtimeout", &["attempt_timeout"]),
    ("responsetimeout", &["attempt_timeout"]),
    ("overalltimeout", &["deadline"]),
    ("totaltimeout", &["deadline"]),
    ("globaltimeout", &["deadline"]),
    ("maxelapsedtime", &["deadline"]),
    ("operationtimeout", &["deadline"]),
    ("totaldeadline", &["deadline"]),
    ("delay", &["base_delay", "after"]),
    ("initialbackoff", &["base_delay"]),
    ("initialdelay", &["base_delay"]),
    ("initialinterval", &["base_delay"]),
    ("retrydelay", &["base_delay"]),
    ("backoffbase", &["base_delay"]),
    ("basebackoff", &["base_delay"]),
    ("initialwait", &["base_delay"]),
    ("mindelay", &["base_delay"]),
    ("minbackoff", &["base_delay"]),
    ("retryinterval", &["base_delay"]),
    ("waitduration", &["base_delay"]),
    ("maxbackoff", &["max_delay"]),
    ("maxinterval", &["max_delay"]),
    ("maxretrydelay", &["max_delay"]),
    ("maxwaittime", &["max_delay"]),
    ("backoff", &["strategy"]),
    ("backoffstrategy", &["strategy"]),
    ("retrystrategy", &["strategy"]),
    ("backofffactor", &["multiplier"]),
    ("backoffmultiplier", &["multiplier"]),
    ("exponentialbase", &["multiplier"]),
    ("growthfactor", &["multiplier"]),
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
    ("retryonstatuscodes", &["retryable_status_codes"]),
    ("retrystatuscodes", &["retryable_status_codes"]),
    ("retrystatuses", &["retryable_status_codes"]),
    ("fallbackfunc", &["fallback"]),
    ("defaultvalue", &["static_response"]),
    ("errorrate", &["failure_rate"]),
    ("errorthreshold", &["failure_rate"]),
    ("failureratethreshold", &["failure_rate"]),
    ("failurethreshold", &["failure_rate"]),
    ("errorpercentage", &["failure_rate"]),
    ("errorratio", &["failure_rate"]),
    ("errorthresholdpercentage", &["failure_rate"]),
    ("failurepercentage", &["failure_rate"]),
    ("failureratio", &["failure_rate"]),
    ("breakduration", &["open_for"]),
    ("recoverytimeout", &["open_for"]),
    ("resettimeout", &["open_for"]),
    ("sleepwindow", &["open_for"]),
    ("waitdurationinopenstate", &["open_for"]),
    ("breaktime", &["open_for"]),
    ("cooldown", &["open_for"]),
    ("cooldownperiod", &["open_for"]),
    ("cooldowntime", &["open_for"]),
    ("halfopenafter", &["open_for"]),
    ("openduration", &["open_for"]),
    ("opentimeout", &["open_for"]),
    ("recoverytime", &["open_for"]),
    ("resettime", &["open_for"]),
    ("minimumcalls", &["min_calls"]),
    ("minimumnumberofcalls", &["min_calls"]),
    ("minimumthroughput", &["min_calls"]),
    ("volumethreshold", &["min_calls"]),
    ("minimumrequests", &["min_calls"]),
    ("minrequests", &["min_calls"]),
    ("requestvolumethreshold", &["min_calls"]),
    ("slidingwindow", &["window"]),
    ("slidingwindowsize", &["window"]),
    ("windowsize", &["window"]),
    ("rollingwindow", &["window"]),
    ("samplingduration", &["window"]),
    ("timewindow", &["window"]),
    ("slowcallrate", &["slow_rate"]),
    ("slowcallratethreshold", &["slow_rate"]),
    ("slowcallthreshold", &["slow_call"]),
    ("slowcallduration", &["slow_call"]),
    ("slowcalldurationthreshold", &["slow_call"]),
    ("slowthreshold", &["slow_call"]),
    ("halfopenmaxcalls", &["half_open_calls"]),
    ("permittednumberofcallsinhalfopenstate", &["half_open_calls"]),
    ("halfopenmaxrequests", &["half_open_calls"]),
    ("halfopenrequests", &["half_open_calls"]),
    ("maxhalfopencalls", &["half_open_calls"]),
    ("maxhalfopenrequests", &["half_open_calls"]),
    ("maxconcurrentcalls", &["max_concurrent"]),
    ("maxconcurrency", &["max_concurrent"]),
    ("maxconcurrentrequests", &["max_concurrent"]),
    ("maxinflight", &["max_concurrent"]),
    ("maxparallel", &["max_concurrent"]),
    ("queuesize", &["max_queue"]),
    ("maxpending", &["max_queue"]),
    ("maxqueuesize", &["max_queue"]),
    ("queuedepth", &["max_queue"]),
    ("queuelimit", &["max_queue"]),
    ("requestspersecond", &["per_second"]),
    ("rps", &["per_second"]),
    ("maxrps", &["per_second"]),
    ("qps", &["per_second"]),
    ("timetolive", &["ttl"]),
    ("expiry", &["ttl"]),
    ("expiration", &["ttl"]),
    ("maxage", &["ttl"]),
    ("maxsize", &["capacity"]),
    ("cachesize", &["capacity"]),
    ("maxentries", &["capacity"]),
    ("jitterfactor", &["jitter"]),
    ("randomizationfactor", &["jitter"]),
    ("maxcooldown", &["max_open_for"]),
    ("maxrecoverytime", &["max_open_for"]),
    ("requiredsuccesses", &["success_threshold"]),
    ("successesrequired", &["success_threshold"]),
    ("failuresbeforeopen", &["consecutive_failures"]),
    ("maxconsecutivefailures", &["consecutive_failures"]),
    ("maxfailures", &["consecutive_failures"]),
    ("acquiretimeout", &["max_wait"]),
    ("maxwaitduration", &["max_wait"]),
    ("queuetimeout", &["max_wait"]),
    ("waittimeout", &["max_wait"]),
    ("burstsize", &["burst"]),
    ("hedgedelay", &["after"]),
    ("maxstale", &["stale_for"]),
    ("staleiferror", &["stale_for"]),
    ("stalewhilerevalidate", &["stale_for"]),
    ("leaseduration", &["lease"]),
    ("leasetime", &["lease"]),
    ("lockttl", &["lease"]),
    // Keys of ours, where another is meant.
    ("burst", &["burst_capacity"]),
    ("burstcapacity", &["burst"]),
    ("capacity", &["burst_capacity", "burst"]),
    ("factor", &["multiplier"]),
    ("max", &["max_concurrent"]),
    ("persecond", &["min_per_second"]),
    ("ratio", &["failure_rate"]),
    ("wait", &["max_wait"]),
    // Values.
    ("constant", &["fixed"]),
    ("constantdelay", &["fixed"]),
    ("equaljitter", &["exponential_jitter"]),
    ("fulljitter", &["exponential_jitter"]),
    ("dryrun", &["observe"]),
    ("shadow", &["observe"]),
];

/// What stands in a clause elsewhere and beside the service here.
const NO_CLAUSES: &[&str] = &["retry", "retrypolicy", "retryconfig", "resilience"];

/// The accepted word that the written one means.
pub fn by_meaning<'a>(written: &str, accepted: &[&'a str]) -> Option<&'a str> {
    let known = |written: &str| {
        let (_, meant) = SYNONYMS.iter().find(|(other, _)| *other == written)?;
        // Attributes have the names of values as variants: `ExponentialJitter`.
        let is = |word: &str, meant: &str| word == meant || plain(word) == plain(meant);
        meant.iter().find_map(|meant| accepted.iter().copied().find(|word| is(word, meant)))
    };
    known(&plain(written)).or_else(|| {
        let (name, _) = split_unit(written)?;
        let name = plain(name);
        let meant = known(&name).or_else(|| accepted.iter().copied().find(|word| plain(word) == name));
        // Names of services and functions have no units.
        meant.filter(|meant| takes_time(meant))
    })
}

/// What to add to the key that is meant, where its value is another than that of the written one.
pub fn hint_behind(written: &str, meant: &str) -> String {
    if meant == "max_attempts" && plain(written).contains("retr") {
        ", which counts the first try too".to_owned()
    } else {
        unit_hint(written, meant)
    }
}

/// Whether somebody wrote a clause for what has none: attempts, delays and rules of retries.
pub fn is_no_clause(written: &str) -> bool {
    NO_CLAUSES.contains(&&*plain(written))
}

/// `ExponentialJitter`, `exponential-jitter` and `exponential_jitter` are the same word to a reader.
pub(crate) fn plain(word: &str) -> String {
    word.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::policy::Key;

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
            ("timeout_ms", Some("attempt_timeout")),
            ("timeoutInMillis", Some("attempt_timeout")),
            ("attempt_timeout_seconds", Some("attempt_timeout")),
            ("kind_ms", None),
            ("reset_timeout_secs", None),
            ("ms", None),
            ("kind", None),
        ] {
            assert_eq!(by_meaning(written, &top), meant, "{written}");
        }
        assert_eq!(by_meaning("concurrency", &["max_concurrent"]), Some("max_concurrent"));
        assert_eq!(by_meaning("constant", &["ConstantJitter", "Fixed"]), Some("Fixed"));
        assert_eq!(by_meaning("full_jitter", &["exponential_jitter"]), Some("exponential_jitter"));
        assert!(is_no_clause("retry") && !is_no_clause("breaker"));
    }

    #[test]
    fn retries_are_told_that_attempts_count_the_first_try() {
        for written in ["retries", "max_retries", "MaxRetryAttempts"] {
            assert_eq!(hint_behind(written, "max_attempts"), ", which counts the first try too", "{written}");
        }
        assert_eq!(hint_behind("tries", "max_attempts"), "");
        assert!(hint_behind("retry_delay_ms", "base_delay").contains("5ms"));
    }

    #[test]
    fn every_word_means_a_key_that_there_is() {
        // Those of attributes alone.
        const CODE: &[&str] = &["service", "fallback", "static_response"];
        const VALUES: &[&str] = &["fixed", "exponential_jitter", "observe"];
        let is_key = |word: &str| Key::ALL.iter().any(|key| key.info().name == word);
        for meant in SYNONYMS.iter().flat_map(|(_, meant)| *meant) {
            assert!(is_key(meant) || CODE.contains(meant) || VALUES.contains(meant), "{meant}");
        }
    }

    #[test]
    fn words_are_plain_and_there_once() {
        for (at, (word, meant)) in SYNONYMS.iter().enumerate() {
            assert_eq!(*word, plain(word));
            assert!(!meant.is_empty() && SYNONYMS[at + 1..].iter().all(|(other, _)| other != word), "{word}");
        }
    }
}
