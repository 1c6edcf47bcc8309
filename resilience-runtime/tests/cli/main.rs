//! The program `resilience`, started as people and scripts start it.

mod check;
mod pages;
mod resilience;
