//! How many attempts of a service start in a second, spread evenly. Pure rules over one atomic word: time and
//! settings come with each call.

mod backlog;
mod limit;
#[cfg(test)]
mod tests;

pub(crate) use limit::RateLimit;
