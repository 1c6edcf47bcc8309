//! Gives an attempt the next step of the scripts of a registry. In: steps, and the attempts that ask. Out: the next step for each,
//! in its plan.

use std::sync::Arc;

use super::{Chaos, State};
use crate::chaos::at::At;
use crate::chaos::plan::{End, Plan};
use crate::chaos::script::{Script, Step};
use crate::chaos::suffered::Suffered;

impl Chaos {
    /// Adds a step to a script, which begins to act with its first.
    pub(crate) fn add_step(&self, script: &Arc<Script>, step: Step) {
        let mut state = self.lock();
        script.add(step);
        if !state.scripts.iter().any(|known| Arc::ptr_eq(known, script)) {
            state.scripts.push(Arc::clone(script));
        }
        self.note_armed(&state);
    }

    /// A script gives no further steps.
    pub(crate) fn remove_script(&self, script: &Arc<Script>) {
        let mut state = self.lock();
        state.scripts.retain(|known| !Arc::ptr_eq(known, script));
        self.note_armed(&state);
    }

    /// Takes the next step of the first script that has one for the attempt.
    pub(super) fn takes_step(&self, state: &mut State, at: &At<'_>, plan: &mut Plan) -> bool {
        // A step that is taken no times leaves none.
        if state.scripts.iter().any(|script| script.is_empty()) {
            state.scripts.retain(|script| !script.is_empty());
            self.note_armed(state);
        }
        let script = state.scripts.iter().find(|script| script.target.means(at)).map(Arc::clone);
        let Some((script, step)) = script.and_then(|script| script.next().map(|step| (script, step))) else {
            return false;
        };
        if script.is_empty() {
            state.scripts.retain(|known| !Arc::ptr_eq(known, &script));
            self.note_armed(state);
        }
        let name = step.name();
        match step {
            Step::Fail(maker) => plan.end = Some(End { suffered: Suffered::Error(maker), claim: None }),
            Step::End(suffered) => plan.end = Some(End { suffered, claim: None }),
            Step::Delay(delay) => plan.delay = delay,
            Step::Pass => return true,
        }
        plan.script = Some((script, name));
        true
    }
}
