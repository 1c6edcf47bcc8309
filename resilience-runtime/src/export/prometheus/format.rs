//! Decides in which of its two formats a scrape is answered. In: the `Accept` header of a request. Out: the format of the answer.

/// The format of the page.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Format {
    /// The text format of Prometheus, version 0.0.4, which every reader of such pages understands.
    #[default]
    Text,
    /// `OpenMetrics` 1.0.0, which Prometheus asks for first.
    OpenMetrics,
}

impl Format {
    /// The value of the header `Content-Type`.
    pub const fn content_type(self) -> &'static str {
        match self {
            Self::Text => "text/plain; version=0.0.4; charset=utf-8",
            Self::OpenMetrics => "application/openmetrics-text; version=1.0.0; charset=utf-8",
        }
    }

    /// The format that a client prefers, by the value of its header `Accept`: by weight, then the one that it names itself,
    /// then the text format. A client that accepts neither, or does not say, gets the text format too: a page that can be
    /// read beats a refusal.
    ///
    /// ```
    /// use resilience_runtime::export::prometheus::Format;
    ///
    /// let prometheus = "application/openmetrics-text;version=1.0.0,text/plain;version=0.0.4;q=0.5,*/*;q=0.1";
    /// assert_eq!(Format::accepted(Some(prometheus)), Format::OpenMetrics);
    /// assert_eq!(Format::accepted(Some("text/html,*/*;q=0.8")), Format::Text);
    /// assert_eq!(Format::accepted(None), Format::Text);
    /// ```
    pub fn accepted(accept: Option<&str>) -> Self {
        let ranges: Vec<_> = split(accept.unwrap_or_default(), ',').filter_map(Range::read).collect();
        let open_metrics = preference(&ranges, "application", "openmetrics-text", &["1.0.0", "0.0.1"]);
        let text = preference(&ranges, "text", "plain", &["0.0.4"]);
        if open_metrics > text { Self::OpenMetrics } else { Self::Text }
    }
}

/// The preference for a format: its weight in thousandths, then how specifically it is named. The most specific range
/// decides: `text/*;q=0` excludes the text format, whatever `*/*` says. `None`, which is the least, means not
/// acceptable.
fn preference(ranges: &[Range<'_>], kind: &str, subtype: &str, versions: &[&str]) -> Option<(u16, u8)> {
    let named = ranges.iter().filter_map(|range| {
        let specificity = range.specificity(kind, subtype, versions)?;
        Some((specificity, range.weight))
    });
    let (specificity, weight) = named.max()?;
    (weight > 0).then_some((weight, specificity))
}

/// One media range of the header.
struct Range<'a> {
    kind: &'a str,
    subtype: &'a str,
    version: Option<&'a str>,
    weight: u16,
}

impl<'a> Range<'a> {
    fn read(text: &'a str) -> Option<Self> {
        let mut parts = split(text, ';').map(str::trim);
        let (kind, subtype) = parts.next()?.split_once('/')?;
        let mut range = Self { kind, subtype, version: None, weight: 1_000 };
        for part in parts {
            let (name, value) = part.split_once('=').unwrap_or((part, ""));
            let value = value.trim().trim_matches('"');
            if name.trim().eq_ignore_ascii_case("q") {
                range.weight = weight(value)?;
            } else if name.trim().eq_ignore_ascii_case("version") {
                range.version = Some(value);
            }
        }
        Some(range)
    }

    /// How specifically the range names a type; `None` if it does not match.
    fn specificity(&self, kind: &str, subtype: &str, versions: &[&str]) -> Option<u8> {
        let is = |part: &str, of: &str| part.eq_ignore_ascii_case(of);
        match (self.kind, self.subtype) {
            ("*", "*") => Some(0),
            (k, "*") if is(k, kind) => Some(1),
            (k, s) if is(k, kind) && is(s, subtype) => match self.version {
                None => Some(2),
                Some(version) => versions.contains(&version).then_some(3),
            },
            _ => None,
        }
    }
}

/// A weight between 0 and 1, in thousandths. A range with an unreadable weight is ignored.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "between 0 and 1,000")]
fn weight(text: &str) -> Option<u16> {
    let weight: f64 = text.parse().ok()?;
    (0.0..=1.0).contains(&weight).then(|| (weight * 1_000.0).round() as u16)
}

/// Splits at separators that are not in quotes.
fn split(text: &str, separator: char) -> impl Iterator<Item = &str> {
    let mut is_quoted = false;
    text.split(move |c| {
        is_quoted ^= c == '"';
        c == separator && !is_quoted
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn the_form_is_what_the_client_likes_best() {
        for (accept, format) in [
            // Prometheus 2.42 and 3.
            (
                "application/openmetrics-text;version=1.0.0,application/openmetrics-text;version=0.0.1;q=0.75,\
                 text/plain;version=0.0.4;q=0.5,*/*;q=0.1",
                Format::OpenMetrics,
            ),
            (
                "application/openmetrics-text;version=1.0.0;escaping=allow-utf-8;q=0.6,\
                 text/plain;version=1.0.0;escaping=allow-utf-8;q=0.5,text/plain;version=0.0.4;q=0.3,*/*;q=0.2",
                Format::OpenMetrics,
            ),
            ("text/plain;version=0.0.4;q=1,*/*;q=0.1", Format::Text),
            // A browser, and curl.
            ("text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", Format::Text),
            ("*/*", Format::Text),
            ("", Format::Text),
            ("application/json", Format::Text),
            // Weights.
            ("application/openmetrics-text;q=0.4, text/plain;q=0.5", Format::Text),
            ("text/plain;q=0.4, application/openmetrics-text;q=0.5", Format::OpenMetrics),
            ("text/plain;q=0.400, application/openmetrics-text;q=0.401", Format::OpenMetrics),
            ("application/openmetrics-text, text/plain", Format::Text),
            ("application/openmetrics-text, */*", Format::OpenMetrics),
            ("application/openmetrics-text;q=0", Format::Text),
            ("application/openmetrics-text;q=0.1, text/plain;q=0", Format::OpenMetrics),
            ("*/*;q=0.5, text/*;q=0", Format::OpenMetrics),
            ("application/*", Format::OpenMetrics),
            // The most specific entry counts, not the best.
            ("application/*, application/openmetrics-text;q=0.1, text/plain;q=0.2", Format::Text),
            // Spelling.
            (
                "Application/OpenMetrics-Text ; Version=\"1.0.0\" ; Q=0.9 , text/plain;q=0.1",
                Format::OpenMetrics,
            ),
            ("application/openmetrics-text;profile=\"a,b;q=0\"", Format::OpenMetrics),
            // Versions that are not written here, and invalid weights.
            ("application/openmetrics-text;version=2.0.0, text/plain;q=0.1", Format::Text),
            ("application/openmetrics-text;q=1.5, text/plain;q=0.1", Format::Text),
            ("application/openmetrics-text;q=NaN, text/plain;q=0.1", Format::Text),
            ("application/openmetrics-text;q=, text/plain;q=0.1", Format::Text),
        ] {
            assert_eq!(Format::accepted(Some(accept)), format, "{accept}");
        }
        assert_eq!(Format::accepted(None), Format::Text);
    }

    proptest! {
        #[test]
        fn no_header_is_too_odd(accept in ".*") {
            let _ = Format::accepted(Some(&accept));
        }
    }
}
