//! TOML, one statement after the other: a header, or a key with its value. Nothing is kept of a statement that is
//! over, so that what a text costs does not depend on how many statements it has.
//!
//! The grammar is that of `toml_parser`. Which keys may stand where, and which table may be continued, is for the
//! [reader](super::walk) to say: it knows the few tables that there can be.

mod error;
mod line_start;
mod remedy;
mod statement;
mod statements;

pub(crate) use error::message;
pub(crate) use remedy::remedy;
pub(crate) use statement::{Item, Name, Statement, Toml};
pub(crate) use statements::Statements;
