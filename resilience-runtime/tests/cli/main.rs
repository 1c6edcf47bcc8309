//! The program `resilience`, started as people and scripts start it.

mod check;
mod diff;
mod explain;
mod faulty;
mod init;
mod pages;
mod resilience;
mod schema;
