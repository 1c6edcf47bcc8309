//! The protocol of the pockets, one atomic step at a time, in every order that three threads can take them in. The
//! two rules that the stress tests do not find broken are taken away in turn, to show that this search does.

use std::collections::HashSet;

const LIMIT: usize = 2;

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Flag {
    None,
    Some,
    Moving,
}

/// What a thread does next. `Fetch` and `Empty` keep what they have read; `true` is for one that then waits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum At {
    Release,
    Put,
    Say,
    LookAgain,
    TakeBack,
    GiveBack,
    Come,
    TakeOwn,
    TakeCounted,
    Fetch,
    Compare(Flag),
    Lock,
    Enqueue,
    Look(bool),
    Empty(bool, usize),
    Lower(bool, usize, usize),
    Clear(bool),
    HandOut(bool),
    Wait,
    Seated,
    Gone,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct State {
    counted: usize,
    queue: Vec<usize>,
    flag: Flag,
    pockets: [usize; 3],
    locked: bool,
    at: [At; 3],
}

#[derive(Clone, Copy, Debug)]
struct Rules {
    looks_again: bool,
    clears_with_care: bool,
}

impl State {
    fn has_room(&self) -> bool {
        self.queue.is_empty() && self.counted < LIMIT
    }

    fn hand_out(&mut self) {
        while self.counted < LIMIT && !self.queue.is_empty() {
            let first = self.queue.remove(0);
            self.counted += 1;
            self.at[first] = At::Seated;
        }
    }

    /// The state after one step of a thread; `None` when it cannot move.
    fn step(&self, who: usize, rules: Rules) -> Option<Self> {
        let mut next = self.clone();
        next.at[who] = match self.at[who] {
            At::Release if self.pockets[who] == 0 && self.has_room() => At::Put,
            At::Release => At::GiveBack,
            At::Put => {
                next.pockets[who] += 1;
                At::Say
            }
            At::Say => {
                next.flag = Flag::Some;
                if rules.looks_again { At::LookAgain } else { At::Gone }
            }
            At::LookAgain if self.has_room() => At::Gone,
            At::LookAgain => At::TakeBack,
            At::TakeBack if self.pockets[who] > 0 => {
                next.pockets[who] -= 1;
                At::GiveBack
            }
            At::TakeBack => At::Gone,
            At::GiveBack if self.queue.is_empty() => {
                next.counted -= 1;
                At::Gone
            }
            At::GiveBack if !self.locked => {
                next.counted -= 1;
                next.hand_out();
                At::Gone
            }
            At::Come if self.queue.is_empty() && self.counted <= LIMIT => At::TakeOwn,
            At::TakeOwn if self.pockets[who] > 0 => {
                next.pockets[who] -= 1;
                At::Seated
            }
            At::Come | At::TakeOwn => At::TakeCounted,
            At::TakeCounted | At::Compare(_) if self.has_room() => {
                next.counted += 1;
                At::Seated
            }
            At::TakeCounted => At::Fetch,
            At::Fetch => At::Compare(self.flag),
            At::Compare(flag) if flag == Flag::None || !self.queue.is_empty() => At::Lock,
            At::Compare(_) if !self.locked => {
                next.locked = true;
                At::Look(false)
            }
            At::Lock if !self.locked => {
                next.locked = true;
                At::Enqueue
            }
            At::Enqueue if self.has_room() => {
                next.counted += 1;
                next.locked = false;
                At::Seated
            }
            At::Enqueue => {
                next.queue.push(who);
                next.locked = self.queue.is_empty();
                if next.locked { At::Look(true) } else { At::Wait }
            }
            At::Look(waits) if self.flag == Flag::None => At::HandOut(waits),
            At::Look(waits) => {
                next.flag = Flag::Moving;
                At::Empty(waits, 0)
            }
            At::Empty(waits, 3) => At::Clear(waits),
            At::Empty(waits, pocket) => {
                next.pockets[pocket] = 0;
                At::Lower(waits, pocket, self.pockets[pocket])
            }
            At::Lower(waits, pocket, found) => {
                next.counted -= found;
                At::Empty(waits, pocket + 1)
            }
            At::Clear(waits) => {
                if self.flag == Flag::Moving || !rules.clears_with_care {
                    next.flag = Flag::None;
                }
                At::HandOut(waits)
            }
            At::HandOut(waits) => {
                next.locked = false;
                next.at[who] = if waits { At::Wait } else { At::Fetch };
                next.hand_out();
                next.at[who]
            }
            At::GiveBack | At::Compare(_) | At::Lock | At::Wait | At::Seated | At::Gone => return None,
        };
        Some(next)
    }

    /// How many are between having got a seat and having put it down.
    fn in_use(&self) -> usize {
        self.at.iter().filter(|at| matches!(at, At::Release | At::Put | At::GiveBack | At::Seated)).count()
    }
}

/// Whether some order leaves a waiter asleep beside a free seat, or more seats in use than there are.
fn goes_wrong(start: &State, rules: Rules) -> bool {
    let (mut seen, mut left) = (HashSet::from([start.clone()]), vec![start.clone()]);
    while let Some(state) = left.pop() {
        let next: Vec<State> = (0..3).filter_map(|who| state.step(who, rules)).collect();
        let asleep = next.is_empty() && state.at.contains(&At::Wait) && state.in_use() < LIMIT;
        let stuck = next.is_empty() && state.locked;
        if asleep || stuck || state.in_use() > LIMIT {
            return true;
        }
        left.extend(next.into_iter().filter(|state| seen.insert(state.clone())));
    }
    false
}

/// One gives its seat back and two come, who keep what they get. Nothing has been put aside, or one seat has.
fn starts() -> [State; 2] {
    let at = [At::Release, At::Come, At::Come];
    let start = State { counted: 1, queue: Vec::new(), flag: Flag::None, pockets: [0; 3], locked: false, at };
    [start.clone(), State { counted: 2, flag: Flag::Some, pockets: [0, 0, 1], ..start }]
}

#[test]
fn no_order_of_steps_lets_a_waiter_sleep_beside_a_free_seat() {
    let rules = Rules { looks_again: true, clears_with_care: true };
    assert!(starts().iter().all(|start| !goes_wrong(start, rules)));
}

#[test]
fn without_the_second_look_of_a_release_it_happens() {
    let rules = Rules { looks_again: false, clears_with_care: true };
    assert!(starts().iter().any(|start| goes_wrong(start, rules)));
}

#[test]
fn if_the_pockets_were_said_to_be_empty_without_care_it_happens() {
    let rules = Rules { looks_again: true, clears_with_care: false };
    assert!(starts().iter().any(|start| goes_wrong(start, rules)));
}
