//! The page at `/`: the data without a script.

use axum::response::Html;

const PAGE: &str = "<!doctype html>\n<html lang=\"en\"><meta charset=\"utf-8\"><title>resilience</title>\n<h1>resilience</h1>\n\
    <ul><li><a href=\"api/dashboard\">Everything, as JSON</a><li><a href=\"metrics\">Metrics</a><li><a href=\"health\">Health</a></ul>\n";

pub(super) async fn page() -> Html<&'static str> {
    Html(PAGE)
}
