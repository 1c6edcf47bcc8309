//! Data: a finding, something that is allowed but likely not meant. Reported, never a reason to refuse; what is one,
//! `explain/review` decides.

use std::fmt;

use crate::printable::printable;

/// What sort of finding it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum FindingKind {
    /// A key of the file that the attribute of a call site overrides.
    ShadowedByInline,
    /// A service of the file that no call site names.
    UnknownService,
    /// A service of a call site that the file lacks, while it has one of a similar name.
    MissingService,
    /// Call sites of one service that write different values for one key of the service.
    ConflictingInline,
    /// Call sites of one service that write different kinds.
    ConflictingKinds,
    /// An override that is aimed at no call site.
    UnknownOverride,
    /// An override that is aimed at more than one function.
    AmbiguousOverride,
    /// A key that is accepted and does nothing in this build.
    Inactive,
    /// A written value that another layer made impossible; it was clamped.
    Adjusted,
    /// A written value that cannot act with other settings, of its own table or of other layers.
    WithoutEffect,
    /// A value that its key does not take; it was left out.
    Refused,
    /// A number without a unit, of more seconds than its key is likely to mean.
    UnitMissing,
    /// Names of services, or settings of handles, made at run time in greater numbers than are kept.
    TooMany,
    /// An error of a client that is retried, though nothing is known of it without the feature of that client. It is seen where
    /// it is the error type of the function, or in a `Box`, `Rc` or `Arc` as that; within another error it is not.
    FeatureMissing,
    /// Functions of one service whose idempotency keys cannot be told apart.
    SharedScope,
    /// A rule of chaos that injects nothing: the process does not allow it, or no call takes what it has.
    IdleRule,
}

/// Something in the settings that is allowed but likely not meant.
///
/// `Display` is one sentence that names the places.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Finding {
    kind: FindingKind,
    service: String,
    message: String,
}

impl FindingKind {
    /// What there are many of, when there are many.
    pub(crate) fn plural(self) -> &'static str {
        match self {
            Self::ShadowedByInline => "keys of the file that an attribute overrides",
            Self::UnknownService => "services of the file that no call site names",
            Self::MissingService => "services of call sites that the file has under a similar name",
            Self::ConflictingInline => "keys in which the call sites of a service differ",
            Self::ConflictingKinds => "services of which the call sites write different kinds",
            Self::UnknownOverride => "overrides that are aimed at no call site",
            Self::AmbiguousOverride => "overrides that reach more than one function",
            Self::Inactive => "keys that do nothing in this build",
            Self::Adjusted => "values that do not fit those of other layers and were clamped",
            Self::WithoutEffect => "values that have no effect with those of other layers",
            Self::Refused => "values that their keys do not take",
            Self::UnitMissing => "numbers of seconds that may be meant as milliseconds",
            Self::TooMany => "places that make more names or settings than are kept",
            Self::FeatureMissing => "places that retry errors of clients without the feature for them",
            Self::SharedScope => "functions whose idempotency keys cannot be told apart",
            Self::IdleRule => "rules of chaos that inject nothing",
        }
    }
}

impl Finding {
    #[doc(hidden)]
    pub fn new(kind: FindingKind, service: &str, message: String) -> Self {
        Self { kind, service: service.to_owned(), message: printable(message) }
    }

    /// What sort of finding it is.
    pub fn kind(&self) -> FindingKind {
        self.kind
    }

    /// The service that it is about; empty for settings of the whole process.
    pub fn service(&self) -> &str {
        &self.service
    }

    /// The sentence that `Display` prints. What is not printable in a name is escaped.
    pub fn message(&self) -> &str {
        &self.message
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}
