//! Builds a fault script: what each attempt of a service meets. In: steps, in their order. Out: attempts that take them, without a
//! change to the code under test.

use std::fmt;
use std::io;
use std::sync::Arc;

use crate::chaos::{Maker, Script, Step, Suffered, Target};
use crate::registry::{Registry, registry};
use crate::rejection::RejectionKind;
use crate::testing::span::IntoSpan;

/// What the attempts of a service meet: each attempt takes the next step. Made by [`script`].
///
/// It acts in the registry that was in force when it was made, and goes on to act when this handle is dropped: use it within
/// [`isolated`](crate::testing::isolated), whose end is its end too.
#[derive(Clone)]
pub struct FaultScript {
    registry: &'static Registry,
    script: Arc<Script>,
}

/// Begins a script for the attempts of a service (`db`), or of one function of it (`db@load`, `db@shop::load`). What no step
/// is left for passes.
///
/// ```
/// use std::io;
/// use resilience_runtime::{comprehensive_retry, testing};
///
/// #[comprehensive_retry(service = "order_log", max_attempts = 5, base_delay = "1ms")]
/// async fn load(id: u64) -> Result<u64, io::Error> {
///     Ok(id)
/// }
/// # #[tokio::main(flavor = "current_thread")] async fn main() {
/// testing::isolated(async {
///     let script = testing::script("order_log").fail(io::ErrorKind::TimedOut).times(3).then_delay("10ms").then_pass();
///     assert_eq!(load(7).await.unwrap(), 7);
///     script.assert_done();
/// })
/// .await;
/// # }
/// ```
pub fn script(target: &str) -> FaultScript {
    FaultScript { registry: registry(), script: Arc::new(Script::new(Target::parse(target))) }
}

/// The steps, under the names that a first and a later one are called by.
macro_rules! steps {
    ($($(#[$doc:meta])* $first:ident $then:ident [$($generic:tt)*] ($($argument:ident: $type:ty),*) => $step:expr;)+) => {
        #[expect(clippy::return_self_not_must_use, reason = "a script acts as soon as it has a step")]
        impl FaultScript {
            $(
                $(#[$doc])*
                pub fn $first<$($generic)*>(self $(, $argument: $type)*) -> Self {
                    self.step($step)
                }

                /// The same, after the steps before it.
                #[doc = concat!("See [`", stringify!($first), "`](Self::", stringify!($first), ").")]
                pub fn $then<$($generic)*>(self $(, $argument: $type)*) -> Self {
                    self.step($step)
                }
            )+
        }
    };
}

steps! {
    /// An attempt fails with an error of that kind. Its function returns an [`io::Error`], the error of a
    /// [known client](crate::testing::chaos#clients), or an error that is made from one of these; if not, the attempt panics and
    /// says so.
    fail then_fail [] (kind: io::ErrorKind) => Step::Fail(Maker::of_io(kind));

    /// An attempt fails with what the closure makes, which is of the type that its function returns; if not, the attempt panics
    /// and says so.
    fail_with then_fail_with [E: 'static] (make: impl Fn() -> E + Send + Sync + 'static) => {
        Step::Fail(Maker::new(make))
    };

    /// The same with a value, of which each attempt gets a clone.
    fail_value then_fail_value [E: Clone + Send + Sync + 'static] (error: E) => {
        Step::Fail(Maker::new(move || error.clone()))
    };

    /// An attempt waits for so long, and then runs. Its timeout holds meanwhile.
    delay then_delay [] (time: impl IntoSpan) => Step::Delay(time.into_span());

    /// An attempt never ends by itself.
    hang then_hang [] () => Step::End(Suffered::Hang);

    /// An attempt panics.
    panic then_panic [] () => Step::End(Suffered::Panic);

    /// An attempt ends as if a call inside it had been turned away.
    reject then_reject [] (kind: RejectionKind) => Step::End(Suffered::Reject(kind));

    /// An attempt runs as if there were no script.
    pass then_pass [] () => Step::Pass;
}

impl FaultScript {
    fn step(self, step: Step) -> Self {
        self.registry.shared.chaos.add_step(&self.script, step);
        self
    }

    /// So many attempts take the last step, instead of one.
    ///
    /// # Panics
    ///
    /// If there is no step before it.
    #[expect(clippy::return_self_not_must_use, reason = "a script acts as soon as it has a step")]
    pub fn times(self, attempts: u64) -> Self {
        assert!(
            self.script.repeat_last(attempts),
            "`times` says how often the step before it is taken, and there is none: write `fail(…).times(3)`"
        );
        self
    }

    /// How many attempts the script still waits for. Those at its end that pass are not among them.
    pub fn remaining(&self) -> u64 {
        self.script.remaining().iter().map(|(_, left)| left).sum()
    }

    /// Asserts that attempts have taken all steps.
    ///
    /// # Panics
    ///
    /// If they have not; the message lists what is left, and says if no call site is meant by the script.
    #[track_caller]
    pub fn assert_done(&self) {
        let left: Vec<String> =
            self.script.remaining().into_iter().map(|(step, left)| format!("{left} × {step}")).collect();
        if left.is_empty() {
            return;
        }
        let target = &self.script.target;
        let why = self.registry.why_aimless(target).map(|why| format!("; {why}")).unwrap_or_default();
        panic!("the script for `{target}` is not done: no attempt has taken {}{why}", left.join(", then "));
    }

    /// Ends it: attempts pass from now on, and those that hang or wait by it go on.
    pub fn stop(&self) {
        self.registry.shared.chaos.remove_script(&self.script);
        self.script.release();
    }
}

impl fmt::Debug for FaultScript {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("FaultScript").field("script", &self.script).finish_non_exhaustive()
    }
}
