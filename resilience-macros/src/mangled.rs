//! Tests: arguments and functions with a token missing, duplicated or misplaced. The macros never panic, and always emit the
//! function.

use proc_macro2::{Delimiter, Group, TokenStream, TokenTree};
use quote::quote;

use crate::expand;

/// Every stream that one slip can make of another: a token lost, doubled or swapped, at any depth.
fn slips(tokens: &TokenStream) -> Vec<TokenStream> {
    let trees: Vec<TokenTree> = tokens.clone().into_iter().collect();
    let mut slips = Vec::new();
    for (at, tree) in trees.iter().enumerate() {
        let with = |middle: &[TokenTree], skip: usize| {
            let parts = trees[..at].iter().chain(middle).chain(trees.iter().skip(at + skip));
            parts.cloned().collect::<TokenStream>()
        };
        slips.push(with(&[], 1));
        slips.push(with(&[tree.clone(), tree.clone()], 1));
        if let Some(next) = trees.get(at + 1) {
            slips.push(with(&[next.clone(), tree.clone()], 2));
        }
        if let TokenTree::Group(group) = tree {
            let inner = slips_of_group(group);
            slips.extend(inner.into_iter().map(|inner| with(&[inner], 1)));
        }
    }
    slips
}

fn slips_of_group(group: &Group) -> Vec<TokenTree> {
    let mut other: Vec<TokenTree> = slips(&group.stream())
        .into_iter()
        .map(|stream| Group::new(group.delimiter(), stream).into())
        .collect();
    other.push(Group::new(Delimiter::Bracket, group.stream()).into());
    other
}

const ARGS: &str = r#"
    "api", HttpApi, priority = High, max_attempts = 3, strategy = Exponential, base_delay = "500ms", max_delay = 2.5,
    multiplier = 3, jitter = 0.5, deadline = off, idempotent = false, retry_on(Error::Timeout, Error::Http(code) if *code > 5),
    retry_if = Error::is_transient, retryable_status_codes = [429, 503], breaker(window = 100, record_if = is_failure),
    budget(kind = Adaptive, refill_rate = 2), attempt_timeout = adaptive(floor = "1s", quantile = P90),
    bulkhead(max_concurrent = 5), cache(ttl = 5, mode = ReadThrough, key = body.len()), fallback = Self::other,
    static_response = vec![1], partition = (left, 5), partition_label = "left", degrade_timeout = 1, clone(body), crate = ::vendored::resilience
"#;

#[test]
fn slips_in_the_arguments_keep_the_function() {
    let args: TokenStream = ARGS.parse().expect("the arguments are tokens");
    let item = quote! {
        #[retry_http_api("api")]
        async fn call(left: u8, body: Vec<u8>) -> Result<(), Error> { send(body).await }
    };
    let slips = slips(&args);
    assert!(slips.len() > 300, "{}", slips.len());
    for slip in slips {
        let text = slip.to_string();
        let expansion = expand::attribute("comprehensive_retry", slip, item.clone()).to_string();
        assert!(expansion.contains("fn call"), "{text}");
        assert!(
            expansion.contains("compile_error") || expansion.contains("attempt"),
            "neither refused nor expanded: {text}"
        );
    }
}

#[test]
fn slips_in_the_function_do_not_panic() {
    let item = quote! {
        pub async fn call<'a>(&'a mut self, #[cfg(x)] mut a: Vec<u8>, (b, ref c): (u8, u8)) -> Result<&'static str, Error>
        where
            Self: Sized,
        {
            #![allow(unused)]
            send(a).await
        }
    };
    for slip in slips(&item) {
        let text = slip.to_string();
        let expansion = expand::attribute("retry_cache", quote!("api"), slip).to_string();
        assert!(
            expansion.contains("compile_error") || expansion.contains("attempt"),
            "neither refused nor expanded: {text}"
        );
    }
}

#[test]
fn slips_in_a_block_do_not_panic() {
    let item = quote! {
        #[cfg(x)]
        unsafe impl<T> Port for Client<T> where T: Clone {
            #![allow(unused)]
            type Answer = u32;
            #[retry_cache(max_attempts = 1)]
            pub async fn ask(&self, text: &str) -> Result<(), Error> { send(text).await }
            #[resilience(skip)]
            const unsafe extern "C" fn plain() {}
        }
    };
    for slip in slips(&item) {
        let text = slip.to_string();
        let expansion = expand::attribute("resilient_service", quote!("api"), slip).to_string();
        assert!(
            expansion.contains("compile_error") || expansion.contains("attempt"),
            "neither refused nor expanded: {text}"
        );
    }
}

#[test]
fn slips_in_a_derive_are_refused_or_derived() {
    let item = quote! {
        enum Error<T> {
            #[retry(after = wait, not_sent)]
            #[status(code)]
            Http { code: u16, wait: Duration },
            #[transparent]
            Inner(T),
            #[never]
            Bad,
        }
    };
    for slip in slips(&item) {
        let text = slip.to_string();
        let expansion = expand::classify(slip).to_string();
        assert!(expansion.contains("compile_error") || expansion.contains("Classify for"), "{text}");
    }
}

/// Found by `fuzzed`: each of these ended the compiler with a stack overflow.
#[test]
fn what_no_stack_can_hold_is_refused_and_keeps_the_function() {
    let plain = "async fn call() -> Result<(), Error> { send().await }".to_owned();
    let long = |piece: &str| piece.repeat(6_000);
    for (args, item) in [
        (format!("\"api\", jitter = 1 {}", long("- -1")), plain.clone()),
        (format!("\"api\", jitter = {}1", long("!")), plain.clone()),
        (format!("\"api\", on_error({} => Retry)", long("a::")), plain.clone()),
        (
            "\"api\"".to_owned(),
            format!("async fn call() -> Result<(), {}u8{}> {{ Ok(()) }}", long("Vec<"), long(">")),
        ),
    ] {
        let expansion = expand::attribute(
            "comprehensive_retry",
            args.parse().expect("tokens"),
            item.parse().expect("tokens"),
        );
        let shown = expansion.to_string();
        assert!(shown.contains("compile_error") && shown.contains("nested too deeply"), "{args:.80}");
        assert!(!shown.contains("is missing"), "what nobody has read may name the service: {args:.80}");
        assert!(shown.contains("fn call"), "{args:.80}");
    }
}

#[test]
fn of_many_faults_a_hundred_are_shown_and_it_is_said_that_there_are_more() {
    let args = format!("\"api\", {}", "idempotent, ".repeat(5_000));
    let args = args.parse().expect("tokens");
    let item = "async fn call() -> Result<(), E> { Ok(()) }".parse().expect("tokens");
    let shown = expand::attribute("comprehensive_retry", args, item).to_string();
    assert_eq!(shown.matches("compile_error").count(), 101, "{shown:.500}");
    assert!(shown.contains("more faults than the 100"), "{shown:.500}");
}
