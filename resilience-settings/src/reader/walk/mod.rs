//! The walk through the statements of a text: each is carried to its place.

mod chaos;
mod definitions;
mod misplaced;
mod tables;
mod unknown;

pub(super) use tables::Walk;
