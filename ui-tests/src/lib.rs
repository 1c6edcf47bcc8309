//! The attributes as a crate of a user's sees them: every accepted shape runs, every refusal is worded.
