//! Classifies references, boxes and shared pointers to an error that classifies itself. In: such a pointer. Out: the facts of the
//! error behind it.
//!
//! Needed by the probes: `Box<io::Error>` is an error of its own, whose source is that of the `io::Error`, so without
//! these implementations the `io::Error` itself would never be seen.

use std::rc::Rc;
use std::sync::Arc;

use super::classified::Classify;
use super::facts::Facts;
use super::recovery::Recovery;

macro_rules! through {
    ($($pointer:ty),+) => {$(
        impl<T: Classify + ?Sized> Classify for $pointer {
            fn classify(&self) -> Recovery {
                T::classify(self)
            }

            fn status(&self) -> Option<u16> {
                T::status(self)
            }

            fn resilience_facts(&self) -> Facts {
                T::resilience_facts(self)
            }

            fn resilience_class(&self) -> Option<&'static str> {
                T::resilience_class(self)
            }
        }
    )+};
}

through!(&T, &mut T, Box<T>, Rc<T>, Arc<T>);

#[cfg(test)]
mod tests {
    use super::*;

    struct Gone;

    impl Classify for Gone {
        fn classify(&self) -> Recovery {
            Recovery::never()
        }

        fn status(&self) -> Option<u16> {
            Some(410)
        }
    }

    #[test]
    fn a_pointer_says_what_its_error_says() {
        fn both(error: impl Classify) -> (Recovery, Option<u16>) {
            (error.classify(), error.status())
        }
        let expected = (Recovery::never(), Some(410));
        assert_eq!(both(&Gone), expected);
        assert_eq!(both(&mut Gone), expected);
        assert_eq!(both(Box::new(Gone)), expected);
        assert_eq!(both(Rc::new(Gone)), expected);
        assert_eq!(both(Arc::new(Gone)), expected);
        assert_eq!(both(Box::new(Gone) as Box<dyn Classify>), expected);
    }
}
