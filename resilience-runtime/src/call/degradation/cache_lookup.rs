//! Asks the response cache of a site for one call, and hands it the answer of the call to keep; how old an answer may be,
//! `degrade/cached_answers` decides, which also keeps it. In: the key of the call. Out: an answer before it, a share in the
//! execution of another call with that key, or an answer after it has failed.

use std::fmt;
use std::future::poll_fn;
use std::hash::Hash;
use std::pin::pin;
use std::sync::Arc;
use std::task::{Poll, ready};

use resilience_settings::policy::{BreakerSettings, CacheMode, CacheSettings};

use crate::call::call::Call;
use crate::call::context::{Given, report_to_outer};
use crate::call::engine::full::call::FullCall;
use crate::call::engine::full::progress::Arrival;
use crate::clock::{Tick, nanos};
use crate::degrade::{self, Ahead, Kept, Lead, LeadLimit, ResponseCache, Told, Waiter};
use crate::events::CallStep;
use crate::monitor::CallOutcome;
use crate::source::Answered;
use crate::timer::Delay;
use crate::wakers::shielded;

/// The part of a response cache that belongs to the key of one call.
///
/// Dropped before [`learn`](Self::learn), it passes the duty to fetch the answer to another caller.
pub struct Lookup<Key: 'static, T: 'static> {
    entry: Option<Entry<Key, T>>,
    lead: Option<Lead<Key, T>>,
}

struct Entry<Key: 'static, T: 'static> {
    cache: &'static ResponseCache<Key, T>,
    settings: &'static CacheSettings,
    key: Key,
}

impl<K> Call<K> {
    /// The cache entry of a call. There is none when the cache or all degradation is off, in a call that is only observed,
    /// in one that passes through (its outer call may be the one that fetches the answer), and in a redirect that came
    /// back.
    #[inline]
    pub fn lookup<Key, T>(&mut self, key: Key) -> Lookup<Key, T>
    where
        Key: Hash + Eq + Clone + Send + Sync + 'static,
        T: Clone + Send + Sync + 'static,
    {
        let full = self.full();
        let settings = full.rules().cache.as_ref().filter(|_| full.may_be_answered());
        Lookup {
            entry: settings.map(|settings| {
                let cache = full.bound.caches().of(settings.capacity);
                // What is in force now and not what this call holds, or calls from before and after a reload
                // would resize the cache to and fro.
                if let Some(current) = &full.bound.rules().cache {
                    cache.resize(current.capacity);
                }
                Entry { cache, settings, key }
            }),
            lead: None,
        }
    }

    /// The cache, or the call that leads, has answered; this one makes no attempt.
    fn answered_ahead(&mut self, stale: bool) {
        let full = self.full();
        let attempt = full.attempt_target();
        let local = attempt.local_counters();
        local.site.cache_hit(local.by);
        full.service().step(|| CallStep::AnsweredAhead { stale });
        full.close(CallOutcome::Success, attempt.now(), local);
        report_to_outer(false, Given::Nothing);
        degrade::record(Answered::Cache { stale });
    }
}

impl<Key, T> Lookup<Key, T>
where
    Key: Hash + Eq + Clone + Send + Sync + 'static,
    T: Clone + Send + Sync + 'static,
{
    /// With `ReadThrough`, the answer that makes the call unnecessary: a fresh one, a stale one while another call
    /// fetches, or that of a call with the same key that is under way. `None` if this call has to be made, or its
    /// deadline has come.
    pub async fn ahead<K>(&mut self, call: &mut Call<K>) -> Option<T> {
        let entry = self.entry.as_ref()?;
        if entry.settings.mode != CacheMode::ReadThrough {
            return None;
        }
        let ahead = call.full().run_foreign(|full| {
            let clock = full.service().clock();
            entry.cache.ahead(&entry.key, full.started, entry.settings, clock, full.lead_limit())
        });
        let (kept, stale) = match ahead {
            Ahead::Hit(kept, stale) => (kept, stale),
            Ahead::Lead(lead) => {
                self.lead = Some(lead);
                return None;
            }
            Ahead::Wait(waiter) => {
                let heard = wait(waiter, call).await;
                call.full().arrival = Arrival::AfterWait;
                match heard? {
                    Told::Answer(kept) => (kept, false),
                    Told::Lead(lead) => {
                        self.lead = Some(lead);
                        return None;
                    }
                }
            }
        };
        // Cloned first: should that panic, the call has.
        let value = call.full().run_foreign(|_| kept.value.clone());
        call.answered_ahead(stale);
        Some(value)
    }

    /// Keeps the `Ok` that the body gave, and tells those who wait for it. Anything else is not kept: an error,
    /// an answer out of the cache, an `Ok` that `retry_if_ok` did not want.
    ///
    /// The call has ended well by then. If a `Clone`, a `Hash` or a destructor panics here, the answer is not kept, those who
    /// wait find another to fetch it, and the caller gets it all the same.
    #[inline]
    pub fn learn<K, E>(&mut self, call: &Call<K>, outcome: &Result<T, E>) {
        let Some(entry) = &self.entry else { return };
        let lead = self.lead.take();
        match outcome {
            Ok(value) if call.state.full().is_some_and(FullCall::has_succeeded) => shielded(|| {
                let kept = Arc::new(Kept::new(value.clone(), call.service().now()));
                match lead {
                    Some(lead) => lead.land(kept),
                    None => entry.cache.put(entry.key.clone(), kept),
                }
            }),
            _ => {
                if let Some(lead) = lead {
                    lead.fail();
                }
            }
        }
    }

    /// An answer for a call that has failed, and whether it is stale.
    pub(in crate::call) fn kept(&self, now: Tick) -> Option<(T, bool)> {
        let entry = self.entry.as_ref()?;
        let mut answer = None;
        // The call has failed and is counted. An answer that panics is none, and the next source is asked.
        shielded(|| {
            let found = entry.cache.get(&entry.key, now, entry.settings);
            answer = found.map(|(kept, stale)| (kept.value.clone(), stale));
        });
        answer
    }
}

/// Waits for the call that leads: its answer, or the lead; `None` at the deadline.
async fn wait<Key, T, K>(mut waiter: Waiter<Key, T>, call: &mut Call<K>) -> Option<Told<Key, T>> {
    let mut timer = pin!(Delay::none());
    let mut armed_for = Tick::MAX;
    poll_fn(|cx| {
        call.full().run_foreign(|full| {
            loop {
                if let Poll::Ready(heard) = waiter.poll(cx.waker()) {
                    return Poll::Ready(Some(heard));
                }
                let (deadline, until) = (full.context.deadline, waiter.until());
                let next = deadline.min(until);
                if next != armed_for {
                    armed_for = next;
                    timer.as_mut().disarm();
                    if next != Tick::MAX {
                        timer.as_mut().arm(next.since(full.service().now()));
                    }
                }
                ready!(timer.as_mut().poll(cx));
                let now = full.service().now();
                if now >= deadline {
                    return Poll::Ready(None);
                }
                waiter.take_over(now);
                // Asked anew, whoever leads now: the clock may be a little behind the timer.
                armed_for = Tick::MAX;
                timer.as_mut().disarm();
            }
        })
    })
    .await
}

impl FullCall {
    /// How long it may lead a flight.
    fn lead_limit(&self) -> LeadLimit {
        let rules = self.attempt_target().service_rules();
        let longest_break = rules.breaker.as_ref().map(|breaker| breaker.max_open_for);
        let time = self
            .rules()
            .attempt_timeout
            .or(longest_break)
            .unwrap_or_else(|| BreakerSettings::default().max_open_for);
        LeadLimit { deadline: self.context.deadline, nanos: nanos(time) }
    }
}

#[cfg(all(test, feature = "testing"))]
mod tests;

impl<Key, T> fmt::Debug for Lookup<Key, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Lookup")
            .field("is_on", &self.entry.is_some())
            .field("leads", &self.lead.is_some())
            .finish_non_exhaustive()
    }
}
