//! Drives one call. In: a call and its fate. Out: the call is polled, left alone or dropped as its fate says, with a
//! waker that may panic; panics are caught here.

use std::any::Any;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::Pin;
use std::task::{Context, Poll, Waker, ready};
use std::time::{Duration, Instant};

use tokio::time::{Sleep, sleep};

use super::fate::Fate;
use crate::checks::findings::violated;
use crate::checks::journal;
use crate::checks::ledger::Counted;
use crate::dice::Dice;
use crate::foreign::hazards::{Hazard, inside, is_armed};
use crate::foreign::wakers::fused;
use crate::plan::Fault;
use crate::scenes::Scene;
use crate::waits::beside_calm;

/// A call takes milliseconds, and some tenths of a second in the longest queue. If it takes this long, its wake-up was
/// lost.
const PATIENCE: Duration = Duration::from_secs(10);

/// How many polls have a waker that may panic.
const FUSED: f64 = 0.03;

/// A call in the hands of such a caller.
pub(crate) struct Driven {
    scene: &'static Scene,
    call: Option<Counted>,
    fate: Fate,
    dice: Dice,
    polls: u32,
    /// Until when it is left alone.
    alone: Option<Pin<Box<Sleep>>>,
    /// When its fate is due, or the longest wait is over.
    end: Option<Pin<Box<Sleep>>>,
    begun: Instant,
}

impl Driven {
    pub(crate) fn new(scene: &'static Scene, call: Counted, fate: Fate, dice: Dice) -> Self {
        let begun = Instant::now();
        Self { scene, call: Some(call), fate, dice, polls: 0, alone: None, end: None, begun }
    }

    fn poll_call(&mut self, cx: &mut Context<'_>) -> Poll<End> {
        let Some(call) = &mut self.call else { return Poll::Ready(End::Gone) };
        journal::enter(self.scene.name);
        self.polls += 1;
        let has_fuse = is_armed(Hazard::Wakers) && self.dice.share(FUSED);
        let polled = if has_fuse {
            let waker = fused(cx.waker());
            beside_calm(cx.waker(), || poll(call, &waker))
        } else {
            poll(call, cx.waker())
        };
        polled.unwrap_or(Poll::Ready(End::Gone))
    }

    /// Whether the time of the call is up.
    fn poll_end(&mut self, cx: &mut Context<'_>) -> Poll<()> {
        let time = match self.fate {
            Fate::DroppedAfter(time) => time,
            _ => PATIENCE,
        };
        let end = self.end.get_or_insert_with(|| Box::pin(sleep(time)));
        ready!(end.as_mut().poll(cx));
        if !matches!(self.fate, Fate::DroppedAfter(_)) {
            let (polls, fate, time) = (self.polls, self.fate, self.begun.elapsed());
            let details = format!("{polls} polls in {time:?}, and it is pending; {fate:?}");
            violated(self.scene.name, "no call is forgotten", &details);
        }
        Poll::Ready(())
    }

    fn let_go(&mut self) {
        if let Some(call) = self.call.take() {
            journal::enter(self.scene.name);
            let _ = catch_unwind(AssertUnwindSafe(|| inside(|| drop(call))));
        }
    }
}

fn poll(call: &mut Counted, waker: &Waker) -> Result<Poll<End>, Box<dyn Any + Send>> {
    let mut cx = Context::from_waker(waker);
    catch_unwind(AssertUnwindSafe(|| {
        inside(|| Pin::new(call).poll(&mut cx).map(|outcome| End::of(&outcome)))
    }))
}

/// How a call has ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum End {
    /// With an answer.
    Answered,
    /// With an error, or rejected.
    Failed,
    /// It was dropped, or has panicked.
    Gone,
}

impl End {
    fn of<T>(outcome: &Result<T, Fault>) -> Self {
        if outcome.is_ok() { Self::Answered } else { Self::Failed }
    }
}

impl Future for Driven {
    type Output = End;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<End> {
        let this = &mut *self;
        if let Some(alone) = &mut this.alone {
            ready!(alone.as_mut().poll(cx));
            this.alone = None;
            if matches!(this.fate, Fate::LeftAndDropped(..)) {
                this.let_go();
                return Poll::Ready(End::Gone);
            }
            this.fate = Fate::End;
        }
        if let Poll::Ready(end) = this.poll_call(cx) {
            this.let_go();
            return Poll::Ready(end);
        }
        let is_dropped = matches!(this.fate, Fate::DroppedAfterPolls(polls) if this.polls >= polls);
        if is_dropped || this.poll_end(cx).is_ready() {
            this.let_go();
            return Poll::Ready(End::Gone);
        }
        if let Fate::Left(polls, time) | Fate::LeftAndDropped(polls, time) = this.fate
            && this.polls >= polls
        {
            let mut alone = Box::pin(sleep(time));
            // It may have ended already, on a busy machine.
            if alone.as_mut().poll(cx).is_ready() {
                cx.waker().wake_by_ref();
            }
            this.alone = Some(alone);
        }
        Poll::Pending
    }
}

impl Drop for Driven {
    fn drop(&mut self) {
        self.let_go();
    }
}
