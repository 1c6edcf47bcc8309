//! Tests: attributes and functions that nobody would write, by the ten thousand: the macros never panic, hang, or take more memory
//! than the text gives reason for, and what they emit is the function or says what is wrong.
//!
//! `FUZZ_INPUTS` is how many, and `FUZZ_SEED` where they start. A finding becomes a case in `mangled`.

mod bench;
mod mutator;

use std::fs;
use std::path::Path;

use proc_macro2::TokenStream;
use resilience_settings::policy::{Clause, Key};
use resilience_settings::rules::accepted::spellings;

use self::bench::{Bounds, inputs, seed, stands};
use self::mutator::{Dice, Mutator};
use crate::expand;
use crate::keys::attribute::ATTRIBUTES;

/// Measured over 10⁵ inputs: at most half of it.
const BOUNDS: Bounds = Bounds { base: 1_000_000, per_byte: 1_000 };

/// What stands between an attribute and its item in a text.
const BETWEEN: &str = "\n---\n";

/// Attributes with their functions, as `ui-tests` has them: some in order, most not.
fn corpus() -> Vec<String> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../ui-tests");
    let mut files = Vec::new();
    for below in ["fail", "src", "tests"] {
        let entries = fs::read_dir(folder.join(below)).expect("the folder is there");
        let paths = entries.map(|entry| entry.expect("readable").path());
        files.extend(paths.filter(|path| path.extension().is_some_and(|kind| kind == "rs")));
    }
    files.sort();
    let mut corpus = Vec::new();
    for file in files {
        let Ok(parsed) = syn::parse_file(&fs::read_to_string(&file).expect("text")) else { continue };
        corpus.extend(parsed.items.into_iter().filter_map(split));
    }
    corpus
}

/// An item with one of our attributes: what stands in its brackets, and the rest of the item.
fn split(mut item: syn::Item) -> Option<String> {
    let attributes = match &mut item {
        syn::Item::Fn(item) => &mut item.attrs,
        syn::Item::Impl(item) => &mut item.attrs,
        _ => return None,
    };
    let is_ours = |attribute: &syn::Attribute| {
        let name = attribute.path().segments.last().map(|segment| segment.ident.to_string());
        ATTRIBUTES.iter().any(|ours| Some(ours.name) == name.as_deref())
    };
    let place = attributes.iter().position(is_ours)?;
    let attribute = attributes.remove(place);
    let args = match attribute.meta {
        syn::Meta::List(list) => list.tokens,
        _ => TokenStream::new(),
    };
    Some(format!("{args}{BETWEEN}{}", quote::quote!(#item)))
}

/// Keys, clauses, and the words that values are.
fn words() -> Vec<&'static str> {
    let mut words = vec![
        "service",
        "skip",
        "resilience",
        "adaptive",
        "async",
        "move",
        "fn",
        "self",
        "Self",
        "impl",
        "await",
    ];
    for key in Key::ALL {
        let info = key.info();
        words.extend([Some(info.name), info.alias].into_iter().flatten());
        words.extend(spellings(info.shape));
    }
    words.extend(Clause::ALL.iter().map(|clause| clause.name()).filter(|name| !name.is_empty()));
    words.extend([
        "retry_on",
        "never_retry_on",
        "retry_if",
        "retry_if_ok",
        "on_error",
        "fallback",
        "fallback_if",
        "key",
    ]);
    words.extend([
        "static_response",
        "redirect",
        "partition",
        "partition_label",
        "on_rejection",
        "clone",
        "record_if",
    ]);
    words.extend([
        " = ",
        "(",
        ")",
        ", ",
        "|x| x",
        "async |x| x",
        "Error::from",
        "&",
        "<'a>",
        "#[retry_cache]",
        "-> Result<(), E>",
    ]);
    words
}

/// What is no row of tokens never reaches a macro.
fn tokens(text: &str) -> Option<(TokenStream, TokenStream)> {
    let (args, item) = text.split_once(BETWEEN)?;
    Some((args.parse().ok()?, item.parse().ok()?))
}

fn expanded(text: &str) {
    let Some((args, item)) = tokens(text) else { return };
    // A long body is more than the stack of a test holds; no macro takes bodies apart.
    let is_sound = text.len() < 2_000 && syn::parse2::<syn::Item>(item.clone()).is_ok();
    for name in ["comprehensive_retry", "graceful_degradation", "resilient_service"] {
        let expansion = expand::attribute(name, args.clone(), item.clone());
        let shown = expansion.to_string();
        assert!(!shown.is_empty(), "nothing is left of it");
        let is_refused = shown.contains("compile_error");
        // The compiler reads what is not refused as items, unless the body is none: that goes on to it as it stands.
        assert!(
            is_refused || !is_sound || syn::parse2::<syn::File>(expansion).is_ok(),
            "neither refused nor items: {shown}"
        );
    }
}

/// The stack that the compiler runs macros on. A test has a quarter of it, which the parser of the test itself would fill.
const STACK: usize = 8 << 20;

#[test]
fn attributes_stand_what_nobody_would_write() {
    let all = || {
        let corpus = corpus();
        assert!(corpus.len() > 200, "{} attributes", corpus.len());
        let mutator = Mutator::new(&corpus, &words(), 30);
        let mut dice = Dice::new(seed());
        // Half of the texts have a bracket without its other.
        let texts = std::iter::repeat_with(|| mutator.text(&mut dice)).filter(|text| tokens(text).is_some());
        stands(texts.take(inputs(500)), BOUNDS, expanded);
    };
    let thread = std::thread::Builder::new().stack_size(STACK).spawn(all).expect("a thread");
    if let Err(panic) = thread.join() {
        std::panic::resume_unwind(panic);
    }
}
