#[automatically_derived]
impl<E> ::renamed::Classify for Error<E>
where
    E: Classify,
{
    fn classify(&self) -> ::renamed::Recovery {
        match self {
            Self::Timeout { .. } => ::renamed::Recovery::retry(),
            Self::SlowDown { wait: field, .. } => {
                match ::renamed::support::wait(field) {
                    ::core::option::Option::Some(wait) => {
                        ::renamed::Recovery::throttled().after(wait)
                    }
                    ::core::option::Option::None => ::renamed::Recovery::throttled(),
                }
            }
            Self::Refused { .. } => ::renamed::Recovery::retry().not_sent(),
            Self::Http { 0: field, .. } => {
                match ::renamed::support::status(field) {
                    ::core::option::Option::Some(status) => {
                        ::renamed::Recovery::from_status(status)
                    }
                    ::core::option::Option::None => ::renamed::Recovery::retry(),
                }
            }
            Self::Inner { 0: field, .. } => {
                ::renamed::support::classify!(field).recovery()
            }
            Self::Bad { .. } => ::renamed::Recovery::never(),
        }
    }
    fn status(&self) -> ::core::option::Option<::core::primitive::u16> {
        match self {
            Self::Timeout { .. } => ::core::option::Option::None,
            Self::SlowDown { code: field, .. } => ::renamed::support::status(field),
            Self::Refused { .. } => ::core::option::Option::None,
            Self::Http { 0: field, .. } => ::renamed::support::status(field),
            Self::Inner { 0: field, .. } => ::renamed::support::classify!(field).status(),
            Self::Bad { .. } => ::core::option::Option::None,
        }
    }
    fn resilience_class(
        &self,
    ) -> ::core::option::Option<&'static ::core::primitive::str> {
        match self {
            Self::Timeout { .. } => ::core::option::Option::Some("Error::Timeout"),
            Self::SlowDown { .. } => ::core::option::Option::Some("Error::SlowDown"),
            Self::Refused { .. } => ::core::option::Option::Some("Error::Refused"),
            Self::Http { .. } => ::core::option::Option::Some("Error::Http"),
            Self::Inner { .. } => ::core::option::Option::Some("Error::Inner"),
            Self::Bad { .. } => ::core::option::Option::Some("Error::Bad"),
        }
    }
}
