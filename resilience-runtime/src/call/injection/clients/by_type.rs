//! Takes an injected error as that of a call of which only the type is known, as those by handles. In: a box of any error. Out:
//! that of the call.

use std::any::Any;

use super::known::for_each_client;
use crate::call::injection::taken::take;

/// Takes the error out, if it is of that type, or if that is the error of a known client which can be made from it.
pub(in crate::call::injection) fn take_by_type<E: 'static>(given: Box<dyn Any>) -> Result<E, Box<dyn Any>> {
    let given = match take::<E>(given) {
        Ok(error) => return Ok(error),
        Err(given) => given,
    };
    of_client(given)
}

macro_rules! clients {
    ($($feature:literal $way:ident $no_way:ident $question:ident $error:ty;)+) => {
        /// Makes the error of a client, if that is the type.
        fn of_client<E: 'static>(given: Box<dyn Any>) -> Result<E, Box<dyn Any>> {
            $(
                #[cfg(feature = $feature)]
                if std::any::TypeId::of::<E>() == std::any::TypeId::of::<$error>() {
                    let made = super::take_of_io::<$error>(given)?;
                    return take::<E>(Box::new(made));
                }
            )+
            Err(given)
        }
    };
}

for_each_client!(clients);
