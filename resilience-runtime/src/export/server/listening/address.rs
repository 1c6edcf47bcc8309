//! Opens the socket of the server. In: an address. Out: a socket, or an error that says what to do.

use std::io;
use std::net::{SocketAddr, TcpListener};

/// A socket that listens there.
pub(in crate::export::server) fn listen(address: SocketAddr) -> io::Result<TcpListener> {
    let listener = TcpListener::bind(address).map_err(|error| refused(address, &error))?;
    listener.set_nonblocking(true)?;
    Ok(listener)
}

fn refused(address: SocketAddr, error: &io::Error) -> io::Error {
    let remedy = match error.kind() {
        io::ErrorKind::AddrInUse => {
            "another program or another server of this one listens there: end it, or take another port (0 takes a free one)"
        }
        io::ErrorKind::PermissionDenied => "ports below 1024 need privileges: take one above",
        io::ErrorKind::AddrNotAvailable => {
            "this machine has no such address: take 127.0.0.1 for this machine alone, 0.0.0.0 for all of its addresses"
        }
        _ => "take another address or port",
    };
    io::Error::new(
        error.kind(),
        format!("the server of the dashboard cannot listen on {address} ({error}): {remedy}"),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_refusal_names_the_address_and_the_remedy() {
        for (kind, remedy) in [
            (io::ErrorKind::AddrInUse, "0 takes a free one"),
            (io::ErrorKind::PermissionDenied, "take one above"),
            (io::ErrorKind::AddrNotAvailable, "no such address"),
            (io::ErrorKind::Other, "another address"),
        ] {
            let error = refused(([127, 0, 0, 1], 80).into(), &kind.into());
            assert_eq!(error.kind(), kind);
            assert!(error.to_string().contains("127.0.0.1:80"), "{error}");
            assert!(error.to_string().contains(remedy), "{error}");
        }
    }
}
