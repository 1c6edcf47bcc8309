//! Runs load shedding (`start_load_shedding`): measures, and puts the level in force that `shed/level` decides. In: its settings,
//! readings of the process, calls in flight. Out: the pressure, and which calls are shed.

use std::io;

use resilience_settings::Priority;

use resilience_settings::policy::SheddingSettings;

use tokio::runtime::Handle;

use super::global::registry;
use super::registry::Registry;
use super::shared::Shared;
use crate::events::{Event, Rare, emit};
use crate::priority::Admitted;
use crate::shed::{Host, LagProbe, LevelHysteresis, Queues, Readings, SheddingLevel, Source};

/// Samples the process until dropped. Made by [`start_load_shedding`].
#[derive(Debug)]
#[must_use = "calls are shed only as long as this is kept"]
pub struct Shedding {
    registry: &'static Registry,
    /// None for the registry of a test.
    probe: Option<LagProbe>,
}

impl Drop for Shedding {
    fn drop(&mut self) {
        if let Some(probe) = &self.probe {
            let pressure = &self.registry.shared.pressure;
            self.registry.shared.sampling.leave(probe.timer_lag(), || {
                pressure.publish(0.0, SheddingLevel::Nothing);
            });
        }
    }
}

/// Begins to shed calls by priority while the process is under pressure, until the guard is dropped.
///
/// A thread of its own measures, four times a second:
///
/// | what | how | threshold (`[global.shedding]`) |
/// | --- | --- | --- |
/// | processor | share used in the last second, of the quota of the control group, or else of the processors on which the process may run | `cpu` |
/// | memory | share in use of the limit of the control group, or else of the machine; pages of files that can go do not count | `memory` |
/// | the runtime | by how much timers are late all the time | `scheduler_lag` |
/// | queues | how long all attempts of some priority wait that have to, for the priority that waits longest | `queue_time` |
/// | calls | how many run | `max_in_flight` |
///
/// The pressure is the largest of these, each divided by its threshold. From 1 on calls of priority `Low` are
/// rejected with [`Shed`](crate::RejectionKind::Shed), from 1.2 also `Normal`, from 1.5 also `High`, and `Critical` never.
/// A level is left once the pressure has been below it for `recover_after`. A share cannot go far above 1, so a
/// threshold of 0.9 for processor or memory sheds `Low` calls and no others; write 0.66 to go up to `High`.
///
/// The program starts this and the file tunes it, live: without a `[global.shedding]` the defaults of
/// [`SheddingSettings`] hold, `enabled = false` there switches it off, and loading a file starts nothing. The runtime
/// in which this is called is the one whose timers are watched. Programs with several runtimes call it in each; they
/// share the thread. A current-thread runtime that is not being driven counts as late.
///
/// Processor and memory are read on Linux; elsewhere the other sources stand alone. For a registry that
/// `testing::isolated` makes nothing is measured, and tests set the pressure by hand.
///
/// # Errors
///
/// Outside a tokio runtime, and when the system has no thread to give.
///
/// # Panics
///
/// In a runtime without timers, as `tokio::time::sleep` does.
///
/// ```
/// # #[tokio::main(flavor = "current_thread")] async fn main() -> std::io::Result<()> {
/// let _shedding = resilience_runtime::start_load_shedding()?;
/// // … the program, for as long as it serves
/// # Ok(())
/// # }
/// ```
pub fn start_load_shedding() -> io::Result<Shedding> {
    registry().start_load_shedding()
}

impl Registry {
    /// [`start_load_shedding`] for this registry.
    ///
    /// # Errors
    ///
    /// As there.
    ///
    /// # Panics
    ///
    /// As there.
    pub fn start_load_shedding(&'static self) -> io::Result<Shedding> {
        let runtime = Handle::try_current().map_err(io::Error::other)?;
        // There is no way to ask for timers; better here than in a task where nobody sees it.
        drop(tokio::time::sleep(std::time::Duration::ZERO));
        // A busy machine fails no test; the program itself is to measure, whoever turns the feature on in its build.
        if self.clock().is_virtual() {
            return Ok(Shedding { registry: self, probe: None });
        }
        self.sample(&runtime)
    }

    /// How hard the process is pressed: the worst measurement divided by its threshold, 1 where shedding begins.
    /// 0 while nothing measures.
    pub fn pressure(&self) -> f64 {
        self.shared.pressure.value()
    }

    /// Which calls are shed now.
    pub fn shedding_level(&self) -> SheddingLevel {
        self.shared.pressure.level()
    }

    /// Whether a call of that priority would be shed now.
    #[inline]
    pub fn sheds(&self, priority: Priority) -> bool {
        self.shared.pressure.sheds(priority)
    }

    fn sample(&'static self, runtime: &Handle) -> io::Result<Shedding> {
        let probe = LagProbe::start(runtime);
        self.shared.sampling.join(probe.timer_lag(), || {
            let mut host = Host::new();
            let mut hysteresis = LevelHysteresis::default();
            move || self.take_sample(&mut host, &mut hysteresis)
        })?;
        Ok(Shedding { registry: self, probe: Some(probe) })
    }

    fn take_sample(&self, host: &mut Host, hysteresis: &mut LevelHysteresis) {
        let settings = self.lock().shedding().unwrap_or_else(asked_for);
        let readings = if settings.enabled { self.measure(host, &settings) } else { Readings::default() };
        self.evaluate(&readings, &settings, hysteresis);
    }

    fn measure(&self, host: &mut Host, settings: &SheddingSettings) -> Readings {
        Readings {
            cpu: host.cpu(),
            memory: host.memory(),
            scheduler_lag: self.shared.sampling.lag(),
            queue_time: self.shared.pressure.queues.take(),
            in_flight: settings.max_in_flight.map_or(0, |_| self.calls_in_flight()),
        }
    }

    fn evaluate(&self, readings: &Readings, settings: &SheddingSettings, hysteresis: &mut LevelHysteresis) {
        if !settings.enabled {
            *hysteresis = LevelHysteresis::default();
            self.announce_shedding(self.shared.pressure.publish(0.0, SheddingLevel::Nothing), 0.0, None);
            return;
        }
        let (value, source) = readings.pressure(settings);
        let level = hysteresis.step(value, self.shared.clock.now(), settings.recover_after);
        self.announce_shedding(self.shared.pressure.publish(value, level), value, Some(source));
    }

    fn announce_shedding(&self, before: SheddingLevel, pressure: f64, source: Option<Source>) {
        let level = self.shedding_level();
        let shed = level.name();
        let (from, history) = (before.name(), &self.shared.history);
        if level > before {
            let source = source.map(Source::name);
            emit(&Event::Rare(Rare::ShedsMore { from, shed, pressure, source }), history);
        } else if level < before {
            emit(&Event::Rare(Rare::ShedsFewer { from, shed, pressure }), history);
        }
    }

    fn calls_in_flight(&self) -> u64 {
        self.services.iter().map(|service| service.calls_in_flight()).sum()
    }

    #[cfg(feature = "testing")]
    pub(crate) fn set_pressure(&self, pressure: f64) {
        self.shared.pressure.publish(pressure, SheddingLevel::at(pressure));
    }
}

/// The settings of a process whose program has asked for shedding, and whose file says nothing about it.
fn asked_for() -> SheddingSettings {
    resilience_settings::config::shedding::written()
}

impl Shared {
    #[inline]
    pub(crate) fn sheds_anything(&self) -> bool {
        self.pressure.sheds_anything()
    }

    #[inline]
    pub(crate) fn sheds_call(&self, call: Admitted) -> bool {
        self.pressure.sheds_call(call)
    }

    /// Where attempts say how long they waited in a queue of ours.
    #[inline]
    pub(crate) fn queues(&self) -> &Queues {
        &self.pressure.queues
    }
}

#[cfg(all(test, feature = "config"))]
mod tests;
