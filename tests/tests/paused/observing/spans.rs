//! Spans of calls and attempts, as OpenTelemetry gets them through `tracing-opentelemetry`: who lies within whom, and what each
//! says.

use std::collections::HashMap;
use std::sync::atomic::{AtomicU32, Ordering};

use opentelemetry::trace::{Status, TracerProvider as _};
use opentelemetry_sdk::trace::{InMemorySpanExporter, SdkTracerProvider, SpanData};
use resilience_runtime::{comprehensive_retry, testing};
use tracing::span::{Attributes, Id};
use tracing::subscriber::set_default;
use tracing::{Subscriber, info_span};
use tracing_subscriber::layer::{Context, SubscriberExt as _};
use tracing_subscriber::{Layer, Registry};

use crate::script::{
    Answer, Fail, Fault, Hang, Script, Step, call, configure, ms, rejected, service, slow, stats,
};

const ON: &str = "[global]\ntracing_spans = true";

/// A span by words: its name, then what it says.
#[derive(Debug)]
struct Seen {
    spans: Vec<SpanData>,
}

impl Seen {
    fn name(&self, span: &SpanData) -> String {
        let number = self.of(&span.name).iter().position(|other| other.span_context == span.span_context);
        format!("{} {}", span.name, number.unwrap_or_default())
    }

    /// Those of that name, in the order in which they began.
    fn of(&self, name: &str) -> Vec<&SpanData> {
        let mut of: Vec<_> = self.spans.iter().filter(|span| span.name == name).collect();
        of.sort_by_key(|span| (span.start_time, span.span_context.span_id().to_string()));
        of
    }

    /// Within whom a span is.
    fn parent(&self, span: &SpanData) -> Option<String> {
        let is_it = |other: &&SpanData| other.span_context.span_id() == span.parent_span_id;
        self.spans.iter().find(is_it).map(|parent| self.name(parent))
    }
}

fn says(span: &SpanData, key: &str) -> Option<String> {
    let label = span.attributes.iter().find(|label| label.key.as_str() == key);
    label.map(|label| label.value.to_string())
}

fn has_failed(span: &SpanData) -> bool {
    matches!(span.status, Status::Error { .. })
}

/// Runs this in a registry of its own with those settings; gives back the spans.
async fn spans_of(settings: &str, scene: impl AsyncFnOnce()) -> Seen {
    let exporter = InMemorySpanExporter::default();
    let provider = SdkTracerProvider::builder().with_simple_exporter(exporter.clone()).build();
    let layer = tracing_opentelemetry::layer().with_tracer(provider.tracer("spans"));
    let subscriber = set_default(Registry::default().with(layer));
    testing::isolated(async {
        configure(settings);
        scene().await;
    })
    .await;
    drop(subscriber);
    Seen { spans: exporter.get_finished_spans().expect("spans") }
}

/// Makes a span of its own at each attempt, before and after it has waited.
#[comprehensive_retry("svc", idempotent = true, hedge(after = "5ms", max = 2))]
async fn hedged(script: &Script) -> Result<u32, Fault> {
    info_span!("body before").in_scope(|| ());
    let outcome = script.step().await;
    info_span!("body after").in_scope(|| ());
    outcome
}

/// Without spans of its own, whose panics would be those of the body.
#[comprehensive_retry("svc", idempotent = true, hedge(after = "5ms", max = 2))]
async fn hedged_quietly(script: &Script) -> Result<u32, Fault> {
    script.step().await
}

#[comprehensive_retry("outer", max_attempts = 2, base_delay = 0.0)]
async fn outer(script: &Script) -> Result<u32, Fault> {
    call(script).await
}

#[tokio::test(start_paused = true)]
async fn a_call_has_a_span_and_each_of_its_attempts_one_within_it_wherever_it_goes_on() {
    let seen = spans_of(&format!("max_attempts = 3\nbase_delay = '2ms'\n{ON}"), async || {
        let script = Script::new([slow(1, Fail(Fault::Down)), slow(1, Answer(7))]);
        let within = info_span!("request");
        let entered = within.clone();
        let task = tokio::spawn(testing::inherit(async move {
            let entered = entered.entered();
            let call = call(&script);
            drop(entered);
            call.await
        }));
        drop(within);
        assert_eq!(task.await.expect("it ends"), Ok(7));
    })
    .await;
    let (calls, attempts) = (seen.of("resilience.call"), seen.of("resilience.attempt"));
    assert_eq!((calls.len(), attempts.len()), (1, 2), "{seen:#?}");
    assert!(attempts.iter().all(|attempt| seen.parent(attempt).as_deref() == Some("resilience.call 0")));
    assert_eq!(says(calls[0], "resilience.dependency").as_deref(), Some("svc"));
    assert_eq!(says(calls[0], "resilience.attempts").as_deref(), Some("2"));
    assert_eq!((says(calls[0], "error.type"), has_failed(calls[0])), (None, false));

    assert_eq!(says(attempts[0], "http.request.resend_count"), None);
    assert_eq!(says(attempts[0], "resilience.attempt.type").as_deref(), Some("original"));
    assert_eq!(says(attempts[0], "error.type").as_deref(), Some("retryable"));
    assert!(has_failed(attempts[0]) && !has_failed(attempts[1]));
    assert_eq!(says(attempts[1], "http.request.resend_count").as_deref(), Some("1"));
    assert_eq!(says(attempts[1], "resilience.attempt.type").as_deref(), Some("retry"));
    assert_eq!(says(attempts[1], "resilience.breaker.state").as_deref(), Some("closed"));
    assert!(attempts[0].end_time <= attempts[1].start_time, "the delay is in neither");
}

#[tokio::test(start_paused = true)]
async fn a_call_within_another_lies_within_the_attempt_of_that() {
    let seen = spans_of(&format!("max_attempts = 1\n{ON}"), async || {
        let script = Script::new([slow(1, Fail(Fault::Down)), slow(1, Answer(7))]);
        let request = info_span!("request");
        let outcome = tracing::Instrument::instrument(outer(&script), request).await;
        assert_eq!(outcome, Ok(7));
    })
    .await;
    let dependency = |span: &SpanData| says(span, "resilience.dependency").unwrap_or_default();
    let calls = seen.of("resilience.call");
    let parents: Vec<_> = calls.iter().map(|call| (dependency(call), seen.parent(call))).collect();
    assert_eq!(calls.len(), 3, "{seen:#?}");
    assert_eq!(parents[0], ("outer".to_owned(), Some("request 0".to_owned())));
    // Each inner call within an attempt of the outer one, and not of its own.
    let mut within = HashMap::new();
    for call in &calls[1..] {
        assert_eq!(dependency(call), "svc");
        let attempt = seen.spans.iter().find(|span| span.span_context.span_id() == call.parent_span_id);
        let attempt = attempt.expect("it lies within something");
        assert_eq!(
            (&*attempt.name, attempt.parent_span_id),
            ("resilience.attempt", calls[0].span_context.span_id())
        );
        *within.entry(attempt.span_context.span_id()).or_insert(0) += 1;
    }
    assert_eq!(within.len(), 2, "one for each attempt");
    let trace = calls[0].span_context.trace_id();
    assert!(seen.spans.iter().all(|span| span.span_context.trace_id() == trace));
}

#[tokio::test(start_paused = true)]
async fn copies_of_an_attempt_have_spans_of_their_own_side_by_side() {
    let seen = spans_of(&format!("max_attempts = 1\n{ON}"), async || {
        let script = Script::new([slow(20, Answer(1)), slow(3, Answer(2))]);
        assert_eq!(hedged(&script).await, Ok(2));
    })
    .await;
    let attempts = seen.of("resilience.attempt");
    let of_type = |of: &str| {
        let mut of_type =
            attempts.iter().filter(|span| says(span, "resilience.attempt.type").as_deref() == Some(of));
        of_type.next().copied().expect("one of that type")
    };
    let (original, hedge) = (of_type("original"), of_type("hedge"));
    assert_eq!(attempts.len(), 2, "{seen:#?}");
    assert_eq!(seen.parent(original), seen.parent(hedge));
    assert_eq!(says(original, "resilience.outcome").as_deref(), Some("abandoned"));
    assert_eq!(says(hedge, "resilience.outcome"), None);
    assert_eq!(says(hedge, "http.request.resend_count").as_deref(), Some("1"));
    assert!(!has_failed(original) && !has_failed(hedge));
    // Both were under way when the copies were polled in turn, and each body was within its own.
    let within = |name: &str| -> Vec<_> { seen.of(name).iter().map(|span| span.parent_span_id).collect() };
    let (original, hedge) = (original.span_context.span_id(), hedge.span_context.span_id());
    let before = within("body before");
    assert!(before.len() == 2 && before.contains(&original) && before.contains(&hedge));
    assert_eq!(within("body after"), [hedge]);
}

#[tokio::test(start_paused = true)]
async fn a_rejected_call_is_a_short_span_with_an_error_and_without_an_attempt() {
    let seen = spans_of(&format!("max_attempts = 3\n{ON}"), async || {
        let script = Script::new([Answer(1)]);
        assert_eq!(call(&script).await, Ok(1));
        service().force_open();
        assert!(rejected(&call(&script).await).is_some());
    })
    .await;
    let (calls, attempts) = (seen.of("resilience.call"), seen.of("resilience.attempt"));
    assert_eq!((calls.len(), attempts.len()), (2, 1), "{seen:#?}");
    let rejected = calls.iter().find(|call| has_failed(call)).expect("one has failed");
    assert_eq!(says(rejected, "error.type").as_deref(), Some("circuit_open"));
    assert_eq!(says(rejected, "resilience.breaker.state").as_deref(), Some("forced_open"));
    assert_eq!(says(rejected, "resilience.attempts").as_deref(), Some("0"));
}

#[tokio::test(start_paused = true)]
async fn what_times_out_fails_for_good_or_is_dropped_says_so() {
    let seen =
        spans_of(&format!("max_attempts = 1\nattempt_timeout = '5ms'\nbreaker = 'off'\n{ON}"), async || {
            let _ = call(&Script::new([Hang])).await;
            assert_eq!(call(&Script::new([Fail(Fault::Wrong)])).await, Err(Fault::Wrong));
            let _ = tokio::time::timeout(ms(2), call(&Script::new([Hang]))).await;
        })
        .await;
    let kinds = |name: &str| -> Vec<_> {
        let of = seen.of(name);
        of.iter().map(|span| (says(span, "error.type"), says(span, "resilience.outcome"))).collect()
    };
    let word = |word: &str| Some(word.to_owned());
    let attempts = kinds("resilience.attempt");
    assert_eq!(attempts.len(), 3, "{seen:#?}");
    for expected in
        [(word("timed_out"), word("timed_out")), (word("never"), word("never")), (None, word("cancelled"))]
    {
        assert!(attempts.contains(&expected), "{expected:?} in {attempts:?}");
    }
    let calls: Vec<_> = kinds("resilience.call").into_iter().map(|(error, _)| error).collect();
    for expected in [word("attempt_timeout"), word("never"), None] {
        assert!(calls.contains(&expected), "{expected:?} in {calls:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn there_are_none_unless_the_file_asks_for_them() {
    let seen = spans_of("max_attempts = 2\nbase_delay = 0", async || {
        assert_eq!(call(&Script::new([Fail(Fault::Down), slow(1, Answer(1))])).await, Ok(1));
        assert_eq!(hedged(&Script::new([slow(9, Answer(1)), slow(1, Answer(2))])).await, Ok(2));
    })
    .await;
    assert!(seen.of("resilience.call").is_empty() && seen.of("resilience.attempt").is_empty(), "{seen:#?}");
}

/// Panics in what it is told of our spans when its turn has come.
struct Grumpy(AtomicU32);

impl Grumpy {
    fn burn(&self) {
        let left = self.0.load(Ordering::Relaxed);
        if left > 0 {
            self.0.store(left - 1, Ordering::Relaxed);
            assert!(left > 1, "a subscriber panics");
        }
    }
}

impl<S: Subscriber> Layer<S> for &'static Grumpy {
    fn on_new_span(&self, _: &Attributes<'_>, _: &Id, _: Context<'_, S>) {
        self.burn();
    }

    fn on_record(&self, _: &Id, _: &tracing::span::Record<'_>, _: Context<'_, S>) {
        self.burn();
    }

    fn on_enter(&self, _: &Id, _: Context<'_, S>) {
        self.burn();
    }

    fn on_exit(&self, _: &Id, _: Context<'_, S>) {
        self.burn();
    }

    fn on_close(&self, _: Id, _: Context<'_, S>) {
        self.burn();
    }
}

#[tokio::test(start_paused = true)]
async fn a_subscriber_that_panics_in_a_span_changes_no_call() {
    let grumpy: &'static Grumpy = Box::leak(Box::new(Grumpy(AtomicU32::new(0))));
    let _subscriber = set_default(Registry::default().with(grumpy));
    for length in 1..1_000 {
        let left = testing::isolated(async {
            configure(&format!("max_attempts = 2\nbase_delay = 0\nbreaker = 'off'\nbudget = 'off'\n{ON}"));
            grumpy.0.store(length, Ordering::Relaxed);
            assert_eq!(call(&Script::new([slow(1, Fail(Fault::Down)), Answer(1)])).await, Ok(1));
            assert_eq!(hedged_quietly(&Script::new([slow(9, Answer(1)), slow(1, Answer(2))])).await, Ok(2));
            let panicking = async {
                let _ = call(&Script::new([Step::Panic])).await;
            };
            assert!(tokio::spawn(testing::inherit(panicking)).await.is_err_and(|error| error.is_panic()));
            assert_eq!((stats().started(), stats().ended(), stats().in_flight()), (3, 3, 0));
            grumpy.0.swap(0, Ordering::Relaxed)
        })
        .await;
        if left > 0 {
            assert!(length > 30, "only {length} places");
            return;
        }
    }
    panic!("it never went through");
}
