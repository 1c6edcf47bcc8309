//! What a call costs: what was measured and how, what came out, and what to distrust.
#![expect(clippy::doc_markdown, reason = "names of cases, as the programs print them")]
#![doc = include_str!("../docs/performance.md")]
