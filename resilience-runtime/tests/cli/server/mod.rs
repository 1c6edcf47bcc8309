//! The commands that ask a running program, against the real server.

mod advise_from;
mod chaos;
mod live;
