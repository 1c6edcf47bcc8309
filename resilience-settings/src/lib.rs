//! What the attributes and the engine of [`resilience-runtime`](https://docs.rs/resilience-runtime) both know of
//! settings: how they are written goes in, what they mean or what is wrong with them comes out.
//!
//! Use it through `resilience_runtime`, which re-exports what programs need. The rest changes with the attributes and the
//! engine, which are pinned to the same version.

#[cfg(feature = "advice")]
#[doc(hidden)]
pub mod advice;
#[cfg(feature = "layers")]
#[doc(hidden)]
pub mod config;
pub mod delay;
#[doc(hidden)]
pub mod distribution;
#[doc(hidden)]
pub mod duration;
#[doc(hidden)]
pub mod entropy;
#[cfg(feature = "layers")]
#[doc(hidden)]
pub mod explain;
#[doc(hidden)]
pub mod keys;
#[cfg(feature = "layers")]
#[doc(hidden)]
pub mod layers;
#[cfg(feature = "layers")]
#[doc(hidden)]
pub mod names;
pub mod policy;
#[doc(hidden)]
pub mod printable;
mod priority;
#[cfg(feature = "file")]
#[doc(hidden)]
pub mod reader;
#[doc(hidden)]
pub mod rules;
#[doc(hidden)]
pub mod shown;
#[cfg(feature = "layers")]
#[doc(hidden)]
pub mod sorted;
#[doc(hidden)]
pub mod suggest;
#[doc(hidden)]
pub mod synonyms;
#[doc(hidden)]
pub mod unit_in_name;
mod words;
#[doc(hidden)]
pub mod xoshiro;

pub use priority::Priority;
