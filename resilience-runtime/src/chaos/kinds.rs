//! Reads the kinds of errors of the standard library by their names. In: a name as files write it. Out: the kind.

use std::io::ErrorKind;

/// What networks and hosts fail with.
const KINDS: &[(&str, ErrorKind)] = &[
    ("addr_in_use", ErrorKind::AddrInUse),
    ("addr_not_available", ErrorKind::AddrNotAvailable),
    ("broken_pipe", ErrorKind::BrokenPipe),
    ("connection_aborted", ErrorKind::ConnectionAborted),
    ("connection_refused", ErrorKind::ConnectionRefused),
    ("connection_reset", ErrorKind::ConnectionReset),
    ("host_unreachable", ErrorKind::HostUnreachable),
    ("interrupted", ErrorKind::Interrupted),
    ("invalid_data", ErrorKind::InvalidData),
    ("network_unreachable", ErrorKind::NetworkUnreachable),
    ("not_connected", ErrorKind::NotConnected),
    ("not_found", ErrorKind::NotFound),
    ("other", ErrorKind::Other),
    ("permission_denied", ErrorKind::PermissionDenied),
    ("storage_full", ErrorKind::StorageFull),
    ("timed_out", ErrorKind::TimedOut),
    ("unexpected_eof", ErrorKind::UnexpectedEof),
    ("would_block", ErrorKind::WouldBlock),
];

/// The names of all.
pub(crate) fn kind_names() -> impl Iterator<Item = &'static str> {
    KINDS.iter().map(|(name, _)| *name)
}

/// The kind of that name.
#[cfg(feature = "config")]
pub(crate) fn io_kind(name: &str) -> Option<ErrorKind> {
    KINDS.iter().find(|(known, _)| *known == name).map(|(_, kind)| *kind)
}
