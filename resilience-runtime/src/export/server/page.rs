//! The dashboard: what browsers load, as text. The script is written in parts and is served as one.

/// The page at `/`.
pub(super) const HTML: &str = include_str!("page/page.html");

/// What it looks like: `/page.css`.
pub(super) const STYLE: &str = include_str!("page/page.css");

/// What it does: `/page.js`, one module. Parts use what those before them define.
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
