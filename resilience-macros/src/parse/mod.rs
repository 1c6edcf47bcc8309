//! Tokens → [`Ast`](crate::ast::Ast): what can be read at all. What is allowed is decided later.

mod args;
mod block;
mod item;
mod number;
mod siblings;
mod value;

pub(crate) use args::args;
pub(crate) use block::{block, is_block, leave_alone};
pub(crate) use item::item;
pub(crate) use siblings::siblings;
