//! Makes every path that generated code may name. In: the crate that holds the runtime.
//!
//! All start at the root (`::core`, `::resilience_runtime`), so that no module, type or prelude of the user
//! can stand in the way.

use proc_macro2::{Ident, Span, TokenStream};
use quote::quote_spanned;
use syn::Path;

use crate::manifest;

/// Where the runtime lives.
#[derive(Clone)]
pub(crate) struct Runtime(Option<Path>);

/// The macro that makes a call site, by which an expansion is also recognised.
pub(crate) const SITE: &str = "site";

/// The module of the runtime that expansions use.
pub(crate) const SUPPORT: &str = "support";

impl Runtime {
    /// The crate named by `crate = path`, else as the manifest names it.
    pub(crate) fn new(written: Option<Path>) -> Self {
        Self(written)
    }

    /// The root of the runtime, as `Classify` is found under.
    pub(crate) fn root(&self, span: Span) -> TokenStream {
        if let Some(path) = &self.0 {
            quote::quote!(#path)
        } else {
            let name = manifest::renamed().unwrap_or("resilience_runtime").replace('-', "_");
            let name = Ident::new(&name, span);
            quote_spanned!(span=> ::#name)
        }
    }

    /// The module of the runtime that expansions use.
    pub(crate) fn support(&self) -> TokenStream {
        self.support_between(Span::mixed_site(), Span::mixed_site())
    }

    /// The same, marked in messages as the code of the user between the two places.
    pub(crate) fn support_between(&self, start: Span, end: Span) -> TokenStream {
        let root = self.root(start);
        let support = Ident::new(SUPPORT, end);
        quote_spanned!(end=> #root::#support)
    }
}
