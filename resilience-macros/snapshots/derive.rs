#[automatically_derived]
impl<E> ::resilience_runtime::Classify for Error<E>
where
    E: Classify,
{
    fn classify(&self) -> ::resilience_runtime::Recovery {
        match self {
            Self::Timeout { .. } => ::resilience_runtime::Recovery::retry(),
            Self::SlowDown { wait: field, .. } => {
                match ::resilience_runtime::support::wait(field) {
                    ::core::option::Option::Some(wait) => {
                        ::resilience_runtime::Recovery::throttled().after(wait)
                    }
                    ::core::option::Option::None => {
                        ::resilience_runtime::Recovery::throttled()
                    }
                }
            }
            Self::Refused { .. } => ::resilience_runtime::Recovery::retry().not_sent(),
            Self::Http { 0: field, .. } => {
                match ::resilience_runtime::support::status(field) {
                    ::core::option::Option::Some(status) => {
                        ::resilience_runtime::Recovery::from_status(status)
                    }
                    ::core::option::Option::None => {
                        ::resilience_runtime::Recovery::retry()
                    }
                }
            }
            Self::Inner { 0: field, .. } => {
                ::resilience_runtime::support::classify!(field).recovery()
            }
            Self::Bad { .. } => ::resilience_runtime::Recovery::never(),
        }
    }
    fn status(&self) -> ::core::option::Option<::core::primitive::u16> {
        match self {
            Self::Timeout { .. } => ::core::option::Option::None,
            Self::SlowDown { code: field, .. } => {
                ::resilience_runtime::support::status(field)
            }
            Self::Refused { .. } => ::core::option::Option::None,
            Self::Http { 0: field, .. } => ::resilience_runtime::support::status(field),
            Self::Inner { 0: field, .. } => {
                ::resilience_runtime::support::classify!(field).status()
            }
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
