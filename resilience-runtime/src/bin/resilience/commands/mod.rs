//! The commands, a file each: its arguments go in, what it says and how it ends come out. They know each other as little as
//! the parts of the library do, and use nothing that another program could not.

mod check;
mod completions;
mod man;

pub(crate) use check::Check;
pub(crate) use completions::Completions;
pub(crate) use man::Man;
