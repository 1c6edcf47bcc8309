//! Reads the fields of an error that `#[derive(Classify)]` names. In: the fields of an error. Out: the status and the wait that
//! `#[derive(Classify)]` reads there.

use std::time::Duration;

/// How long the field of `#[throttled(after = field)]` says to wait.
#[inline]
pub fn wait<F: WaitField + ?Sized>(field: &F) -> Option<Duration> {
    field.wait()
}

/// The HTTP status that the field of `#[status(field)]` holds.
#[inline]
pub fn status<F: StatusField + ?Sized>(field: &F) -> Option<u16> {
    field.status()
}

mod sealed {
    pub trait Sealed {}
}

/// A field that says how long to wait.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no length of time, use a field of type `Duration` or `Option<Duration>`",
    label = "no length of time",
    note = "a `Retry-After` header becomes one with `resilience_runtime::classify::parse_retry_after`"
)]
pub trait WaitField: sealed::Sealed {
    #[doc(hidden)]
    fn wait(&self) -> Option<Duration>;
}

/// A field that holds an HTTP status.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no HTTP status, use a field of type `u16`, `StatusCode`, or an `Option` of these",
    label = "no HTTP status",
    note = "`StatusCode` of the `http` crate needs feature `reqwest` or `tonic` of `resilience-runtime`"
)]
pub trait StatusField: sealed::Sealed {
    #[doc(hidden)]
    fn status(&self) -> Option<u16>;
}

impl sealed::Sealed for Duration {}
impl sealed::Sealed for u16 {}
#[cfg(any(feature = "reqwest", feature = "tonic"))]
impl sealed::Sealed for http::StatusCode {}
impl<F: sealed::Sealed> sealed::Sealed for Option<F> {}
impl<F: sealed::Sealed + ?Sized> sealed::Sealed for &F {}

impl WaitField for Duration {
    fn wait(&self) -> Option<Duration> {
        Some(*self)
    }
}

impl StatusField for u16 {
    fn status(&self) -> Option<u16> {
        Some(*self)
    }
}

#[cfg(any(feature = "reqwest", feature = "tonic"))]
impl StatusField for http::StatusCode {
    fn status(&self) -> Option<u16> {
        Some(self.as_u16())
    }
}

#[diagnostic::do_not_recommend]
impl<F: WaitField> WaitField for Option<F> {
    fn wait(&self) -> Option<Duration> {
        self.as_ref().and_then(F::wait)
    }
}

#[diagnostic::do_not_recommend]
impl<F: StatusField> StatusField for Option<F> {
    fn status(&self) -> Option<u16> {
        self.as_ref().and_then(F::status)
    }
}

// Fields are bound by reference in a `match`, and a generated `wait(&field)` then asks a reference.
#[diagnostic::do_not_recommend]
impl<F: WaitField + ?Sized> WaitField for &F {
    fn wait(&self) -> Option<Duration> {
        F::wait(self)
    }
}

#[diagnostic::do_not_recommend]
impl<F: StatusField + ?Sized> StatusField for &F {
    fn status(&self) -> Option<u16> {
        F::status(self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_field_of_any_accepted_type_says_how_long_to_wait() {
        let second = Duration::from_secs(1);
        assert_eq!(wait(&second), Some(second));
        assert_eq!(wait(&&second), Some(second));
        assert_eq!(wait(&Some(second)), Some(second));
        assert_eq!(wait(&&Some(second)), Some(second));
        assert_eq!(wait(&None::<Duration>), None);
    }

    #[test]
    fn a_field_of_any_accepted_type_tells_the_status() {
        assert_eq!(status(&503), Some(503));
        assert_eq!(status(&&Some(503)), Some(503));
        assert_eq!(status(&None::<u16>), None);
        #[cfg(any(feature = "reqwest", feature = "tonic"))]
        {
            assert_eq!(status(&http::StatusCode::NOT_FOUND), Some(404));
            assert_eq!(status(&Some(http::StatusCode::NOT_FOUND)), Some(404));
        }
    }
}
