//! `resilience advise`: a file and what a process has measured go in, advice and a patch come out.

mod ask;
mod say;
mod snapshot;

pub(crate) use ask::Advise;
