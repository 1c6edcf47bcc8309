//! Reads the address of a server as somebody calls it. Out: the address, or why there is none.

use reqwest::Url;

use crate::failure::Failure;

/// The address of a server: `127.0.0.1:9090`, or a URL, with the path that its router is below.
pub(super) fn address(text: &str) -> Result<Url, Failure> {
    let whole = if text.contains("://") { text.to_owned() } else { format!("http://{text}") };
    let unusable = |why: &str| {
        Failure::unusable(format!("`{text}` is no address of a server: {why}"))
            .with_help("write it as `http://127.0.0.1:9090`, as the process logs it")
    };
    let mut url = Url::parse(&whole).map_err(|error| unusable(&error.to_string()))?;
    match url.scheme() {
        // A process serves without TLS; a proxy in front of it may add it.
        "http" | "https" => {}
        other => return Err(unusable(&format!("`{other}` is no protocol that it answers"))),
    }
    if !url.has_host() {
        return Err(unusable("it names no host"));
    }
    // A place below it is joined to a path that ends so.
    let path = url.path().trim_end_matches('/');
    let path = path.strip_suffix("/api").or_else(|| path.strip_suffix("/api/dashboard")).unwrap_or(path);
    let path = format!("{path}/");
    url.set_path(&path);
    url.set_query(None);
    url.set_fragment(None);
    Ok(url)
}

#[cfg(test)]
mod tests {
    use super::address;

    #[test]
    fn addresses_are_understood_as_people_write_them() {
        for (text, expected) in [
            ("127.0.0.1:9090", "http://127.0.0.1:9090/"),
            ("localhost:80", "http://localhost/"),
            ("http://[::1]:9090", "http://[::1]:9090/"),
            ("https://host/below", "https://host/below/"),
            ("http://host:1/below/", "http://host:1/below/"),
            ("http://host:1/api/dashboard?x=1#y", "http://host:1/"),
        ] {
            assert_eq!(address(text).expect("an address").as_str(), expected, "{text}");
        }
        for text in ["ftp://host", "http://", "http://host:port", ""] {
            assert!(address(text).is_err(), "{text}");
        }
    }
}
