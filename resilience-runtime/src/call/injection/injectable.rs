//! Data: the types that rules of chaos may make and change: a marker, and the types of the standard library that have it.

use std::collections::HashMap;

/// A type whose values rules of chaos may change where a call returns them, and make errors of where nothing else says that
/// its errors own what they hold.
///
/// Types of the standard library that own what they hold have it; for others it is one line:
///
/// ```
/// struct User {
///     name: String,
/// }
///
/// impl resilience_runtime::Injectable for User {}
/// # let _ = User { name: String::new() }.name;
/// ```
#[diagnostic::on_unimplemented(
    message = "values of type `{Self}` cannot be changed by a rule",
    note = "write `impl resilience_runtime::Injectable for {Self} {{}}`"
)]
pub trait Injectable: 'static {}

macro_rules! injectable {
    ($($name:ty),+) => { $(impl Injectable for $name {})+ };
}

injectable!(
    (),
    bool,
    char,
    u8,
    u16,
    u32,
    u64,
    u128,
    usize,
    i8,
    i16,
    i32,
    i64,
    i128,
    isize,
    f32,
    f64,
    String,
    std::io::Error,
    std::time::Duration,
    std::time::Instant,
    std::time::SystemTime,
    std::path::PathBuf,
    std::net::IpAddr,
    std::net::SocketAddr,
    Box<str>
);

macro_rules! injectable_around {
    ($($name:ty),+) => { $(impl<T: Injectable> Injectable for $name {})+ };
}

injectable_around!(
    Option<T>,
    Vec<T>,
    Box<T>,
    Box<[T]>,
    std::sync::Arc<T>,
    std::rc::Rc<T>,
    std::collections::VecDeque<T>,
    std::collections::BTreeSet<T>
);

impl<K: Injectable, V: Injectable, S: 'static> Injectable for HashMap<K, V, S> {}
impl<K: Injectable, V: Injectable> Injectable for std::collections::BTreeMap<K, V> {}
impl<A: Injectable, B: Injectable> Injectable for (A, B) {}
impl<A: Injectable, B: Injectable, C: Injectable> Injectable for (A, B, C) {}
