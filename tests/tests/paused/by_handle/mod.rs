//! The same calls by handles, without an attribute.

mod builder;
mod handles;
mod handles_answers;
mod handles_deadlines;
mod handles_inert;
mod handles_rules;
