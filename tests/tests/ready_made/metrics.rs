//! A program that makes a call goes in, the metrics of its page come out: with the labels of each, and the values that a label may
//! have. Every value of a closed set is there from the start, so what the page has not, no program will ever say.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use resilience_runtime::store::MemoryStore;
use resilience_runtime::{Rejection, comprehensive_retry, render_prometheus};

/// What only programs with feature `testing` have, and only once a rule has hit.
pub(crate) const OF_CHAOS: &str = "resilience_chaos_injections_total";

/// Labels whose values are names of the program, or numbers.
const OPEN: [&str; 7] = ["dependency", "kind", "service_type", "template", "le", "rule", "store"];

/// What Prometheus adds for its targets, on Kubernetes and elsewhere.
const OF_TARGETS: [&str; 5] = ["service", "pod", "instance", "job", "namespace"];

static STORE: LazyLock<MemoryStore> = LazyLock::new(MemoryStore::default);

/// It has whatever brings a metric of its own.
#[comprehensive_retry("labelled", idempotency(key = key, store = STORE.clone()))]
async fn call(key: u32) -> Result<u32, Rejection> {
    Ok(key)
}

/// Its rules only say what they would do.
#[comprehensive_retry("watched", mode = Observe)]
async fn watched() -> Result<u32, Rejection> {
    Ok(2)
}

/// The labels of a metric, with their values.
type Labels = BTreeMap<String, BTreeSet<String>>;

/// The metrics by their names on the page.
pub(crate) struct Metrics(BTreeMap<String, Labels>);

pub(crate) fn metrics() -> &'static Metrics {
    static METRICS: LazyLock<Metrics> = LazyLock::new(|| {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
        assert_eq!(runtime.block_on(call(1)).expect("it succeeds"), 1);
        assert_eq!(runtime.block_on(watched()).expect("it succeeds"), 2);
        Metrics::of(&render_prometheus())
    });
    &METRICS
}

impl Metrics {
    fn of(page: &str) -> Self {
        let mut all: BTreeMap<String, Labels> = BTreeMap::new();
        all.entry(OF_CHAOS.to_owned()).or_default().entry("rule".to_owned()).or_default();
        for line in page.lines() {
            if let Some(named) = line.strip_prefix("# TYPE ") {
                all.entry(named.split(' ').next().expect("a name").to_owned()).or_default();
            }
            let Some((name, rest)) = line.split_once('{').filter(|_| !line.starts_with('#')) else {
                continue;
            };
            let (labels, _) = rest.rsplit_once('}').expect("the end of the labels");
            let known = all.entry(base(name).to_owned()).or_default();
            for label in labels.split(',') {
                let (label, value) = label.split_once('=').expect("a value");
                known.entry(label.to_owned()).or_default().insert(value.trim_matches('"').to_owned());
            }
        }
        assert!(all.len() > 25 && all["resilience_store_up"].contains_key("store"));
        assert!(all["resilience_idempotency_total"]["result"].len() > 10);
        assert!(all["resilience_would_total"]["decision"].len() > 8);
        Self(all)
    }

    /// Every name.
    pub(crate) fn names(&self) -> impl Iterator<Item = &str> {
        self.0.keys().map(String::as_str)
    }

    /// Every name with those of the parts of histograms.
    pub(crate) fn series(&self) -> BTreeSet<String> {
        let histograms = self.0.iter().filter(|(_, labels)| labels.contains_key("le"));
        let parts = histograms
            .flat_map(|(name, _)| ["_bucket", "_sum", "_count"].map(|part| format!("{name}{part}")));
        parts.chain(self.0.keys().cloned()).collect()
    }

    /// Every label of a closed set with each of its values, whichever metrics have them.
    pub(crate) fn words(&self) -> BTreeMap<&str, BTreeSet<&str>> {
        let mut words: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
        for (label, values) in self.0.values().flatten().filter(|(label, _)| !OPEN.contains(&label.as_str()))
        {
            words.entry(label).or_default().extend(values.iter().map(String::as_str));
        }
        words
    }

    /// Whether a metric, or what is recorded of one, has the label.
    pub(crate) fn has(&self, name: &str, label: &str) -> bool {
        // What is recorded of a service has no label of ours, and the other names say what they are of.
        let is_recorded_with = || name.starts_with(&format!("{label}:"));
        let has =
            |labels: &Labels| labels.contains_key(label) && (label != "le" || name.ends_with("_bucket"));
        OF_TARGETS.contains(&label) || is_recorded_with() || self.0.get(base(name)).is_some_and(has)
    }

    /// Whether the label of this metric can have the value.
    pub(crate) fn can_be(&self, name: &str, label: &str, value: &str) -> bool {
        let is_open = OPEN.contains(&label) || OF_TARGETS.contains(&label);
        is_open || self.0.get(base(name)).is_some_and(|labels| labels[label].contains(value))
    }
}

/// The name of a metric without that of a part of a histogram.
fn base(name: &str) -> &str {
    let part = ["_bucket", "_sum", "_count"].iter().find_map(|part| name.strip_suffix(part));
    part.filter(|name| name.ends_with("_seconds")).unwrap_or(name)
}
