//! The ledger of one service. In: what callers and bodies observe. Out: counts to compare with those of the library.

use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::pin::Pin;
use std::sync::atomic::{AtomicU32, AtomicU64, Ordering};
use std::task::{Context, Poll};
use std::thread;

use crate::checks::findings::violated;
use crate::foreign::hazards::{Hazard, last_panic};
use crate::plan::{Fault, Plan};

/// What callers and bodies have seen of one service.
#[derive(Debug)]
pub(crate) struct Ledger {
    pub(crate) scene: &'static str,
    pub(crate) service: &'static str,
    /// Other sources than the call may answer: an `Ok` then is neither its success nor its answer.
    pub(crate) has_stand_ins: bool,
    /// Attempts may have copies, and a copy may lose before its body is polled.
    pub(crate) has_copies: bool,
    /// The most that may be inside at once.
    pub(crate) most: u32,
    /// What pays for its retries, if that is counted.
    pub(crate) pays: Option<Budget>,
    pub(crate) polled: Count,
    pub(crate) ok: Count,
    pub(crate) failed: Count,
    pub(crate) cancelled: Count,
    /// The body panicked, or a rule of the call site, which counts as part of it.
    pub(crate) panicked: Count,
    /// Other foreign code panicked, on the stack of a poll of the call.
    pub(crate) struck: Count,
    /// Foreign code panicked while the call was dropped.
    pub(crate) shaken: Count,
    pub(crate) begun: Count,
    pub(crate) ended: Count,
    inside: AtomicU32,
    pub(crate) highest: AtomicU32,
}

/// The most that any settings of the soak allow.
#[derive(Debug)]
pub(crate) struct Budget {
    pub(crate) ratio: f64,
    pub(crate) burst: u32,
    pub(crate) per_second: u32,
}

/// A count of events.
#[derive(Debug)]
pub(crate) struct Count {
    now: AtomicU64,
    marked: AtomicU64,
}

impl Count {
    const fn zero() -> Self {
        Self { now: AtomicU64::new(0), marked: AtomicU64::new(0) }
    }

    fn add(&self) {
        self.now.fetch_add(1, Ordering::Relaxed);
    }

    pub(crate) fn get(&self) -> u64 {
        self.now.load(Ordering::Relaxed)
    }
}

impl Ledger {
    pub(crate) const fn new(scene: &'static str, service: &'static str) -> Self {
        Self {
            scene,
            service,
            has_stand_ins: false,
            has_copies: false,
            most: u32::MAX,
            pays: None,
            polled: Count::zero(),
            ok: Count::zero(),
            failed: Count::zero(),
            cancelled: Count::zero(),
            panicked: Count::zero(),
            struck: Count::zero(),
            shaken: Count::zero(),
            begun: Count::zero(),
            ended: Count::zero(),
            inside: AtomicU32::new(0),
            highest: AtomicU32::new(0),
        }
    }

    pub(crate) const fn with_stand_ins(mut self) -> Self {
        self.has_stand_ins = true;
        self
    }

    pub(crate) const fn with_copies(mut self) -> Self {
        self.has_copies = true;
        self
    }

    pub(crate) const fn at_most(mut self, most: u32) -> Self {
        self.most = most;
        self
    }

    pub(crate) const fn paying(mut self, ratio: f64, burst: u32, per_second: u32) -> Self {
        self.pays = Some(Budget { ratio, burst, per_second });
        self
    }

    /// The body of an annotated function: one attempt, according to the plan.
    pub(crate) async fn body(&'static self, plan: &Plan) -> Result<u64, Fault> {
        let _inside = self.enter();
        plan.run().await
    }

    /// Counts a body from here until what it returns is dropped.
    pub(crate) fn enter(&'static self) -> Inside {
        self.begun.add();
        let inside = self.inside.fetch_add(1, Ordering::SeqCst) + 1;
        if inside > self.highest.load(Ordering::Relaxed) {
            self.highest.fetch_max(inside, Ordering::Relaxed);
        }
        Inside(self)
    }

    /// Saves the counts, before a round in which the library counts nothing.
    pub(crate) fn mark(&self) {
        self.counts().for_each(|count| count.marked.store(count.get(), Ordering::Relaxed));
    }

    /// Restores the saved counts. Bodies that have not ended stay counted.
    pub(crate) fn forget(&self) {
        let stay = self.begun.get() - self.ended.get();
        self.counts()
            .for_each(|count| count.now.store(count.marked.load(Ordering::Relaxed), Ordering::Relaxed));
        self.begun.now.fetch_add(stay, Ordering::Relaxed);
    }

    fn counts(&self) -> impl Iterator<Item = &Count> {
        let Self { polled, ok, failed, cancelled, panicked, struck, shaken, begun, ended, .. } = self;
        [polled, ok, failed, cancelled, panicked, struck, shaken, begun, ended].into_iter()
    }

    /// Counts a call with that key.
    pub(crate) fn count(
        &'static self,
        key: u64,
        call: impl Future<Output = Result<u64, Fault>> + Send + 'static,
    ) -> Counted {
        Counted { ledger: self, key, call: Some(Box::pin(call)), state: State::New }
    }
}

/// A running body.
pub(crate) struct Inside(&'static Ledger);

impl Drop for Inside {
    fn drop(&mut self) {
        self.0.inside.fetch_sub(1, Ordering::SeqCst);
        self.0.ended.add();
    }
}

type Call = Pin<Box<dyn Future<Output = Result<u64, Fault>> + Send>>;

/// A call that is counted, once, however it ends.
pub(crate) struct Counted {
    ledger: &'static Ledger,
    key: u64,
    call: Option<Call>,
    state: State,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    New,
    Polled,
    Over,
}

impl Future for Counted {
    type Output = Result<u64, Fault>;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let Self { ledger, call, state, .. } = &mut *self;
        if *state == State::New {
            ledger.polled.add();
            *state = State::Polled;
        }
        let Some(call) = call else { return Poll::Pending };
        let polled = {
            let _polling = Polling { ledger, state };
            call.as_mut().poll(cx)
        };
        if let Poll::Ready(outcome) = &polled {
            self.state = State::Over;
            self.ledger.close(self.key, outcome);
        }
        polled
    }
}

impl Ledger {
    fn close(&self, key: u64, outcome: &Result<u64, Fault>) {
        match outcome {
            Ok(answer) => {
                self.ok.add();
                if *answer != key && !self.has_stand_ins {
                    violated(self.scene, "the answer is that of the call", &format!("{answer} for {key}"));
                }
            }
            Err(_) => self.failed.add(),
        }
    }
}

/// A poll under way.
struct Polling<'a> {
    ledger: &'a Ledger,
    state: &'a mut State,
}

impl Drop for Polling<'_> {
    fn drop(&mut self) {
        if thread::panicking() {
            *self.state = State::Over;
            match last_panic() {
                Some(Hazard::Bodies | Hazard::Callbacks) => self.ledger.panicked.add(),
                _ => self.ledger.struck.add(),
            }
        }
    }
}

impl Drop for Counted {
    fn drop(&mut self) {
        let call = self.call.take();
        let dropped = catch_unwind(AssertUnwindSafe(|| drop(call)));
        if self.state == State::Polled {
            if dropped.is_ok() { self.ledger.cancelled.add() } else { self.ledger.shaken.add() }
        }
        if let Err(payload) = dropped
            && !thread::panicking()
        {
            resume_unwind(payload);
        }
    }
}
