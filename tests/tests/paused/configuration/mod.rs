//! Which settings are in force, and that each key changes something.

mod keys;
mod methods;
mod reload_wakers;
mod settings;
