//! What stands before the body of a function: its receiver, generics, arguments and result.

mod arguments;
mod async_traits;
mod generics;
mod methods;
mod results;
