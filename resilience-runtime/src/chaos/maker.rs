//! Makes the errors and changes of rules: their type is known to whoever wrote the rule, and to the call that it hits, and to
//! nothing in between. In: typed closures. Out: boxes that the call takes the value out of, if the types agree.

use std::any::{Any, type_name};
use std::fmt;
use std::io;
use std::sync::Arc;

/// Makes errors of one type.
#[derive(Clone)]
pub(crate) struct Maker {
    type_name: &'static str,
    make: Arc<dyn Fn() -> Box<dyn Any> + Send + Sync>,
}

/// Changes values of one type.
#[derive(Clone)]
pub(crate) struct Change {
    type_name: &'static str,
    apply: Arc<Apply>,
}

/// Changes a value, if it is of the right type.
type Apply = dyn Fn(&mut dyn Any) -> bool + Send + Sync;

impl Maker {
    pub(crate) fn new<E: 'static>(make: impl Fn() -> E + Send + Sync + 'static) -> Self {
        Self { type_name: type_name::<E>(), make: Arc::new(move || Box::new(make())) }
    }

    /// Makes errors of the standard library.
    pub(crate) fn of_io(kind: io::ErrorKind) -> Self {
        Self::new(move || io::Error::from(kind))
    }

    /// Makes one. This is the user's code.
    pub(crate) fn make(&self) -> Box<dyn Any> {
        (self.make)()
    }

    /// The type of its errors.
    pub(crate) fn type_name(&self) -> &'static str {
        self.type_name
    }
}

impl Change {
    pub(crate) fn new<T: 'static>(change: impl Fn(&mut T) + Send + Sync + 'static) -> Self {
        let apply = move |value: &mut dyn Any| match value.downcast_mut() {
            Some(value) => {
                change(value);
                true
            }
            None => false,
        };
        Self { type_name: type_name::<T>(), apply: Arc::new(apply) }
    }

    /// Changes a value, if it is of that type; says whether it is. This is the user's code.
    pub(crate) fn apply(&self, value: &mut dyn Any) -> bool {
        (self.apply)(value)
    }

    /// The type of what it changes.
    pub(crate) fn type_name(&self) -> &'static str {
        self.type_name
    }
}

impl fmt::Debug for Maker {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Maker").field(&self.type_name).finish()
    }
}

impl fmt::Debug for Change {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Change").field(&self.type_name).finish()
    }
}
