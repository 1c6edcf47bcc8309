//! `resilience top`: the live stream of a process goes in, a table that follows it comes out, on a terminal or as lines.

mod draw;
mod follow;
mod keys;
mod numbers;
mod plain;
mod row;
mod screen;
#[cfg(test)]
mod tests;
mod view;

pub(crate) use follow::Top;
