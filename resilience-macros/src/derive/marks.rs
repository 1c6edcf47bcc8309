//! Parses and checks the marks on one variant, for `#[derive(Classify)]`. In: attributes. Out: the classification, the wait and the
//! status that they give.

use proc_macro2::{Ident, Span};
use syn::meta::ParseNestedMeta;
use syn::spanned::Spanned;
use syn::{Attribute, Fields, Member, Meta};

use crate::diagnostics::{Faults, list};

/// The marks of one variant.
pub(super) struct Marks {
    /// `None` for a struct.
    pub(super) variant: Option<Ident>,
    pub(super) verdict: Verdict,
    pub(super) status: Option<Member>,
}

/// How the recovery is determined.
pub(super) enum Verdict {
    /// A method of `Recovery`, with its modifiers.
    Said { method: &'static str, after: Option<Member>, not_sent: bool },
    /// The HTTP status alone.
    Status,
    /// By the error inside.
    Transparent(Member),
}

const VERDICTS: &[&str] = &["retry", "never", "local", "throttled"];

/// Whether an attribute is a mark of this derive.
pub(super) fn is_mark(attr: &Attribute) -> bool {
    VERDICTS.iter().chain(&["status", "transparent"]).any(|name| attr.path().is_ident(name))
}

impl Marks {
    /// Parses the marks of a variant, or of a struct.
    pub(super) fn read(
        variant: Option<&Ident>,
        attrs: &[Attribute],
        fields: &Fields,
        faults: &mut Faults,
    ) -> Option<Self> {
        refuse_marked_fields(fields, faults);
        let mut verdict: Option<Verdict> = None;
        let mut status: Option<Member> = None;
        let mut failed = false;
        for attr in attrs.iter().filter(|attr| is_mark(attr)) {
            if attr.path().is_ident("status") {
                match one_field(attr, fields) {
                    Ok(_) if status.is_some() => {
                        faults.at(attr, "`status` is written already: remove one of them");
                    }
                    Ok(member) => status = Some(member),
                    Err(fault) => {
                        failed = true;
                        faults.add(fault);
                    }
                }
                continue;
            }
            match read_verdict(attr, fields) {
                Ok(_) if verdict.is_some() => {
                    faults
                        .at(attr, "a variant gives one verdict, and this is the second: remove one of them");
                }
                Ok(read) => verdict = Some(read),
                Err(fault) => {
                    failed = true;
                    faults.add(fault);
                }
            }
        }
        if failed {
            return None;
        }
        let verdict = match (verdict, &status) {
            (Some(Verdict::Transparent(_)), Some(member)) => {
                faults.at(member, "`transparent` takes the status from the error within: remove `status`");
                return None;
            }
            (Some(verdict), _) => verdict,
            (None, Some(_)) => Verdict::Status,
            (None, None) => {
                unmarked(variant, faults);
                return None;
            }
        };
        Some(Self { variant: variant.cloned(), verdict, status })
    }
}

fn unmarked(variant: Option<&Ident>, faults: &mut Faults) {
    let choices =
        "`#[retry]`, `#[throttled]`, `#[never]`, `#[local]`, `#[status(field)]` or `#[transparent]`";
    match variant {
        Some(variant) => {
            faults.at(
                variant,
                format!("`{variant}` says nothing about trying again: mark it with one of {choices}"),
            );
        }
        None => faults.add(syn::Error::new(
            Span::call_site(),
            format!("the struct says nothing about trying again: mark it with one of {choices}"),
        )),
    }
}

fn refuse_marked_fields(fields: &Fields, faults: &mut Faults) {
    for mark in fields.iter().flat_map(|field| &field.attrs).filter(|attr| is_mark(attr)) {
        faults.at(mark, "this goes on the variant or struct, not on a field; fields are named in it, as in `#[status(field)]`");
    }
}

fn read_verdict(attr: &Attribute, fields: &Fields) -> syn::Result<Verdict> {
    if attr.path().is_ident("transparent") {
        attr.meta.require_path_only()?;
        return match fields.members().collect::<Vec<_>>().as_slice() {
            [only] => Ok(Verdict::Transparent(only.clone())),
            _ => Err(syn::Error::new_spanned(
                attr,
                "`transparent` is for a variant with exactly one field, the error within",
            )),
        };
    }
    let method = VERDICTS.iter().copied().find(|name| attr.path().is_ident(name)).unwrap_or("retry");
    let (mut after, mut not_sent) = (None, false);
    if let Meta::Path(_) = attr.meta {
        return Ok(Verdict::Said { method, after, not_sent });
    }
    if matches!(method, "never" | "local") {
        return Err(syn::Error::new_spanned(
            attr,
            format!("`{method}` takes nothing, since nothing is tried again"),
        ));
    }
    attr.parse_nested_meta(|meta: ParseNestedMeta<'_>| {
        if meta.path.is_ident("after") {
            after = Some(existing(meta.value()?.parse()?, fields)?);
        } else if meta.path.is_ident("not_sent") {
            not_sent = true;
        } else {
            return Err(meta.error(format!("unknown key; `{method}` takes `after = field` and `not_sent`")));
        }
        Ok(())
    })?;
    Ok(Verdict::Said { method, after, not_sent })
}

fn one_field(attr: &Attribute, fields: &Fields) -> syn::Result<Member> {
    let usage = |_| {
        syn::Error::new_spanned(
            attr,
            "`status` names the field that holds the HTTP status: write `#[status(field)]`",
        )
    };
    existing(attr.parse_args::<Member>().map_err(usage)?, fields)
}

fn existing(member: Member, fields: &Fields) -> syn::Result<Member> {
    let members: Vec<Member> = fields.members().collect();
    if members.contains(&member) {
        return Ok(member);
    }
    let spelled = |member: &Member| match member {
        Member::Named(name) => name.to_string(),
        Member::Unnamed(index) => index.index.to_string(),
    };
    let names: Vec<String> = members.iter().map(spelled).collect();
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    let others = match names.as_slice() {
        [] => "it has none".to_owned(),
        names => format!("it has {}", list(names)),
    };
    let message = format!("no field `{}` here; {others}", spelled(&member));
    Err(syn::Error::new(member.span(), message))
}
