//! The store on Redis or Valkey: `provider` is its face, `scripts` builds commands, `link` sends them.
//!
//! ```text
//!   provider ──► thread ──► link ──► server
//!      │                     ├── gate       three failures in a row: nothing is sent for a while
//!      └── scripts           ├── away       the name of what went wrong
//!                            └── advice     whether the server keeps what it is given
//! ```

mod address;
mod advice;
mod away;
mod link;
mod provider;
mod scripts;
mod store_breaker;

pub use self::address::RedisUrlError;
pub use self::provider::RedisIdempotencyProvider;
