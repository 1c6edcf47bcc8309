//! Finds the type that an annotated method belongs to. In: what the compiler calls a place in a function. Out: the type: an
//! attribute on a method sees the method, and not whose it is.

/// The type, or the function, that encloses a function of this module; `None` for one that stands in the module itself.
///
/// `place` is the name of an item in the body, such as `shop::api::Client<T>::query::{{closure}}::here`,
/// `<shop::api::Client as shop::Api>::query::here`, or `shop::api::<impl shop::Client>::query::here`. The language promises
/// nothing of its form: what is not understood is `None`, and never a wrong name.
pub(crate) fn enclosing<'p>(place: &'p str, module: &str) -> Option<&'p str> {
    // Without the function itself.
    let (path, _) = split_last(whole(place)?)?;
    let within = match path.strip_prefix(module).and_then(|rest| rest.strip_prefix("::")) {
        Some(within) => within,
        None => path.strip_prefix('<').map(|_| path)?,
    };
    let ty = match within.strip_prefix('<').and_then(|inner| inner.strip_suffix('>')) {
        Some(inner) => of_impl(inner),
        None => within,
    };
    let ty = ty.split('<').next().unwrap_or(ty);
    let ty = ty.trim_end_matches("::{{closure}}");
    let name = ty.rsplit("::").next().unwrap_or(ty);
    let is_name = !name.is_empty() && name.chars().all(|c| c.is_alphanumeric() || c == '_');
    is_name.then_some(name)
}

/// The function as the compiler tells it from every other, with its trait and what that is implemented for:
/// `<shop::api::Client as shop::Api>::query`.
pub(crate) fn whole(place: &str) -> Option<&str> {
    let mut path = place.strip_suffix("::here")?;
    while let Some(outer) = path.strip_suffix("::{{closure}}") {
        path = outer;
    }
    (!path.is_empty()).then_some(path)
}

/// The type of `impl Type`, `impl Trait for Type`, `Type as Trait`, or `Type`.
fn of_impl(inner: &str) -> &str {
    let inner = inner.strip_prefix("impl ").unwrap_or(inner);
    let inner = inner.split_once(" for ").map_or(inner, |(_, ty)| ty);
    inner.split_once(" as ").map_or(inner, |(ty, _)| ty)
}

/// The path without its last part, and that, which has no brackets.
fn split_last(path: &str) -> Option<(&str, &str)> {
    let (outer, last) = path.rsplit_once("::")?;
    (!last.contains('>')).then_some((outer, last))
}

#[cfg(test)]
mod tests {
    use super::enclosing;

    #[test]
    fn the_type_of_a_method_is_found_however_the_compiler_says_it() {
        for (place, expected) in [
            ("shop::api::query::here", None),
            ("shop::api::query::{{closure}}::here", None),
            ("shop::api::Client::query::{{closure}}::here", Some("Client")),
            ("shop::api::Client<T>::query::{{closure}}::{{closure}}::here", Some("Client")),
            ("<shop::api::Client<T, U> as shop::Api<V>>::query::{{closure}}::here", Some("Client")),
            ("<shop::api::Client>::query::here", Some("Client")),
            ("shop::api::<impl shop::Client>::query::here", Some("Client")),
            ("shop::api::<impl shop::Api for shop::Client<T>>::query::here", Some("Client")),
            ("shop::api::outer::{{closure}}::query::{{closure}}::here", Some("outer")),
            ("<[u8] as shop::Api>::query::here", None),
            ("", None),
            ("here", None),
            ("::here", None),
        ] {
            assert_eq!(enclosing(place, "shop::api"), expected, "{place}");
        }
    }
}
