//! A text with queries of Prometheus goes in, what it asks of labels comes out: as far as queries here are written, without a
//! comma or a brace within a value.

/// The name of a metric, or of what is recorded, and what is asked of its labels.
#[derive(Debug, PartialEq)]
pub(crate) struct Selector<'a> {
    pub(crate) name: &'a str,
    pub(crate) matchers: Vec<Matcher<'a>>,
}

#[derive(Debug, PartialEq)]
pub(crate) struct Matcher<'a> {
    pub(crate) label: &'a str,
    /// The values that are named, without those that a dashboard fills in.
    pub(crate) values: Vec<&'a str>,
}

fn is_of_a_name(c: char) -> bool {
    c.is_ascii_alphanumeric() || c == '_' || c == ':'
}

/// Every name of ours with its selection of labels; a name alone has none.
pub(crate) fn selectors(text: &str) -> Vec<Selector<'_>> {
    let mut selectors = Vec::new();
    let mut rest = text;
    while let Some(start) = rest.find(is_of_a_name) {
        rest = &rest[start..];
        let (name, after) = rest.split_at(rest.find(|c| !is_of_a_name(c)).unwrap_or(rest.len()));
        rest = after;
        if !(name.starts_with("resilience_") || name.contains(":resilience_")) || name == "resilience_runtime"
        {
            continue;
        }
        let labels = rest.strip_prefix('{').and_then(|labels| labels.split_once('}'));
        let matchers = labels.map_or_else(Vec::new, |(labels, after)| {
            rest = after;
            labels.split(',').map(matcher).collect()
        });
        selectors.push(Selector { name, matchers });
    }
    selectors
}

/// `label`, `label="value"`, `label=~"one|other"`.
fn matcher(text: &str) -> Matcher<'_> {
    let text = text.trim();
    let Some((label, value)) = text.split_once(['=', '!']) else {
        return Matcher { label: text, values: Vec::new() };
    };
    let is_of_many = value.starts_with('~') || value.starts_with("=~");
    let value = value.trim_start_matches(['=', '~']).trim_matches(['"', '\'', '\\']);
    let values = if is_of_many { value.split('|').collect() } else { vec![value] };
    Matcher { label, values: values.into_iter().filter(|value| !value.contains('$')).collect() }
}

/// The labels that a query groups by, or leaves out.
pub(crate) fn grouped(query: &str) -> Vec<&str> {
    let mut labels = Vec::new();
    for word in ["by", "without", "on", "ignoring"] {
        for (at, _) in query.match_indices(word) {
            let is_word = !query[..at].ends_with(is_of_a_name);
            let list = query[at + word.len()..].trim_start().strip_prefix('(');
            if let (true, Some((list, _))) = (is_word, list.and_then(|list| list.split_once(')'))) {
                labels.extend(list.split(',').map(str::trim));
            }
        }
    }
    labels
}

#[test]
fn a_query_is_taken_apart() {
    let query = r#"sum by (outcome, pod) (rate(resilience_calls_total{service=~"$service", outcome!~"a|b",reason!="c"}[5m]))
        / on (job) x:resilience_y:z > resilience_runtime"#;
    let matcher = |label, values: &[&'static str]| Matcher { label, values: values.to_vec() };
    let all = vec![matcher("service", &[]), matcher("outcome", &["a", "b"]), matcher("reason", &["c"])];
    assert_eq!(
        selectors(query),
        [
            Selector { name: "resilience_calls_total", matchers: all },
            Selector { name: "x:resilience_y:z", matchers: Vec::new() }
        ]
    );
    assert_eq!(grouped(query), ["outcome", "pod", "job"]);
}
