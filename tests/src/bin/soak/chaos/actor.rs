//! A caller. It makes one call after another, each of a random scene and with a random fate.

use std::future::poll_fn;
use std::pin::pin;
use std::sync::Arc;
use std::task::Poll;
use std::time::Duration;

use tokio::runtime::Handle;
use tokio::task::yield_now;
use tokio::time::sleep;

use super::driven::{Driven, End};
use super::fate::Fate;
use super::stage::{Stage, call_ended};
use crate::dice::Dice;
use crate::plan::Plan;

/// Makes calls until there is none left to make.
pub(crate) async fn act(stage: Arc<Stage>, mut dice: Dice) {
    while stage.takes_one() {
        let scene = stage.scene(&mut dice);
        let call = (scene.ask)(scene.plan(&mut dice));
        let fate = Fate::new(&mut dice);
        let driven = Driven::new(scene, call, fate, Dice::new(dice.number()));
        let end = match fate {
            Fate::Moved => go_on(driven, &Handle::current()).await,
            Fate::Abroad => match stage.runtime(&mut dice) {
                Some(runtime) => go_on(driven, &runtime).await,
                None => driven.await,
            },
            _ => driven.await,
        };
        call_ended();
        // Without a pause, callers that are rejected at once would leave no time for those that hold the slots.
        if end == End::Failed && dice.share(0.5) {
            sleep(Duration::from_millis(1)).await;
        } else if end == End::Failed || dice.share(0.1) {
            yield_now().await;
        }
    }
}

/// Polls it once here, and then in the other place.
async fn go_on(driven: Driven, there: &Handle) -> End {
    let mut driven = Box::pin(driven);
    match poll_fn(|cx| Poll::Ready(driven.as_mut().poll(cx))).await {
        Poll::Ready(end) => end,
        // Panics end in `Driven`; if the runtime ends first, it drops the call.
        Poll::Pending => there.spawn(driven).await.unwrap_or(End::Gone),
    }
}

/// Leaves a call behind that never ends by itself.
pub(crate) async fn straggle(stage: Arc<Stage>, mut dice: Dice, fate: Fate) {
    let scene = stage.scene(&mut dice);
    if !scene.has_room() && fate != Fate::End {
        return;
    }
    let call = (scene.ask)(Plan::hanging(dice.number() % 8));
    let mut driven = pin!(Driven::new(scene, call, fate, Dice::new(dice.number())));
    driven.as_mut().await;
    call_ended();
}
