//! Reads whom the name of an override is aimed at: a service, or one call site of it.

/// What `[overrides."NAME"]` or `[overrides."NAME@module::function"]` is aimed at.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct OverrideTarget {
    pub service: String,
    /// `module::function`, when it is aimed at one site.
    pub site: Option<String>,
}

impl OverrideTarget {
    /// Reads the name, or says what is wrong with it.
    pub fn parse(name: &str) -> Result<Self, &'static str> {
        let (service, site) = match name.split_once('@') {
            Some((service, site)) => (service, Some(site)),
            None => (name, None),
        };
        if service.is_empty() {
            return Err("names no service");
        }
        if site.is_some_and(|site| !site.contains("::") || site.starts_with(':') || site.ends_with(':')) {
            return Err("names no call site: after `@` stands `module::function`");
        }
        Ok(Self { service: service.to_owned(), site: site.map(str::to_owned) })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_with_an_at_sign_aims_at_one_call_site() {
        let target = OverrideTarget::parse("search@shop::index::query").expect("well formed");
        assert_eq!(target.service, "search");
        assert_eq!(target.site.as_deref(), Some("shop::index::query"));
        assert_eq!(OverrideTarget::parse("search").expect("well formed").site, None);
        for wrong in ["", "@a::b", "search@", "search@query", "search@::query", "search@a::"] {
            assert!(OverrideTarget::parse(wrong).is_err(), "{wrong}");
        }
    }
}
