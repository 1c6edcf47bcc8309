//! The scenes: classes of calls. Each has a few annotated functions with services of their own, and the usual behaviour
//! of their bodies.

mod breaks;
mod caches;
mod degraded;
mod limits;
mod nested;
mod plain;
mod retrying;
mod rules;
mod scene;
mod unwritten;

use self::scene::Weather;
pub(crate) use self::scene::{Probe, Scene};

/// All of them.
pub(crate) const ALL: &[&Scene] = &[
    &limits::permits::SCENE,
    &breaks::SCENE,
    &limits::queues::SCENE,
    &limits::queues::ADAPTIVE,
    &limits::overload::SCENE,
    &limits::rates::SCENE,
    &limits::rates::THROTTLED,
    &retrying::budgets::SCENE,
    &retrying::budgets::WINDOWED,
    &retrying::delays::SCENE,
    &retrying::timeouts::SCENE,
    &retrying::hedges::SCENE,
    &caches::THROUGH,
    &caches::AFTER,
    &degraded::SCENE,
    &limits::partitions::SCENE,
    &nested::SCENE,
    &rules::SCENE,
    &unwritten::SCENE,
    &plain::SCENE,
];
