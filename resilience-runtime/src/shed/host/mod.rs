//! Processor and memory of the host, measured. In: files of the kernel. Out: the shares of processor and memory that are in use.
//!
//! They are relative to what the process may use: the limits of its control group (version 2 or 1), or else the
//! machine. On systems without these files there are no readings, and the other sources of pressure work without them.
//! The crate `sysinfo` reads more systems, but knows no processor quota (its issue 207), and in a container that is the
//! number that matters.

mod files;
mod groups;
mod limits;
mod machine;
mod meter;
mod readings;

pub(crate) use self::readings::Host;

#[cfg(test)]
mod tests;
