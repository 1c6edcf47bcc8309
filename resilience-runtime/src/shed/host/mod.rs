//! The files of the kernel go in, the shares of processor and memory that are in use come out.
//!
//! What counts is what the process may use: the control group that limits it (version 2, or 1), or else the machine.
//! On systems without these files there are no readings, and the other sources of pressure go on without them.
//! `sysinfo` would read more systems, but it knows no processor quota (its issue 207), and in a container that is
//! the number that matters.

mod files;
mod groups;
mod limits;
mod machine;
mod meter;
mod readings;

pub(crate) use self::readings::Host;

#[cfg(test)]
mod tests;
