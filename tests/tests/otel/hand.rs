//! A meter provider that collects where and when it is told to, on the thread that says so.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use opentelemetry::metrics::{
    AsyncInstrument, AsyncInstrumentBuilder, Histogram, HistogramBuilder, InstrumentProvider, Meter,
    MeterProvider, ObservableCounter, ObservableGauge, SyncInstrument,
};
use opentelemetry::{InstrumentationScope, KeyValue};

/// What kind an instrument is of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Counter,
    Gauge,
    Histogram,
}

/// An instrument as it was asked for.
#[derive(Clone, Debug)]
pub(crate) struct Described {
    pub(crate) name: String,
    pub(crate) unit: Option<String>,
    pub(crate) help: String,
    pub(crate) kind: Kind,
    pub(crate) boundaries: Vec<f64>,
}

/// The values of series: by name and labels, as in `resilience.calls{dependency=a,outcome=success}`.
pub(crate) type Series = HashMap<String, f64>;

type Observe = Arc<dyn Fn(&mut (dyn FnMut(f64, &[KeyValue]) + Send)) + Send + Sync>;

/// The provider.
#[derive(Clone, Default)]
pub(crate) struct Hand(Arc<Instruments>);

#[derive(Default)]
struct Instruments {
    described: Mutex<Vec<Described>>,
    observed: Mutex<Vec<(String, Observe)>>,
    recorded: Arc<Mutex<Vec<f64>>>,
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Hand {
    /// The instruments, in the order in which they were made.
    pub(crate) fn described(&self) -> Vec<Described> {
        lock(&self.0.described).clone()
    }

    /// Asks all instruments that are observed.
    pub(crate) fn collect(&self) -> Series {
        let mut series = Series::new();
        self.collect_into(&mut |name, value, attributes| {
            let labels: Vec<_> =
                attributes.iter().map(|label| format!("{}={}", label.key, label.value)).collect();
            let before = series.insert(format!("{name}{{{}}}", labels.join(",")), value);
            assert_eq!(before, None, "{name} {labels:?} was observed twice");
        });
        series
    }

    /// The same by an SDK that panics at each value.
    pub(crate) fn panic_within(&self, at_each: &mut (dyn FnMut() + Send)) {
        self.collect_into(&mut |_, _, _| at_each());
    }

    /// Collects, and collects again within the first value of each instrument: by an SDK that tells somebody of what it does who
    /// asks for all values.
    pub(crate) fn collect_within(&self) -> Vec<Series> {
        let (mut inner, mut last) = (Vec::new(), String::new());
        self.collect_into(&mut |name, _, _| {
            if last != name {
                name.clone_into(&mut last);
                inner.push(self.collect());
            }
        });
        inner
    }

    fn collect_into(&self, to: &mut (dyn FnMut(&str, f64, &[KeyValue]) + Send)) {
        // Without the lock: whoever takes a value may collect as well.
        let observed = lock(&self.0.observed).clone();
        for (name, observe) in &observed {
            observe(&mut |value, attributes| to(name, value, attributes));
        }
    }

    fn describe<T>(&self, name: &str, (unit, help): (Option<T>, Option<T>), kind: Kind, boundaries: Vec<f64>)
    where
        T: Into<String>,
    {
        let help = help.map_or_else(String::new, Into::into);
        let described =
            Described { name: name.to_owned(), unit: unit.map(Into::into), help, kind, boundaries };
        lock(&self.0.described).push(described);
    }
}

impl MeterProvider for Hand {
    fn meter_with_scope(&self, _: InstrumentationScope) -> Meter {
        Meter::new(Arc::new(self.clone()))
    }
}

/// Takes what a callback observes. The trait wants it shared, so that a cell holds who listens.
struct Observer<'a>(Mutex<&'a mut Listener<'a>>);

type Listener<'a> = dyn FnMut(f64, &[KeyValue]) + Send + 'a;

impl AsyncInstrument<f64> for Observer<'_> {
    fn observe(&self, value: f64, attributes: &[KeyValue]) {
        (lock(&self.0))(value, attributes);
    }
}

impl AsyncInstrument<u64> for Observer<'_> {
    #[expect(clippy::cast_precision_loss, reason = "small counts")]
    fn observe(&self, value: u64, attributes: &[KeyValue]) {
        (lock(&self.0))(value as f64, attributes);
    }
}

/// Keeps what is recorded.
struct Recorder(Arc<Mutex<Vec<f64>>>);

impl SyncInstrument<f64> for Recorder {
    fn measure(&self, value: f64, _: &[KeyValue]) {
        lock(&self.0).push(value);
    }
}

impl Hand {
    fn observe<I, T: 'static>(&self, builder: AsyncInstrumentBuilder<'_, I, T>, kind: Kind)
    where
        for<'a> Observer<'a>: AsyncInstrument<T>,
    {
        let name = builder.name.into_owned();
        self.describe(&name, (builder.unit, builder.description), kind, Vec::new());
        for callback in builder.callbacks {
            let observe =
                move |to: &mut (dyn FnMut(f64, &[KeyValue]) + Send)| callback(&Observer(Mutex::new(to)));
            lock(&self.0.observed).push((name.clone(), Arc::new(observe)));
        }
    }
}

impl InstrumentProvider for Hand {
    fn u64_observable_counter(
        &self,
        builder: AsyncInstrumentBuilder<'_, ObservableCounter<u64>, u64>,
    ) -> ObservableCounter<u64> {
        self.observe(builder, Kind::Counter);
        ObservableCounter::new()
    }

    fn f64_observable_counter(
        &self,
        builder: AsyncInstrumentBuilder<'_, ObservableCounter<f64>, f64>,
    ) -> ObservableCounter<f64> {
        self.observe(builder, Kind::Counter);
        ObservableCounter::new()
    }

    fn f64_observable_gauge(
        &self,
        builder: AsyncInstrumentBuilder<'_, ObservableGauge<f64>, f64>,
    ) -> ObservableGauge<f64> {
        self.observe(builder, Kind::Gauge);
        ObservableGauge::new()
    }

    fn f64_histogram(&self, builder: HistogramBuilder<'_, Histogram<f64>>) -> Histogram<f64> {
        let texts = (builder.unit, builder.description);
        self.describe(&builder.name, texts, Kind::Histogram, builder.boundaries.unwrap_or_default());
        Histogram::new(Arc::new(Recorder(Arc::clone(&self.0.recorded))))
    }
}
