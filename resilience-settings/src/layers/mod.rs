//! The layers: `ground` decides which wins, `settle` makes them fit. In: everything that says something about a service. Out: one
//! value for each key with its origin, and the policies that the engine works with.

pub mod agreed;
pub mod enclosing;
pub mod finding;
pub mod follow;
pub mod ground;
pub mod offers;
pub mod overrides;
pub mod policies;
pub mod resolved;
pub mod settle;
pub mod site_facts;
pub mod source;
pub mod templates;
pub mod updates;

pub use finding::{Finding, FindingKind};
pub use ground::{Ground, Layers};
pub use resolved::{Adjustment, Effective};
pub use source::Source;
pub use updates::Updates;
