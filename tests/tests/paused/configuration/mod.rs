//! Which settings are in force, and that each key changes something.

mod keys;
mod methods;
mod named;
mod reload_wakers;
mod settings;
