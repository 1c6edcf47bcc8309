//! The table of keys goes in, the JSON Schema of configuration files comes out. Editors complete and check by it: a new key
//! stands in it without a line here.

mod chaos;
mod described;
mod json;
mod shapes;
mod tables;

pub use self::tables::json_schema;
