//! Says which section the header of a table belongs to, and which keys have no place there. In: the header of a table. Out: which
//! section it belongs to: templates, services, overrides.

use crate::policy::{Key, Sort};

/// The word that gives a service a label.
pub const SERVICE_TYPE: &str = "service_type";

/// The tables that hold keys. They differ in what else they take.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Section {
    Template,
    Service,
    Override,
    SiteOverride,
}

impl Section {
    pub const fn name(self) -> &'static str {
        match self {
            Self::Template => "templates",
            Self::Service => "services",
            Self::Override | Self::SiteOverride => "overrides",
        }
    }

    /// The word that names the template below.
    pub const fn base_word(self) -> Option<&'static str> {
        match self {
            Self::Template => Some("extends"),
            Self::Service => Some("template"),
            Self::Override | Self::SiteOverride => None,
        }
    }

    /// Why the key has no place here, if it has none.
    pub fn refuses(self, key: Key) -> Option<&'static str> {
        match self {
            Self::Template if key == Key::Kind => Some("a template has no kind; write it in the service"),
            Self::SiteOverride if key.info().sort == Sort::Service => {
                Some("it acts on the whole service; write it under the name without `@`")
            }
            _ => None,
        }
    }
}
