//! Decides how an HTTP status is classified, for every client. In: a status. Out: its classification.

use super::recovery::Recovery;

impl Recovery {
    /// The classification of an HTTP status.
    ///
    /// | status | verdict |
    /// | --- | --- |
    /// | 408, 425, 500, 502, 503, 504 | [`retry`](Self::retry) |
    /// | 429 | [`throttled`](Self::throttled) |
    /// | every other one | [`never`](Self::never) |
    ///
    /// 501, 505 and the like are `never`: the server would answer the same again. For a response with a `Retry-After`
    /// header, add [`after`](Self::after); see [`parse_retry_after`](crate::classify::parse_retry_after).
    ///
    /// ```
    /// use resilience_runtime::Recovery;
    /// assert!(Recovery::from_status(503).is_retry());
    /// assert!(Recovery::from_status(429).is_throttled());
    /// assert!(Recovery::from_status(404).is_never());
    /// ```
    pub const fn from_status(status: u16) -> Self {
        match status {
            // 425: RFC 8470, the server asks for the same request once the handshake is over.
            408 | 425 | 500 | 502 | 503 | 504 => Self::retry(),
            429 => Self::throttled(),
            _ => Self::never(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_status_decides() {
        for status in [408, 425, 500, 502, 503, 504] {
            assert_eq!(Recovery::from_status(status), Recovery::retry(), "{status}");
        }
        assert_eq!(Recovery::from_status(429), Recovery::throttled());
        for status in [0, 200, 301, 400, 401, 403, 404, 409, 410, 422, 451, 501, 505, 511, 599, u16::MAX] {
            assert_eq!(Recovery::from_status(status), Recovery::never(), "{status}");
        }
    }
}
