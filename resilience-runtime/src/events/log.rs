//! Decides how each event reads in the log: the text of its line, level, target and fields. In: an event. Out: its line.
//!
//! Targets, levels, messages and names of fields are what filters and dashboards of users go by.

use tracing::{Value, debug, info, warn};

#[cfg(feature = "server")]
use super::event::OfServer;
use super::event::{Allowed, Event, Function, OfCall, Rare};
use super::summary;
use resilience_settings::printable::{Printable, shown};

/// Writes the line.
pub(super) fn write(event: &Event<'_>, left_out: u64) {
    match *event {
        Event::Rare(rare) => write_rare(rare),
        Event::OfCall(function, what) => write_of_call(function, what, (left_out > 0).then_some(left_out)),
        #[cfg(feature = "testing")]
        Event::Step(..) => {}
    }
}

fn write_rare(event: Rare<'_>) {
    match event {
        Rare::BreakerOpened { service, of: _, from, to, open_for, window, opened_by, readings } => {
            // Displayed, as it may have come from outside: a `&str` is written as it is by some subscribers.
            let service = Printable(service);
            let open_for = open_for.map_or_else(|| "further notice".to_owned(), |rest| format!("{rest:.1?}"));
            let window = window.map(ToString::to_string);
            warn!(
                target: "resilience::breaker",
                %service,
                %from,
                %to,
                opened_by,
                failure_rate = readings.map(|readings| readings.failure_rate),
                slow_rate = readings.and_then(|readings| readings.slow_rate),
                failures = readings.map(|readings| readings.failures),
                calls = readings.map(|readings| readings.calls),
                %open_for,
                window,
                "breaker opened"
            );
        }
        Rare::BreakerChanged { service, of: _, from, to } => {
            let service = Printable(service);
            info!(target: "resilience::breaker", %service, %from, %to, "breaker changed");
        }
        Rare::BudgetExhausted { service } => {
            warn!(target: "resilience::budget", service = %Printable(service), "retry budget exhausted");
        }
        Rare::BudgetRefilled { service } => {
            info!(target: "resilience::budget", service = %Printable(service), "retry budget refilled");
        }
        Rare::ShedsMore { from: _, shed, pressure, source } => {
            warn!(target: "resilience::shed", %shed, pressure, source, "shedding calls up to this priority");
        }
        Rare::ShedsFewer { from: _, shed, pressure } => {
            info!(target: "resilience::shed", %shed, pressure, "shedding fewer calls");
        }
        Rare::OverrideSet { service } => {
            info!(target: "resilience::config", service = %Printable(service), "settings overridden at run time");
        }
        Rare::OverrideCleared { service } => {
            info!(target: "resilience::config", service = %Printable(service), "run-time override taken back");
        }
        #[cfg(any(test, feature = "config"))]
        Rare::ConfigurationApplied => debug!(target: "resilience::config", "configuration in force"),
        #[cfg(feature = "config")]
        Rare::ConfigurationTurnedDown => debug!(target: "resilience::config", "configuration not in force"),
        Rare::Found { finding } => warn!(target: "resilience::config", "{finding}"),
        Rare::RedirectCycle { service, function, file, line } => warn!(
            target: "resilience::degrade",
            service = %Printable(service),
            function,
            file,
            line,
            "the redirects or fallbacks of this function lead back to it; such a call is rejected (said once)"
        ),
        Rare::Summary(told) => summary::write(told),
        #[cfg(feature = "otel")]
        Rare::SeriesOverflow { services } => warn!(
            target: "resilience::otel",
            services,
            "OpenTelemetry may not have room for the series of so many services, and would put what is over into one \
             series: add `export::otel::views` to the provider and `room_for` to the exporter (said once)"
        ),
        Rare::StoreAway { .. }
        | Rare::StoreBack { .. }
        | Rare::ResultNotStored { .. }
        | Rare::ResultsEvicted => write_of_store(event),
        #[cfg(feature = "testing")]
        Rare::ChaosArmed { rule, target, does, .. } => warn!(
            target: "resilience::chaos",
            rule = %Printable(rule),
            at = %Printable(target),
            does,
            "chaos rule armed"
        ),
        #[cfg(feature = "testing")]
        Rare::ChaosDisarmed { rule, injected, .. } => {
            warn!(target: "resilience::chaos", rule = %Printable(rule), injected, "chaos rule disarmed");
        }
        Rare::NoThread { thread, error } => warn!(
            target: "resilience::thread",
            thread,
            %error,
            "a thread cannot be started: going on without it; raise the limit on threads or memory of this process"
        ),
        #[cfg(feature = "server")]
        Rare::OfServer(what) => write_of_server(what),
        #[cfg(feature = "config")]
        Rare::ConfigurationLoaded { .. }
        | Rare::ConfigurationReloaded { .. }
        | Rare::ConfigurationRefused { .. } => write_of_configuration(event),
    }
}

/// What an operator does is a warning: it explains everything that follows.
#[cfg(feature = "server")]
fn write_of_server(what: OfServer<'_>) {
    use tracing::error;

    match what {
        OfServer::Started { address } => {
            info!(target: "resilience::server", %address, "the dashboard is served");
        }
        OfServer::NotStarted { address, error } => error!(
            target: "resilience::server",
            %address,
            %error,
            "the server that the file asks for does not run; it is tried again"
        ),
        OfServer::AcceptsNone { error } => warn!(
            target: "resilience::server",
            %error,
            "the dashboard accepts no connection: raise the limit on open files of this process"
        ),
        OfServer::Acted { service, known: _, action, changed, lifetime_seconds } => warn!(
            target: "resilience::operator",
            service = %Printable(service),
            action,
            %changed,
            lifetime_seconds,
            "an operator acted through the dashboard"
        ),
        OfServer::TimeIsUp { service, known: _, of } => warn!(
            target: "resilience::operator",
            service = %Printable(service),
            of,
            "the time of an operator's action is up, and it is undone"
        ),
    }
}

#[cfg(feature = "config")]
fn write_of_configuration(event: Rare<'_>) {
    use tracing::error;

    match event {
        Rare::ConfigurationLoaded { path, services } => {
            info!(target: "resilience::config", path = %Printable(path), services, "configuration loaded");
        }
        Rare::ConfigurationReloaded { path, is_back: true } => info!(
            target: "resilience::config",
            path = %Printable(path),
            "configuration accepted again, and in force"
        ),
        Rare::ConfigurationReloaded { path, is_back: false } => {
            info!(target: "resilience::config", path = %Printable(path), "configuration reloaded");
        }
        Rare::ConfigurationRefused { path, error } => error!(
            target: "resilience::config",
            path = %Printable(path),
            "configuration refused, the last good one stays in force\n{error}"
        ),
        _ => {}
    }
}

fn write_of_call(Function { service, function, .. }: Function<'_>, what: OfCall, left_out: Option<u64>) {
    let service = &*shown(service);
    match what {
        OfCall::Retrying { attempt, allowed, delay, outcome, why } => debug!(
            target: "resilience::retry",
            service,
            function,
            attempt,
            max_attempts = number(&allowed),
            delay_seconds = delay.as_secs_f64(),
            outcome,
            decided_by = why.decided_by,
            class = why.class,
            status = why.status,
            left_out,
            "retrying"
        ),
        OfCall::Failed { attempts, allowed, reason, rejection, why } => debug!(
            target: "resilience::call",
            service,
            function,
            attempts,
            max_attempts = number(&allowed),
            reason,
            decided_by = why.decided_by,
            class = why.class,
            status = why.status,
            rejection,
            left_out,
            "call failed"
        ),
        OfCall::Would { decision, reason, delay } => debug!(
            target: "resilience::observe",
            service,
            function,
            decision,
            reason,
            delay_seconds = delay.map(|delay| delay.as_secs_f64()),
            left_out,
            "would have acted"
        ),
        OfCall::LeftAlone => {
            debug!(target: "resilience::degrade", service, function, left_out, "an error that is not answered for");
        }
        OfCall::NoAnswer { source, reason } => {
            debug!(target: "resilience::degrade", service, function, source, reason, left_out, "no answer");
        }
        #[cfg(feature = "testing")]
        OfCall::Injected { rule, fault } => debug!(
            target: "resilience::chaos",
            service,
            function,
            rule = %Printable(rule),
            fault,
            left_out,
            "fault injected"
        ),
        OfCall::Answered { source, stale } => debug!(
            target: "resilience::degrade",
            service,
            function,
            source,
            stale,
            left_out,
            "answered for a failed call"
        ),
    }
}

/// A number wherever there is one, so that filters can compare it.
fn number(allowed: &Allowed) -> &dyn Value {
    match allowed {
        Allowed::AtMost(attempts) => attempts,
        Allowed::Unlimited => &"unlimited",
    }
}

fn write_of_store(event: Rare<'_>) {
    match event {
        Rare::StoreAway { store, reason } => {
            let (store, reason) = (Printable(store), Printable(reason));
            warn!(target: "resilience::idempotency", %store, %reason, "store is away");
        }
        Rare::StoreBack { store } => {
            info!(target: "resilience::idempotency", store = %Printable(store), "store is back");
        }
        Rare::ResultNotStored { service, function, store } => warn!(
            target: "resilience::idempotency",
            service = %Printable(service),
            function,
            store = %Printable(store),
            "result was not stored: a repetition of this call may run again"
        ),
        Rare::ResultsEvicted => warn!(
            target: "resilience::idempotency",
            "results were removed from memory before their time, for want of room (said once)"
        ),
        _ => {}
    }
}
