//! `#[derive(Classify)]`. In: an error type with marked variants. Out: its implementation of `Classify`.

mod implementation;
mod marks;

use proc_macro2::TokenStream;
use syn::{Data, DeriveInput, Path};

use self::marks::Marks;
use crate::diagnostics::Faults;
use crate::paths::Runtime;

/// Derives `Classify`; `None` if there are faults.
pub(crate) fn classify(input: TokenStream, faults: &mut Faults) -> Option<TokenStream> {
    let input: DeriveInput = syn::parse2(input).map_err(|fault| faults.add(fault)).ok()?;
    let runtime = Runtime::new(runtime(&input, faults));
    let mut cases = Vec::new();
    match &input.data {
        Data::Enum(data) => {
            if let Some(mark) = input.attrs.iter().find(|attr| marks::is_mark(attr)) {
                faults.at(mark, "this goes on each variant, not on the enum");
            }
            for variant in &data.variants {
                cases.extend(Marks::read(Some(&variant.ident), &variant.attrs, &variant.fields, faults));
            }
        }
        Data::Struct(data) => cases.extend(Marks::read(None, &input.attrs, &data.fields, faults)),
        Data::Union(data) => {
            faults.at(
                data.union_token,
                "`Classify` is derived for enums and structs: implement it by hand for a union",
            );
        }
    }
    if !faults.is_empty() {
        return None;
    }
    Some(implementation::implementation(&input, &cases, &runtime))
}

/// `#[classify(crate = path)]`
fn runtime(input: &DeriveInput, faults: &mut Faults) -> Option<Path> {
    let mut path = None;
    for attr in input.attrs.iter().filter(|attr| attr.path().is_ident("classify")) {
        let read = attr.parse_nested_meta(|meta| {
            if !meta.path.is_ident("crate") {
                return Err(meta.error("unknown key; write `#[classify(crate = path)]`"));
            }
            path = Some(meta.value()?.call(Path::parse_mod_style)?);
            Ok(())
        });
        if let Err(fault) = read {
            faults.add(fault);
        }
    }
    path
}
