//! In: the items of a module. Out: what they use, wherever it is written: imports at the top and within functions, paths
//! that are written in full, and both within the arguments of macros.

use proc_macro2::{TokenStream, TokenTree};
use syn::visit::{self, Visit};
use syn::{Attribute, Item, ItemMacro, ItemMod, ItemUse, Macro, Meta, Path, UseTree, Visibility};

/// One name that a module uses.
pub(crate) struct Use {
    /// What is used, with `crate`, `super` or whatever stands first.
    pub(crate) path: Vec<String>,
    /// Under which name it is known in the module: `*` for all below, `None` where the path stands for itself.
    pub(crate) name: Option<String>,
    /// Whether others can import it from here.
    pub(crate) passes_on: bool,
    /// Whether an item of tests uses it.
    pub(crate) is_of_tests: bool,
}

/// What the items use, modules within them excepted.
pub(crate) fn uses_of(items: &[Item]) -> Vec<Use> {
    let mut seen = Seen { uses: Vec::new(), is_of_tests: false };
    for item in items {
        seen.is_of_tests = is_of_tests(attributes(item));
        seen.visit_item(item);
    }
    seen.uses
}

/// Whether it is there only where tests are built.
pub(crate) fn is_of_tests(attributes: &[Attribute]) -> bool {
    attributes.iter().any(|attribute| {
        let Meta::List(list) = &attribute.meta else { return false };
        let condition = list.tokens.to_string().replace(' ', "");
        list.path.is_ident("cfg") && (condition == "test" || condition.starts_with("all(test,"))
    })
}

fn attributes(item: &Item) -> &[Attribute] {
    match item {
        Item::Const(item) => &item.attrs,
        Item::Enum(item) => &item.attrs,
        Item::Fn(item) => &item.attrs,
        Item::Impl(item) => &item.attrs,
        Item::Macro(item) => &item.attrs,
        Item::Static(item) => &item.attrs,
        Item::Struct(item) => &item.attrs,
        Item::Trait(item) => &item.attrs,
        Item::Type(item) => &item.attrs,
        Item::Use(item) => &item.attrs,
        _ => &[],
    }
}

struct Seen {
    uses: Vec<Use>,
    is_of_tests: bool,
}

impl Seen {
    fn add(&mut self, path: Vec<String>, name: Option<String>, passes_on: bool) {
        self.uses.push(Use { path, name, passes_on, is_of_tests: self.is_of_tests });
    }

    /// A path that is written where it is needed. One word needs an import, which is seen on its own.
    fn path(&mut self, path: Vec<String>) {
        if path.len() > 1 {
            self.add(path, None, false);
        }
    }

    fn tree(&mut self, tree: &UseTree, before: &mut Vec<String>, passes_on: bool) {
        let (name, renamed) = match tree {
            UseTree::Path(path) => {
                before.push(path.ident.to_string());
                self.tree(&path.tree, before, passes_on);
                before.pop();
                return;
            }
            UseTree::Group(group) => {
                for tree in &group.items {
                    self.tree(tree, before, passes_on);
                }
                return;
            }
            UseTree::Name(name) => (name.ident.to_string(), None),
            UseTree::Rename(rename) => (rename.ident.to_string(), Some(rename.rename.to_string())),
            UseTree::Glob(_) => ("self".to_owned(), Some("*".to_owned())),
        };
        let mut path = before.clone();
        if name != "self" {
            path.push(name);
        }
        let name = renamed.or_else(|| path.last().cloned());
        self.add(path, name, passes_on);
    }

    /// The paths among tokens that nobody has parsed. What follows a `::` that follows nothing is of another crate, and what
    /// follows `#` or `$` is put in later, but that `$crate` is this one.
    fn tokens(&mut self, tokens: TokenStream) {
        let mut path: Vec<String> = Vec::new();
        let mut colons = 0;
        let mut is_unknown = false;
        for token in tokens {
            match token {
                TokenTree::Punct(punct) if punct.as_char() == ':' && colons < 2 => colons += 1,
                TokenTree::Ident(word) => {
                    let goes_on = colons == 2;
                    if !goes_on {
                        self.path(std::mem::take(&mut path));
                        is_unknown = is_unknown && word != "crate";
                    } else if path.is_empty() {
                        is_unknown = true;
                    }
                    if !is_unknown {
                        path.push(word.to_string());
                    }
                    // The words behind are of the same path.
                    is_unknown = is_unknown && goes_on;
                    colons = 0;
                }
                other => {
                    self.path(std::mem::take(&mut path));
                    let is = |marks: &str| matches!(&other, TokenTree::Punct(punct) if marks.contains(punct.as_char()));
                    is_unknown = is("#$");
                    // The third in a row, as in `name: ::std::io::Error`.
                    colons = if is(":") { 2 } else { 0 };
                    if let TokenTree::Group(group) = other {
                        self.tokens(group.stream());
                    }
                }
            }
        }
        self.path(path);
    }
}

impl<'ast> Visit<'ast> for Seen {
    fn visit_item_mod(&mut self, _: &'ast ItemMod) {}

    fn visit_item_use(&mut self, item: &'ast ItemUse) {
        if item.leading_colon.is_none() {
            let passes_on = !matches!(item.vis, Visibility::Inherited);
            self.tree(&item.tree, &mut Vec::new(), passes_on);
        }
    }

    fn visit_path(&mut self, path: &'ast Path) {
        if path.leading_colon.is_none() {
            self.path(path.segments.iter().map(|segment| segment.ident.to_string()).collect());
        }
        visit::visit_path(self, path);
    }

    /// `pub(in crate::call)` says who may use the item, and uses nothing.
    fn visit_visibility(&mut self, _: &'ast Visibility) {}

    /// What an exported macro names is used where it is called.
    fn visit_item_macro(&mut self, item: &'ast ItemMacro) {
        if !item.attrs.iter().any(|attribute| attribute.path().is_ident("macro_export")) {
            visit::visit_item_macro(self, item);
        }
    }

    fn visit_macro(&mut self, invoked: &'ast Macro) {
        visit::visit_macro(self, invoked);
        self.tokens(invoked.tokens.clone());
    }
}
