//! Parsing. In: tokens. Out: an [`Ast`](crate::ast::Ast) of all that can be read. What is allowed is decided later, by
//! `validate`.

mod args;
mod block;
mod computed;
mod extent;
mod hint;
mod item;
mod number;
mod siblings;
mod suffix;
mod value;

pub(crate) use args::args;
pub(crate) use block::{block, is_block, leave_alone};
pub(crate) use item::item;
pub(crate) use siblings::siblings;
