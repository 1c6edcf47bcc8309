//! The fates of a future. Out: what a caller does with the future of a call, apart from polling it to its end.

use std::time::Duration;

use crate::dice::Dice;
use crate::foreign::hazards::{Hazard, is_armed};

/// What becomes of a future.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fate {
    /// It is polled to its end.
    End,
    /// It is dropped after that many polls.
    DroppedAfterPolls(u32),
    /// It is dropped after that time.
    DroppedAfter(Duration),
    /// After that many polls it is left alone for that time, and then continues.
    Left(u32, Duration),
    /// The same, and then it is dropped.
    LeftAndDropped(u32, Duration),
    /// After its first poll it continues in another task.
    Moved,
    /// After its first poll it continues in another runtime, if there is one.
    Abroad,
}

impl Fate {
    pub(crate) fn new(dice: &mut Dice) -> Self {
        let polls = 1 + u32::try_from(dice.below(4)).unwrap_or(0);
        // Some for so long that other calls have to take over what they hold.
        let while_left = Duration::from_millis(if dice.share(0.01) { 300 } else { 1 + dice.below(20) });
        let (hazard, fate) = match dice.below(1_000) {
            0..40 => (Hazard::Drops, Self::DroppedAfterPolls(polls)),
            40..70 => (Hazard::Drops, Self::DroppedAfter(Duration::from_millis(1 + dice.below(6)))),
            70..85 => (Hazard::Unpolled, Self::Left(polls, while_left)),
            85..95 => (Hazard::Unpolled, Self::LeftAndDropped(polls, while_left)),
            95..110 => (Hazard::Moves, Self::Moved),
            110..120 => (Hazard::Moves, Self::Abroad),
            _ => return Self::End,
        };
        if is_armed(hazard) { fate } else { Self::End }
    }
}
