//! Who answers for a call that has failed, and which error it ends with if nobody does.

mod answers;
mod caching;
mod degradation;
mod degrade;
mod once;
mod which_error;
