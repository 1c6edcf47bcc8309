//! Emits the event of a breaker's transition. In: a transition of a breaker. Out: its event.

use resilience_settings::policy::Value;

use super::target::Target;
use crate::breaker::Transition;
use crate::events::{Event, Rare, Readings, emit};

impl Target {
    /// Keeps a transition in the history and emits its event. Subscribers are foreign code and may panic: this must not
    /// be called under a lock, and comes after everything that a panic would interrupt.
    #[inline]
    pub(crate) fn announce(self, transition: Option<Transition>) {
        if let Some(transition) = transition {
            self.tell_of(transition);
        }
    }

    #[cold]
    fn tell_of(self, Transition { from, to, opened }: Transition) {
        let (service, is_open) = (self.service().name(), to.is_open());
        let (of, history) = (self.breaker_of(), &self.service().shared().history);
        let (from, to) = (from.name(), to.name());
        if !is_open {
            return emit(&Event::Rare(Rare::BreakerChanged { service, of, from, to }), history);
        }
        // The first question of whoever is woken by this is for how long. A breaker that is forced open has no break that
        // ends.
        let open_for = self.state().breaker.retry_after(self.service().now());
        let settings = self.service().policy().breaker.as_ref();
        let window = settings.map(|settings| Value::Window(settings.window));
        let are_slow_told = settings.is_some_and(|settings| settings.slow_call.is_some());
        let readings = opened.and_then(|opened| opened.counts).map(|counts| Readings {
            calls: counts.total(),
            failures: counts.failures(),
            failure_rate: counts.failure_rate().unwrap_or(0.0),
            slow_rate: counts.slow_rate().filter(|_| are_slow_told),
        });
        emit(
            &Event::Rare(Rare::BreakerOpened {
                service,
                of,
                from,
                to,
                open_for,
                window: window.as_ref().map(|window| window as _),
                opened_by: opened.map(|opened| opened.by.name()),
                readings,
            }),
            history,
        );
    }
}
