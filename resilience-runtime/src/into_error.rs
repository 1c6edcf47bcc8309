//! Decides what a rejection becomes for the error type of the caller, unless `on_rejection` is written. In: a rejection. Out: the
//! error of the annotated function.

use crate::rejection::Rejection;

/// An error type that a call can end with when there is no error of the dependency.
///
/// It exists only for its message: `From<Rejection>` by itself makes the compiler list what else the
/// type can be made from.
#[diagnostic::on_unimplemented(
    message = "the error type `{Self}` cannot carry a rejection",
    label = "the call may end without an error of its own: an open breaker, a timeout",
    note = "implement `From<resilience_runtime::Rejection>` for it, or say it: `on_rejection = path` in an attribute, `handle.on_rejection(|rejection| …)` before a call"
)]
pub trait CarriesRejection {
    /// The error that says so.
    fn from_rejection(rejection: Rejection) -> Self;
}

#[diagnostic::do_not_recommend]
impl<E: From<Rejection>> CarriesRejection for E {
    #[inline]
    fn from_rejection(rejection: Rejection) -> Self {
        Self::from(rejection)
    }
}

/// A rejection as the error of the annotated function; what `on_rejection` stands in for.
#[inline]
pub fn convert<E: CarriesRejection>(rejection: Rejection) -> E {
    E::from_rejection(rejection)
}

/// The same for an error type that is a type parameter: the compiler then recommends `From<Rejection>` as its bound, and
/// not the trait above.
#[inline]
pub fn convert_in_parameter<E: From<Rejection>>(rejection: Rejection) -> E {
    E::from(rejection)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rejection::RejectionKind;

    #[test]
    fn convert_is_a_path_to_any_error_made_from_a_rejection() {
        let open = Rejection::new(RejectionKind::CircuitOpen, "db");
        let on_rejection: fn(Rejection) -> anyhow::Error = convert;
        assert_eq!(on_rejection(open.clone()).downcast_ref(), Some(&open));
        assert_eq!(convert::<Rejection>(open.clone()), open);
        assert_eq!(convert::<String>(open.clone()), open.to_string());
    }
}
