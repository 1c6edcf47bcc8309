//! The JSON Schema of configuration files, made out of the table of keys. Editors complete and check by it: a new key stands in it
//! without a line here.

mod chaos;
mod described;
mod json;
mod shapes;
mod tables;

pub use self::tables::json_schema;
