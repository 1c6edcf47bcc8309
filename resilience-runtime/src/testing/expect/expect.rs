//! Asserts what has happened to a service, in which order and how often. In: what a test expects of a service. Out: nothing, or a
//! panic with all that has happened to it.

use std::fmt::Display;

use super::happening::Happening;
use super::history::lines;
use crate::monitor::Entry;
use crate::registry::registry;

/// What has happened to a service up to now, for assertions on it. Made by [`expect`].
#[derive(Clone, Debug)]
pub struct Expect {
    service: String,
    /// Of the service, and of the process.
    entries: Vec<Entry>,
    /// The services to which anything has happened.
    services: Vec<&'static str>,
    seed: Option<u64>,
    /// How far what was expected last reaches: the place after it.
    after: usize,
    /// What was expected, and found.
    found: Vec<String>,
}

/// Takes what has happened to a service in the current isolated registry up to now.
///
/// The words that say how often ([`calls`](Expect::calls), [`attempts`](Expect::attempts), [`retries`](Expect::retries)) mean
/// exactly so often, all in all; the others at least once. With `then_` in front it has to come after what was expected
/// last: after the last of those that were counted, or the first of the others. What calls do is there when they do it, what an
/// attempt does when it ends.
///
/// # Panics
///
/// Outside of an isolated future, which alone keeps a record; and if that has had no room for all that has happened
/// (65,536 entries), as then nothing could be said.
#[track_caller]
#[must_use = "it says nothing without an expectation"]
pub fn expect(service: impl Into<String>) -> Expect {
    let registry = registry();
    let Some(record) = &registry.shared.history.record else {
        panic!("`testing::expect` was called outside of an isolated future, where nothing is recorded");
    };
    let (all, left_out) = record.read();
    assert!(left_out == 0, "{left_out} entries had no room in the record, so nothing can be said of it");
    let service = service.into();
    let mut services: Vec<_> = all.iter().filter_map(|entry| entry.service).collect();
    services.sort_unstable();
    services.dedup();
    let is_of_it = |entry: &Entry| entry.service.is_none_or(|of| of == service);
    Expect {
        entries: all.into_iter().filter(is_of_it).collect(),
        services,
        seed: registry.shared.chance.first_seed(),
        after: 0,
        found: Vec::new(),
        service,
    }
}

impl Expect {
    /// It happens exactly so often, all in all.
    ///
    /// # Panics
    ///
    /// If it does not, as all of these.
    #[track_caller]
    pub fn times(&mut self, times: usize, what: Happening) -> &mut Self {
        self.count(0, times, what, "")
    }

    /// It happens exactly so often after what was expected last.
    #[track_caller]
    pub fn then_times(&mut self, times: usize, what: Happening) -> &mut Self {
        self.count(self.after, times, what, ", then")
    }

    /// It happens, at any time.
    #[track_caller]
    pub fn once(&mut self, what: Happening) -> &mut Self {
        self.find(0, what, "")
    }

    /// It happens after what was expected last.
    #[track_caller]
    pub fn then(&mut self, what: Happening) -> &mut Self {
        self.find(self.after, what, ", then")
    }

    /// It does not happen, at any time.
    #[track_caller]
    pub fn never(&mut self, what: Happening) -> &mut Self {
        if let Some(place) = self.entries.iter().position(|entry| what.is(entry)) {
            let line = self.line(place);
            self.fail(&format_args!("expected never {what}, found one:{line}"));
        }
        self.found.push(format!("never {what}"));
        self
    }

    /// What has happened, with a line for each, as a failed assertion prints it.
    pub fn history(&self) -> String {
        lines(self.entries.iter())
    }

    #[track_caller]
    fn count(&mut self, from: usize, times: usize, what: Happening, then: &str) -> &mut Self {
        let places = self.places(from, what);
        let often = if times == 1 { "once".to_owned() } else { format!("{times} times") };
        let said = format!("{what} exactly {often}");
        if places.len() != times {
            self.fail(&format_args!("expected{then} {said}, found {}", places.len()));
        }
        self.go_on(places.last().copied(), from, said)
    }

    #[track_caller]
    fn find(&mut self, from: usize, what: Happening, then: &str) -> &mut Self {
        let place = self.places(from, what).first().copied();
        if place.is_none() {
            let earlier = self.places(0, what).last().map(|place| self.line(*place));
            let earlier =
                earlier.map(|line| format!(", the last one comes before:{line}")).unwrap_or_default();
            self.fail(&format_args!("expected{then} {what}, found none{earlier}"));
        }
        self.go_on(place, from, what.to_string())
    }

    fn places(&self, from: usize, what: Happening) -> Vec<usize> {
        (from..self.entries.len()).filter(|place| what.is(&self.entries[*place])).collect()
    }

    fn line(&self, place: usize) -> String {
        format!("\n{}", lines(self.entries.get(place).into_iter()).trim_end())
    }

    fn go_on(&mut self, place: Option<usize>, from: usize, said: String) -> &mut Self {
        self.after = place.map_or(from, |place| place + 1);
        self.found.push(said);
        self
    }

    #[track_caller]
    fn fail(&self, what: &dyn Display) -> ! {
        let Self { service, .. } = self;
        let after = match &*self.found.join(", then ") {
            "" => String::new(),
            found => format!("after: {found}\n"),
        };
        let seed = self.seed.map(|seed| format!(" (random numbers from seed {seed})")).unwrap_or_default();
        let history = self.history();
        let happened = if history.is_empty() && self.services.is_empty() {
            format!("nothing happened to any service{seed}")
        } else if self.services.contains(&service.as_str()) {
            format!("what happened to `{service}`{seed}:\n{history}")
        } else {
            let others = match &*self.services.join(", ") {
                "" => "nor to any other service".to_owned(),
                others => format!("something did to: {others}"),
            };
            format!(
                "nothing happened to `{service}`; {others}\nwhat happened to `{service}`{seed}:\n{history}"
            )
        };
        panic!("`{service}`: {what}\n{after}{happened}");
    }
}
