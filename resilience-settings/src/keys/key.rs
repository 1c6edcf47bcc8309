//! Finds a key by its name or alias, with all that the table knows of it.

use std::time::Duration;

use super::clause::{Clause, Sort};
use super::shape::Shape;
use super::table::keys;

/// All that is known of a key.
#[derive(Clone, Copy, Debug, PartialEq)]
#[non_exhaustive]
pub struct KeyInfo {
    /// Its name within the clause.
    pub name: &'static str,
    /// Another accepted name.
    pub alias: Option<&'static str>,
    /// Where it is written.
    pub clause: Clause,
    /// What it acts on.
    pub sort: Sort,
    /// Which values it takes.
    pub shape: Shape,
}

macro_rules! declare_keys {
    ($($settings:ident { $(#[doc = $doc:literal] $key:ident : $clause:ident $name:ident $(or $alias:ident)? $(: $field:ty)?,
        $sort:ident, $shape:expr, $setter:ident($($arg:tt)+) = $value:expr $(=> $built_in:expr)?, $default:literal, $help:literal;)+ })+) => {
        /// A key of a service: what an attribute, a file or a patch can set.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        #[non_exhaustive]
        pub enum Key { $($(#[doc = $doc] $key),+),+ }

        impl Key {
            /// Every key, in the order of the documentation.
            pub const ALL: &'static [Self] = &[$($(Self::$key),+),+];

            /// All that is known of the key.
            pub const fn info(self) -> KeyInfo {
                #[expect(unused_mut, unused_assignments, reason = "most keys have no second name")]
                match self {
                    $($(Self::$key => {
                        let mut alias = None;
                        $(alias = Some(stringify!($alias));)?
                        let name = stringify!($name);
                        KeyInfo { name, alias, clause: Clause::$clause, sort: Sort::$sort, shape: $shape }
                    })+)+
                }
            }

            /// What holds unless the key is written, in words.
            #[doc(hidden)]
            pub const fn default(self) -> &'static str {
                match self { $($(Self::$key => $default),+),+ }
            }

            /// What the key means, as its documentation says it.
            #[doc(hidden)]
            pub const fn meaning(self) -> &'static str {
                match self { $($(Self::$key => $doc),+),+ }
            }

            /// What the key means, as the table of keys says it.
            #[doc(hidden)]
            pub const fn help(self) -> &'static str {
                match self { $($(Self::$key => $help),+),+ }
            }

            /// Finds a key by its clause and name, second names included.
            pub fn find(clause: Clause, name: &str) -> Option<Self> {
                match (clause, name) {
                    $($((Clause::$clause, stringify!($name) $(| stringify!($alias))?) => Some(Self::$key),)+)+
                    _ => None,
                }
            }
        }
    };
}
keys!(declare_keys);

impl Key {
    /// The dotted path of the key within its service: `max_attempts`, `breaker.window`.
    pub fn path(self) -> String {
        let info = self.info();
        match info.clause {
            Clause::Top => info.name.to_owned(),
            clause => format!("{}.{}", clause.name(), info.name),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_key_is_found_by_its_names() {
        for &key in Key::ALL {
            let info = key.info();
            assert_eq!(Key::find(info.clause, info.name), Some(key));
            if let Some(alias) = info.alias {
                assert_eq!(Key::find(info.clause, alias), Some(key));
            }
        }
    }
}
