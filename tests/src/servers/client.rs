//! A connection for the operator of a server. In: commands. Out: answers, as text.
//!
//! Not the client that is tested: what it gets wrong would be wrong on both sides.

use std::io::{self, BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

/// A connection of its own, with all rights.
#[derive(Debug)]
pub struct Client {
    stream: BufReader<TcpStream>,
}

impl Client {
    /// Connects as this user.
    ///
    /// # Errors
    ///
    /// When nobody listens, or the password is wrong.
    pub fn connect(address: SocketAddr, user: &str, password: &str) -> io::Result<Self> {
        let stream = TcpStream::connect(address)?;
        stream.set_nodelay(true)?;
        stream.set_read_timeout(Some(Duration::from_secs(10)))?;
        let mut client = Self { stream: BufReader::new(stream) };
        client.ask(&["AUTH", user, password])?;
        Ok(client)
    }

    /// Sends a command and gives its answer: the parts of an array line by line, nothing for nil.
    ///
    /// # Errors
    ///
    /// When the connection breaks, or the server answers with an error.
    pub fn ask(&mut self, command: &[&str]) -> io::Result<String> {
        let mut bytes = format!("*{}\r\n", command.len()).into_bytes();
        for word in command {
            bytes.extend(format!("${}\r\n{word}\r\n", word.len()).bytes());
        }
        self.stream.get_mut().write_all(&bytes)?;
        self.read()
    }

    fn read(&mut self) -> io::Result<String> {
        let mut line = String::new();
        if self.stream.read_line(&mut line)? == 0 {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        let line = line.trim_end();
        let (kind, rest) = line.split_at_checked(1).ok_or(io::ErrorKind::InvalidData)?;
        match kind {
            "-" => Err(io::Error::other(rest.to_owned())),
            "+" | ":" => Ok(rest.to_owned()),
            "$" | "*" => {
                let Ok(length) = rest.parse::<usize>() else { return Ok(String::new()) };
                if kind == "*" {
                    let parts: io::Result<Vec<_>> = (0..length).map(|_| self.read()).collect();
                    return Ok(parts?.join("\n"));
                }
                let mut text = vec![0; length + 2];
                self.stream.read_exact(&mut text)?;
                text.truncate(length);
                Ok(String::from_utf8_lossy(&text).into_owned())
            }
            _ => Err(io::ErrorKind::InvalidData.into()),
        }
    }
}
