//! The commands that read or write a file of settings, and call nobody.

mod advise;
mod check;
mod diff;
mod diff_keys;
mod explain;
mod faulty;
mod init;
mod odd;
mod schedule;
mod schema;
