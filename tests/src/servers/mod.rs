//! Real servers of the Redis protocol, to be killed, stopped and cut off at will. `checks/redis` says where they are
//! installed.

mod client;
mod proxy;
mod server;

pub use self::client::Client;
pub use self::proxy::Proxy;
pub use self::server::{Persistence, Program, Server, free_address, signal};
