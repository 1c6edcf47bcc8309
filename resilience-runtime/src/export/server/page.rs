//! Data: the text of the dashboard's files, compiled in; `shell` serves them. The script is written in parts and served as one.

/// The page at `/`.
pub(super) const HTML: &str = include_str!("page/page.html");

/// Its style sheet, `/page.css`.
pub(super) const STYLE: &str = include_str!("page/page.css");

/// Its script, `/page.js`, one module. Parts use what earlier parts define.
pub(super) const SCRIPT: &str = concat!(
    include_str!("page/core.js"),
    include_str!("page/feed.js"),
    include_str!("page/drawings.js"),
    include_str!("page/list.js"),
    include_str!("page/detail.js"),
    include_str!("page/lists.js"),
    include_str!("page/actions.js"),
    include_str!("page/main.js"),
);
