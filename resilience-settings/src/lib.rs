//! What the attributes and the engine of [`resilience-runtime`](https://docs.rs/resilience-runtime) both know of
//! settings: how they are written goes in, what they mean or what is wrong with them comes out.
//!
//! Use it through `resilience_runtime`, which re-exports what programs need. The rest changes with the attributes and the
//! engine, which are pinned to the same version.

pub mod duration;
pub mod printable;
pub mod synonyms;
